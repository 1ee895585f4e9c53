"""What release areas keep of what letters tell: how large the areas of most letters are, and how well the past of areas
tells where later letters come from, beside that of cells.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from analysis.areas import CELL_M
from geo.cells import ZOOM, bounds_of, cell_of, parent, side_m

if TYPE_CHECKING:
    from analysis.models import AreaPlan, Release
    from geo.models import City

SIDES_M = 200, 400, 800
Between = tuple[datetime.date, datetime.date]
Places = Mapping[tuple[int, int], int]
"""Letters by district and cell of zoom 18."""


def places_of_letters(city: "City", between: Between, *, protected: bool) -> Places:
    """Count accepted letters where they are: ordinary ones by live cells, of protected ones each place is opened."""
    from django.db.models import Sum

    from analysis.models import CellCount
    from appeals.services.places import sealed_places

    first, last = between
    if protected:
        opened = sealed_places(city=city, first=first, last=last)
        return Counter((district, cell_of(lon, lat)) for district, _topic, lon, lat in opened)
    cells = CellCount.objects.filter(city=city, category__protected=False).during(first, last).placed()
    rows = cells.values("district", "cell").annotate(letters=Sum("n")).order_by()
    return {(row["district"], row["cell"]): row["letters"] for row in rows}


def by_cell(places: Places, zoom: int) -> Counter[int]:
    """Sum letters by cell of a zoom."""
    sums: Counter[int] = Counter()
    for (_district, cell), n in places.items():
        sums[parent(cell, zoom, from_zoom=ZOOM)] += n
    return sums


def by_area(places: Places, plan: "AreaPlan") -> Counter[int]:
    """Sum letters by release area, unmasked; what lies in none is left out."""
    from analysis.models import AreaCell

    areas, sums = AreaCell.areas_by_cell(plan), Counter[int]()
    for place, n in places.items():
        if place in areas:
            sums[areas[place]] += n
    return sums


def told_by_area(releases: Iterable["Release"]) -> dict[int, int]:
    """Sum what analysts are told of each area over some periods: letters at the least, as the map colours it."""
    from analysis.models import AreaFigure

    return {row["area"]: row["least"] for row in AreaFigure.objects.of(each.pk for each in releases).told("area")}


def shares_by_side(letters: Mapping[int, int], plan: "AreaPlan") -> dict[str, float]:
    """Return for each side the share of letters that lie in areas so large or smaller, sides as the page tells them."""
    cells = dict(plan.areas.values_list("pk", "cells"))
    total = sum(letters.values())
    return {
        f"within_{side}_m": sum(n for area, n in letters.items() if CELL_M * cells[area] ** 0.5 <= side) / total
        for side in SIDES_M
    }


def m2_by_area(plan: "AreaPlan") -> dict[int, float]:
    """Return how large each area is, on the spheroid."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ST_Area(shape::geography) FROM analysis_releasearea WHERE plan_id = %s", [plan.pk])
        return dict(cursor.fetchall())


def m2_by_cell(cells: Iterable[int], zoom: int) -> dict[int, float]:
    """Return how large each cell is."""
    return {cell: side_m(bounds_of(cell, zoom).centre[1], zoom) ** 2 for cell in cells}


def pai(
    before: Mapping[int, int], after: Mapping[int, int], m2: Mapping[int, float], *, city_m2: float, share: float
) -> float:
    """Prediction accuracy index (Chainey, Tompson and Uhlig 2008): the share of the later letters that fell into the
    places which held most letters per square metre before, over the share of the city that these places make up.

    Of places alike, part of each is taken. `city_m2` is the whole city: places without letters are the last.
    """
    places = sorted({*before, *after})
    held = np.array([before.get(place, 0) for place in places], float)
    caught = np.array([after.get(place, 0) for place in places], float)
    size = np.array([m2[place] for place in places])
    density, which = np.unique(np.round(held / size, 12), return_inverse=True)
    groups = np.arange(len(density))[::-1]
    sizes, hits = (np.bincount(which, values, len(density))[groups].cumsum() for values in (size, caught))
    told = np.interp(share * city_m2, [0, *sizes, max(city_m2, sizes[-1] + 1)], [0, *hits, hits[-1]])
    return float(told / caught.sum() / share)
