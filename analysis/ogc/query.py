"""What a request for items asks: parameters of OGC API - Features, read strictly. Pure, but for the messages."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from geo.api import parse_bbox
from geo.moments import end_of_local_day, start_of_local_day
from geo.problems import BadRequest

DEFAULT_LIMIT, MOST = 100, 1_000
"""Features of a page: where nothing is said, and at most (a larger limit is taken as this, as the standard lets us)."""
FORMATS = ("json", "geojson")

BBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, both included; None is open. An instant has both alike."""

    start: datetime.datetime | None
    end: datetime.datetime | None

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read `2026-01-31`, `2026-01-31T10:00:00Z`, `../x`, `x/..` or `x/y`. A day is the local day in Kyiv.

        Raises BadRequest.
        """
        start, slash, end = text.partition("/")
        found = cls(_moment(start, last=False), _moment(end if slash else start, last=True))
        if not slash and found.start is None:
            raise _bad_datetime()
        if found.start and found.end and found.start > found.end:
            raise BadRequest(_("“datetime” ends before it begins."))
        return found


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """One page of a collection: `after` is the identifier of the last feature of the page before."""

    limit: int = DEFAULT_LIMIT
    after: int = 0
    bbox: BBox | None = None
    interval: Interval | None = None
    city: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "ItemsQuery":
        """Read the parameters. Raises BadRequest, also for a parameter that is not known (the standard asks so)."""
        refuse_unknown(query, ("limit", "after", "bbox", "datetime", "city", "f"))
        return cls(
            limit=min(_whole(query, "limit", DEFAULT_LIMIT, least=1), MOST),
            after=_whole(query, "after", 0, least=0),
            bbox=_bbox(query.get("bbox")),
            interval=Interval.parse(when) if (when := query.get("datetime")) else None,
            city=query.get("city", ""),
        )


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Refuse a parameter that is not known, and a format other than JSON. Raises BadRequest."""
    unknown = sorted(set(query) - set(known))
    if unknown:
        raise BadRequest(_("“%(name)s” is no parameter here.") % {"name": unknown[0]})
    if query.get("f", "json") not in FORMATS:
        raise BadRequest(_("“f” must be json."))


def _whole(query: QueryDict, name: str, default: int, *, least: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) >= least):
        raise BadRequest(_("“%(name)s” must be a whole number, at least %(least)d.") % {"name": name, "least": least})
    return int(text)


def _bbox(text: str | None) -> BBox | None:
    """Four numbers, or six with heights, which nothing here has."""
    parts = (text or "").split(",")
    return parse_bbox(",".join([*parts[:2], *parts[3:5]]) if len(parts) == 6 else text)


def _moment(text: str, *, last: bool) -> datetime.datetime | None:
    if text in {"", ".."}:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    try:
        if day is not None:
            return end_of_local_day(day) if last else start_of_local_day(day)
        moment = parse_datetime(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _bad_datetime()
    return moment


def _bad_datetime() -> BadRequest:
    return BadRequest(
        _("“datetime” must be a moment such as 2026-01-31T10:00:00Z, a day, or two with / between, .. for an open end.")
    )
