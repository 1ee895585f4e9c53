"""Where each edition of a city stands: in force, waiting, once in force, a draft, or rejected."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from geo.models import BoundaryEdition, City, EditionPeriod


class Stand(StrEnum):
    """How an edition relates to now."""

    IN_FORCE = "in_force"
    WAITS = "waits"
    WAS_IN_FORCE = "was_in_force"
    DRAFT = "draft"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Standing:
    """The stand of an edition, and the period it comes from: `until` is None while nothing follows."""

    stand: Stand
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    activated_by: str = ""
    activated_at: datetime.datetime | None = None


def standings(city: City, *, now: datetime.datetime) -> dict[int, Standing]:
    """Return the standing of every edition of a city that has a period, by the edition's id.

    An edition that was in force several times counts by the period that runs, else the one that waits, else the last.
    """
    found: dict[int, Standing] = {}
    for period in EditionPeriod.objects.filter(city=city).order_by("period"):
        since, until = period.period.lower, period.period.upper
        stand = Stand.IN_FORCE
        if since > now:
            stand = Stand.WAITS
        elif until is not None and until <= now:
            stand = Stand.WAS_IN_FORCE
        known = found.get(period.edition_id)
        if known is None or known.stand != Stand.IN_FORCE:
            found[period.edition_id] = Standing(stand, since, until, period.activated_by, period.activated_at)
    return found


def standing_of(edition: BoundaryEdition, known: dict[int, Standing]) -> Standing:
    """Return where an edition stands, given what `standings` found for its city."""
    if edition.pk in known:
        return known[edition.pk]
    return Standing(Stand.REJECTED if edition.rejected_at else Stand.DRAFT)
