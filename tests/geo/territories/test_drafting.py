"""Polygons drafted from a list: an edition like any other, with every house in its own district."""

from io import StringIO

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command

from geo.boundaries.findings import DraftKind
from geo.boundaries.importing import commit_boundaries
from geo.models import BoundaryEdition, EditionPeriod, House, Street
from geo.territories.drafting import NothingToDraft, check_drafted, draft_basis
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from tests.world import LONG_AGO, NOON, World

LIST = """Дільниця № 1
вул. Перша: 1–11
Дільниця № 2
вул. Перша: 12–28, 30; вул. Довга: 2
Дільниця № 3
вул. Довга: 1, 3
Дільниця № 4
вул. Невідома: всі
"""
OUTLINE = MultiPolygon(Polygon.from_bbox((25.0, 49.99, 25.03, 50.0)), srid=4326)


@pytest.fixture
def listed(world: World) -> World:
    """The squares with a list that puts the border between 1 and 2 at house 12, and houses that cannot be drawn."""
    first = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in range(1, 29):
        House.objects.create(
            street=first, number=str(number), location=Point(25.0005 + number / 1000, 49.995, srid=4326)
        )
    House.objects.create(street=first, number="29", location=world.in_south)
    House.objects.create(street=first, number="30", location=world.outside)
    long_street = Street.objects.create(city=world.city, name_uk="вулиця Довга")
    House.objects.create(street=long_street, number="1", location=Point(25.005, 49.9925, srid=4326))
    for number in "23":
        House.objects.create(street=long_street, number=number, location=Point(25.025, 49.992, srid=4326))
    world.city.outline = OUTLINE
    world.city.save()
    record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(LIST)), source="перелік", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip
    return world


def test_a_draft_is_drawn_from_houses_that_one_rule_gives_to_a_district_and_tells_of_the_others(listed: World) -> None:
    basis = draft_basis(listed.city, NOON)
    assert (basis.known, basis.count, basis.uncovered) == (33, 29, 1)
    assert [basis.count_of(code) for code in basis.codes] == [11, 17, 1, 0]
    assert (basis.without_address, basis.with_few, basis.is_hull) == (["4"], ["3"], False)
    findings = check_drafted(listed.city, basis, now=NOON).report.findings
    drafted = {(str(found.kind), found.codes) for found in findings if found.kind in set(DraftKind)}
    assert drafted == {
        ("draft_no_address", ("4",)),
        ("draft_few_addresses", ("3",)),
        ("draft_one_point", ("2", "3")),
        ("draft_outside_city", ("2",)),
    }


def test_a_draft_covers_the_city_with_each_house_in_its_district_and_is_not_in_force(listed: World) -> None:
    basis = draft_basis(listed.city, NOON)
    edition = commit_boundaries(check_drafted(listed.city, basis, now=NOON), by="tests", now=NOON)
    assert not edition.errors
    assert not EditionPeriod.objects.filter(edition=edition).exists()
    drawn = {
        row.district.code: shapely.from_wkb(bytes(row.boundary.wkb))
        for row in edition.boundaries.select_related("district")
    }
    assert sorted(drawn) == ["1", "2", "3"]
    polygons = list(drawn.values())
    assert shapely.coverage_is_valid(polygons)
    city = shapely.from_wkb(bytes(listed.city.outline.wkb))  # type: ignore[union-attr]
    assert shapely.union_all(polygons).symmetric_difference(city).area < 1e-15
    for code, places in basis.houses.items():
        assert shapely.covers(drawn[code], shapely.points(places)).all()
    assert edition.source == "Складено за переліком № 1 (адрес: 29)"


def test_a_city_without_an_outline_is_drawn_within_a_hull_of_its_houses(listed: World) -> None:
    listed.city.outline = None
    listed.city.save()
    basis = draft_basis(listed.city, NOON)
    assert basis.is_hull
    assert basis.count == 30
    report = check_drafted(listed.city, basis, now=NOON).report
    assert not report.has_errors()
    assert report.source["outline"] == "обведено навколо адрес"


def test_without_a_list_or_without_houses_nothing_is_drafted(world: World) -> None:
    with pytest.raises(NothingToDraft, match="переліку"):
        draft_basis(world.city, NOON)
    with pytest.raises(CommandError):
        call_command("draft_boundaries", "--city", "kvadraty")


def test_the_command_records_nothing_until_it_is_told_to(listed: World) -> None:
    out = StringIO()
    call_command("draft_boundaries", "--city", "kvadraty", stdout=out)
    assert "Дільницю 3 накреслено за малою кількістю адрес: 1." in out.getvalue()
    assert BoundaryEdition.objects.count() == 1
    call_command("draft_boundaries", "--city", "kvadraty", "--commit", stdout=out)
    assert BoundaryEdition.objects.filter(city=listed.city).count() == 2
