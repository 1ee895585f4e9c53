"""A training city with a hotspot in the north, and its officer's measures there."""

import datetime
import uuid

from analysis.filters import HeatFilters
from analysis.models import Measure
from analysis.prevention.deeds import record_at_hotspot, record_measure
from analysis.prevention.drafts import Draft
from analysis.prevention.places import hotspots_now
from tests.analysis.letters import Sent, accepted
from tests.analysis.test_live_hotspots import CORNER, scattered
from tests.appeals.conftest import Office
from tests.world import NOON, TODAY

DAY = datetime.timedelta(days=1)
SINCE = TODAY - 363 * DAY
FILTERS = HeatFilters(first=SINCE, last=TODAY, zoom=17)
ELSEWHERE = (25.0271, 49.9971)
"""A place in the south."""


def days_ago(days: float) -> datetime.datetime:
    """Noon, so many days before today."""
    return NOON - datetime.timedelta(days=days)


def at_corner(n: int, *, days: float = 20, kept: bool = False) -> list[Sent]:
    """Letters from the corner of the northern district, so many days ago."""
    return [Sent(place=CORNER, at=days_ago(days), kept=kept) for _ in range(n)]


def with_hotspot(office: Office) -> None:
    """Give the city 60 letters from anywhere and 30 from one corner, of the last weeks."""
    accepted(office, [*scattered(60, at=days_ago(20)), *at_corner(30)])


def draft(*, state: str = "done", days: int = 10, kind: str = "patrol", text: str = "") -> Draft:
    """A measure so many days ago."""
    return Draft(kind=kind, state=state, on=TODAY - days * DAY, text=text)


def corner_cell(office: Office, at: datetime.datetime = NOON) -> int:
    """A square of the hotspot that the officer sees."""
    _found, [hotspot] = hotspots_now(office.world.city, office.officer, FILTERS, at=at, resamples=0)
    return hotspot.cells[0]


def recorded(office: Office, what: Draft | None = None) -> Measure:
    """Return a measure that the officer of the north records at the hotspot of today."""
    return record_at_hotspot(
        city=office.world.city, filters=FILTERS, cell=corner_cell(office), draft=what or draft(), key=uuid.uuid4(),
        by=office.officer, at=NOON,
    )  # fmt: skip


def another(measure: Measure, office: Office, what: Draft) -> Measure:
    """Return another measure at the same place."""
    return record_measure(place=measure.place, draft=what, key=uuid.uuid4(), by=office.officer, at=NOON)
