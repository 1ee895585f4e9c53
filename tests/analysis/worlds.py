"""Worlds that a release must not tell apart: letters, and the same letters with everything changed that it hides."""

import datetime
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.models import AreaCell, AreaPlan
from geo.cells import bounds_of, cell_of
from geo.moments import KYIV
from tests.analysis.letters import Sent

ORDINARY, DV = ("noise", "traffic"), "domestic-violence"
HOT_SPOTS = ((25.0021, 49.9923), (25.0123, 49.9971), (25.0052, 49.9957))
FIRST, DAYS = datetime.datetime(2026, 5, 1, tzinfo=KYIV), 92
"""May, June and July 2026: three months, two quarters."""
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of both plans: whose a cell of a district is, and the cells that lie in its district whole."""

    of: dict[tuple[bool, str, int], int]
    cells: dict[int, list[int]]

    @classmethod
    def read(cls, ordinary: AreaPlan, protected: AreaPlan) -> "Areas":
        """Read the areas of two plans of the squares of tests/world.py."""
        of, cells = {}, {}
        for plan in (ordinary, protected):
            rows = AreaCell.objects.filter(plan=plan).values_list("district__code", "cell", "area")
            for code, cell, area in rows:
                of[plan is protected, code, cell] = area
                box, west = bounds_of(cell), 25.0 + 0.01 * (int(code) - 1)
                if west <= box.west and box.east <= west + 0.01 and box.south >= 49.99 and box.north <= 50.0:
                    cells.setdefault(area, []).append(cell)
        return cls(of, cells)

    def holding(self, letter: Sent) -> int | None:
        """Return the area that a letter is counted in."""
        if letter.place is None:
            return None
        return self.of.get((letter.category == DV, letter.district, cell_of(*letter.place)))


def some_letters(chance: random.Random) -> list[Sent]:
    """Return accepted letters of every kind, many of them in a few places and hours."""
    return [_some_letter(chance) for _ in range(chance.randrange(1, 90))]


def _some_letter(chance: random.Random) -> Sent:
    category = chance.choice((*ORDINARY, DV))
    place = chance.choice((*HOT_SPOTS, None, (chance.uniform(25.0001, 25.0299), chance.uniform(49.9901, 49.9999))))
    district = str(int((place[0] - 25.0) / 0.01) + 1) if place else chance.choice("123")
    hour = chance.choice((3, 9, 9, 21, chance.randrange(24)))
    at = FIRST + datetime.timedelta(days=chance.randrange(DAYS), hours=hour, minutes=chance.randrange(60))
    return Sent(place, at, category, chance.choice(("web", "web", "api", "phone")), district, chance.random() < 0.1)


def another_world(letters: list[Sent], areas: Areas, chance: random.Random) -> list[Sent]:
    """Return letters of which a release says the same, whatever else about them is different.

    Places move within their area, days within their period, places and hours part, small counts become others, letters
    that are kept come and go.
    """
    told = [replace(each, place=_elsewhere(each, areas, chance)) for each in letters if not each.kept]
    told = [replace(each, at=_at_another_time(each, chance)) for each in _hours_shuffled(told, chance)]
    more = [*_more_in_small_areas(told, areas, chance), *_more_in_small_hours(told, chance)]
    kept = [replace(_some_letter(chance), kept=True) for _ in range(chance.randrange(9))]
    everything = [*told, *more, *kept]
    chance.shuffle(everything)
    return everything


def _elsewhere(letter: Sent, areas: Areas, chance: random.Random) -> tuple[float, float] | None:
    area = areas.holding(letter)
    if area is None or area not in areas.cells:
        return letter.place
    box = bounds_of(chance.choice(areas.cells[area]))
    return chance.uniform(box.west, box.east), chance.uniform(box.south, box.north)


def _hours_shuffled(letters: list[Sent], chance: random.Random) -> Iterator[Sent]:
    """Hand the moments round among the letters of one district, category and month: places and hours are told apart."""
    groups: dict[Hashable, list[Sent]] = {}
    for each in letters:
        by_itself = each.source != "phone"
        where = "" if each.category == DV else each.district
        groups.setdefault((where, each.category, each.at.month, by_itself), []).append(each)
    for group in groups.values():
        moments = [each.at for each in group]
        chance.shuffle(moments)
        yield from (replace(each, at=at) for each, at in zip(group, moments, strict=True))


def _at_another_time(letter: Sent, chance: random.Random) -> datetime.datetime:
    at = letter.at.replace(minute=chance.randrange(60))
    if letter.source == "phone":
        return at.replace(day=chance.randrange(1, 31), hour=chance.randrange(24))
    if letter.category == DV:
        return at.replace(day=chance.randrange(1, 31), hour=at.hour // 6 * 6 + chance.randrange(6))
    weeks = [at + WEEK * n for n in range(-4, 5) if (at + WEEK * n).month == at.month]
    return chance.choice(weeks)


def _more_in_small_areas(letters: Iterable[Sent], areas: Areas, chance: random.Random) -> Iterator[Sent]:
    """Add letters that somebody wrote down where areas have less than five: no hour has them."""

    def row(each: Sent) -> Hashable:
        period = (each.at.month + 2) // 3 if each.category == DV else each.at.month
        return areas.holding(each), each.category, period

    yield from (replace(each, source="phone") for each in _up_to_four(letters, row, chance) if areas.holding(each))


def _more_in_small_hours(letters: Iterable[Sent], chance: random.Random) -> Iterator[Sent]:
    """Add letters without a place where hours have less than five: no area has them."""

    def row(each: Sent) -> Hashable:
        if each.category == DV:
            return each.category, each.at.hour // 6
        return each.district, each.category, each.at.month, each.at.weekday(), each.at.hour

    came = [each for each in letters if each.source != "phone"]
    yield from (replace(each, place=None) for each in _up_to_four(came, row, chance))


def _up_to_four(letters: Iterable[Sent], row: Callable[[Sent], Hashable], chance: random.Random) -> Iterator[Sent]:
    known = list(letters)
    counts = Counter(row(each) for each in known)
    for each in known:
        if counts[row(each)] < 4 and chance.random() < 0.7:
            counts[row(each)] += 1
            yield each
