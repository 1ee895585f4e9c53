"""The officers and stations of a city as a workbook: what it gives, `people.importing` reads without a change."""

import datetime
from itertools import zip_longest

from django.db.models import Q
from django.utils.translation import gettext as _

from geo.models import City, District
from geo.workbooks import workbook
from people.importing.headings import OFFICER_COLUMNS, STATION_COLUMNS
from people.models import Leave, Officer, Posting, Station


def officers_workbook(city: City, on: datetime.date) -> bytes:
    """Officers with their postings and leaves, those that run on a local day or later: one row a posting."""
    rows: list[dict[str, str]] = []
    not_over = Q(during__endswith__gt=on) | Q(during__upper_inf=True)
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(not_over, officer__city=city).select_related("district").order_by("during"):
        postings.setdefault(posting.officer_id, []).append(posting)
    leaves: dict[int, list[Leave]] = {}
    for leave in Leave.objects.filter(not_over, officer__city=city).order_by("during"):
        leaves.setdefault(leave.officer_id, []).append(leave)
    for officer in Officer.objects.filter(city=city, pk__in=postings).select_related("station").order_by("key"):
        own = postings[officer.pk]
        card = _officer_cells(officer)
        # A second leave needs a row of its own: it repeats the first posting
        for posting, away in zip_longest(own, leaves.get(officer.pk, [])):
            rows.append(card | _posting_cells(posting or own[0]) | (_leave_cells(away) if away else {}))
    return workbook(_("Officers"), tuple(OFFICER_COLUMNS), rows)


def stations_workbook(city: City) -> bytes:
    """The stations of a city."""
    rows = [
        {
            "key": station.key,
            "name_uk": station.name_uk,
            "name_en": station.name_en,
            "address_uk": station.address_uk,
            "address_en": station.address_en,
            "lat": f"{station.location.y:.6f}" if station.location else "",
            "lon": f"{station.location.x:.6f}" if station.location else "",
            "phone": _phone(station),
            "hours_uk": station.hours_uk,
            "hours_en": station.hours_en,
            "duty": "yes" if station.is_duty else "",
            "checked_on": station.checked_on.isoformat() if station.checked_on else "",
        }
        for station in Station.objects.filter(city=city).order_by("key")
    ]
    return workbook(_("Stations"), tuple(STATION_COLUMNS), rows)


def officers_template(city: City) -> bytes:
    """A workbook to fill in: the columns, and a row for each district with its code."""
    codes = District.objects.filter(city=city).order_by("code").values_list("code", flat=True)
    return workbook(_("Officers"), tuple(OFFICER_COLUMNS), [{"districts": code} for code in codes])


def _officer_cells(officer: Officer) -> dict[str, str]:
    return {
        "officer_key": officer.key,
        "kind": officer.kind,
        "rank_uk": officer.rank_uk,
        "rank_en": officer.rank_en,
        "name_uk": officer.name_uk,
        "name_en": officer.name_en,
        "phone": _phone(officer),
        "email": officer.email,
        "reception_uk": officer.reception_uk,
        "reception_en": officer.reception_en,
        "languages": ";".join(officer.languages),
        "checked_on": officer.checked_on.isoformat(),
        "station": officer.station.key if officer.station else "",
    }


def _posting_cells(posting: Posting) -> dict[str, str]:
    first, last = _days(posting)
    return {"districts": posting.district.code, "role": posting.role, "from": first, "until": last}


def _leave_cells(leave: Leave) -> dict[str, str]:
    first, last = _days(leave)
    return {"leave_from": first, "leave_until": last}


def _days(span: Posting | Leave) -> tuple[str, str]:
    """First and last day as a person writes them; the database keeps the day after the last."""
    lower, upper = span.during.lower, span.during.upper
    last = upper - datetime.timedelta(days=1) if upper else None
    return lower.isoformat() if lower else "", last.isoformat() if last else ""


def _phone(of: Officer | Station) -> str:
    return of.phone.as_e164 if of.phone else ""
