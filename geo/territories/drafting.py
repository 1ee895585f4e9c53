"""Draft the polygons of a city from its list of streets: an edition that the editor opens, checked like any other.

A house counts where the list in force gives it to exactly one district. What else there is, is told and not drawn
from: houses that two districts claim, houses at one point with different districts, houses outside the city.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from geo.boundaries.features import SourceFeature, geometry_array
from geo.boundaries.findings import DraftKind, Finding, Severity
from geo.boundaries.importing import (
    CheckedBoundaries,
    ImportOptions,
    check_features,
    complete_report,
    drawn_districts,
)
from geo.boundaries.measuring import WGS84, Measure
from geo.boundaries.report import BoundaryReport
from geo.models import City, District, TerritoryList
from geo.territories.borders import Indices, Points, draw_districts, spacing_m
from geo.territories.serving import list_in_force, served_houses

FEW = 10
"""A district with fewer houses than this is drawn, and told: its borders are hardly more than a guess."""
SAME_POINT_M = 0.001
"""Houses nearer than this stand at one point."""
HULL_RATIO = 0.3
"""How closely the hull of a city without an outline follows its houses: 0 the closest, 1 the convex hull."""


class NothingToDraft(Exception):
    """No polygon can be drawn; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What polygons would be drawn from. `houses` and `one_point` are (lon, lat) in degrees by code of district.

    `codes` are all districts that the list names, in the order of codes; `outline` is in EPSG:4326, and `is_hull` where
    it was drawn around the houses because the city has none.
    """

    territory_list: TerritoryList
    codes: tuple[str, ...]
    houses: dict[str, list[tuple[float, float]]]
    one_point: dict[tuple[float, float], tuple[str, ...]]
    outside: dict[str, list[tuple[float, float]]]
    outline: Any
    is_hull: bool
    known: int
    """Houses of the gazetteer."""
    claimed_twice: int
    uncovered: int

    @property
    def count(self) -> int:
        """How many houses polygons are drawn from."""
        return sum(map(len, self.houses.values()))

    def count_of(self, code: str) -> int:
        """How many of them are of one district."""
        return len(self.houses.get(code, ()))

    @property
    def without_address(self) -> list[str]:
        """Districts of which nothing can be drawn."""
        return [code for code in self.codes if not self.count_of(code)]

    @property
    def with_few(self) -> list[str]:
        """Districts that are drawn from fewer houses than is sound."""
        return [code for code in self.codes if 0 < self.count_of(code) < FEW]


def draft_basis(city: City, at: datetime.datetime) -> Basis:
    """Return what polygons would be drawn from, by the list in force at a moment. Raises NothingToDraft."""
    recorded = list_in_force(city, at)
    if recorded is None:
        raise NothingToDraft(_("No list of streets is in force: bring one in first, polygons are drawn from it."))
    served = list(served_houses(city, at))
    listed = [(each.listed[0], each.house.lon, each.house.lat) for each in served if each.is_listed]
    if not listed:
        raise NothingToDraft(_("The list gives no known house to a district: bring the city's addresses in first."))
    places = np.array([(lon, lat) for _code, lon, lat in listed])
    measure = Measure.around(shapely.points(places), WGS84)
    keys = np.round(shapely.get_coordinates(measure.to_flat(shapely.points(places))) / SAME_POINT_M)
    at_point: dict[tuple[float, float], dict[str, tuple[float, float]]] = defaultdict(dict)
    for key, (code, lon, lat) in zip(map(tuple, keys), listed, strict=True):
        at_point[key].setdefault(code, (lon, lat))
    outline = shapely.from_wkb(bytes(city.outline.wkb)) if city.outline else None
    hull = outline if outline is not None else _hull(places, measure)
    shapely.prepare(hull)
    houses: dict[str, list[tuple[float, float]]] = defaultdict(list)
    outside: dict[str, list[tuple[float, float]]] = defaultdict(list)
    one_point: dict[tuple[float, float], tuple[str, ...]] = {}
    for here in at_point.values():
        code, place = next(iter(here.items()))
        if len(here) > 1:
            one_point[place] = tuple(sorted(here))
        else:
            (houses if shapely.intersects_xy(hull, *place) else outside)[code].append(place)
    if not houses:
        raise NothingToDraft(_("All houses of the list lie outside the city's outline: correct one of them."))
    codes = set(
        District.objects.filter(territory_rules__territory_list=recorded).values_list("code", flat=True).distinct()
    )
    return Basis(
        territory_list=recorded,
        codes=tuple(sorted(codes)),
        houses=dict(houses),
        one_point=one_point,
        outside=dict(outside),
        outline=hull,
        is_hull=outline is None,
        known=len(served),
        claimed_twice=sum(len(each.listed) > 1 for each in served),
        uncovered=sum(not each.listed for each in served),
    )


def _hull(places: Points, measure: Measure) -> Any:
    """An outline for a city that has none, in EPSG:4326: around the houses, as wide as the way from house to house."""
    flat = measure.to_flat(shapely.multipoints(places))
    hull = shapely.concave_hull(flat, ratio=HULL_RATIO)
    around = shapely.buffer(hull, min(max(spacing_m(places, shapely.convex_hull(flat)), 50), 300))
    return measure.from_flat(shapely.Polygon(shapely.get_exterior_ring(around)))


def check_drafted(city: City, basis: Basis, *, now: datetime.datetime) -> CheckedBoundaries:
    """Draw the polygons and check them like those of a file; nothing is written."""
    codes = [code for code in basis.codes if basis.count_of(code)]
    places = np.array([place for code in codes for place in basis.houses[code]])
    owners = np.repeat(np.arange(len(codes)), [basis.count_of(code) for code in codes])
    drawn = _drawn(places, owners, basis.outline)
    known = {district.code: district for district in District.objects.filter(city=city, code__in=codes)}
    features = [
        SourceFeature(
            code=code, name=known[code].name_uk, geometry=geometry, row=number, name_en=known[code].name_en,
            is_rural=known[code].rural,
        )
        for number, (code, geometry) in enumerate(zip(codes, drawn, strict=True), start=1)
    ]  # fmt: skip
    options = ImportOptions()
    checked, moved = check_features(city, features, crs_wkt="EPSG:4326", options=options)
    report = BoundaryReport(
        source={"drafted_from_list": basis.territory_list.number, "addresses": basis.count, "crs": "EPSG:4326"}
        | ({"outline": _("drawn around the addresses")} if basis.is_hull else {})
    )
    districts = drawn_districts(checked.features, geometry_array(checked.features))
    complete_report(report, city, checked, districts, moved, options, now=now)
    kept = shapely.covers(geometry_array(checked.features)[owners], shapely.points(places))
    report.findings += _findings(basis) + [
        _at_house(DraftKind.OUTSIDE_DISTRICT, Severity.ERROR, (codes[owner],), place, "lies outside its own district")
        for owner, place in zip(owners[~kept], places[~kept], strict=True)
    ]
    source = _("Drafted from list № %(number)d (%(count)d addresses)") % {
        "number": basis.territory_list.number,
        "count": basis.count,
    }
    return CheckedBoundaries(city=city, districts=districts, report=report, source=source, licence="", sha256="")


def _drawn(places: Points, owners: Indices, outline: Any) -> list[Any]:
    """Polygons in EPSG:4326 by number of owner, drawn in flat local metres, in which straight lines stay straight."""
    measure = Measure.around(np.array([outline]), WGS84)
    points = shapely.get_coordinates(measure.to_flat(shapely.points(places)))
    return list(measure.from_flat(draw_districts(points, owners, measure.to_flat(outline))))


def _findings(basis: Basis) -> list[Finding]:
    found = [
        Finding(DraftKind.NO_ADDRESS, Severity.WARNING, f"District {code} has no known address: not drawn.", (code,))
        for code in basis.without_address
    ]
    found += [
        Finding(
            DraftKind.FEW_ADDRESSES, Severity.WARNING,
            f"District {code} is drawn from {basis.count_of(code)} addresses, fewer than {FEW}.", (code,),
            facts={"addresses": basis.count_of(code)},
        )
        for code in basis.with_few
    ]  # fmt: skip
    found += [
        _at_house(DraftKind.ONE_POINT, Severity.WARNING, codes, place, "is one point of houses of several districts")
        for place, codes in basis.one_point.items()
    ]
    found += [
        _at_house(DraftKind.OUTSIDE_CITY, Severity.WARNING, (code,), place, "lies outside the city's outline")
        for code, places in basis.outside.items()
        for place in places
    ]
    return found


def _at_house(
    kind: DraftKind, severity: Severity, codes: tuple[str, ...], place: tuple[float, float], what: str
) -> Finding:
    return Finding(kind, severity, f"A house of {' and '.join(codes)} {what}.", codes, geometry=shapely.Point(place))
