"""Decisions on the list in force: each makes a new list, none rewrites an old one, all can be taken back."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import HouseSet
from geo.models import House, Settlement, Street, TerritoryList, TerritoryRule
from geo.territories.correcting import Bound, Given, correct_territories, numbers_as_houses, put_back
from geo.territories.in_force import district_of_house, district_of_settlement
from geo.territories.reading import read_text
from geo.territories.recording import (
    ListChanged,
    ListRefused,
    compile_reading,
    compiled_from,
    record_territories,
)
from geo.territories.report import Kind, TerritoryReport, report_on
from tests.geo.addresses.test_houses import houses
from tests.world import NOON, World

LIST = """Дільниця № 1
вул. Перша: 1–9, 11; вул. Невидана: 2
Дільниця № 2
вул. Перша: 11, 13
"""


@pytest.fixture
def street(world: World) -> Street:
    """First Street: its houses lie in the north square."""
    first = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in ("1", "5-7", "11", "13", "15"):
        House.objects.create(street=first, number=number, location=Point(25.005, 49.995, srid=4326))
    return first


@pytest.fixture
def current(world: World, street: Street) -> TerritoryList:
    return record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(LIST)), source="наказ", sha256="1" * 64,
        recorded_at=NOON, recorded_by="tests",
    )  # fmt: skip


def correct(current: TerritoryList, *corrections: Bound | Given) -> TerritoryList:
    return correct_territories(current=current, corrections=corrections, reason="так є", at=NOON, by="me")


def give(code: str, houses: str, street: Street) -> Given:
    return Given(code, HouseSet.parse(houses), street=street.pk)


def district(world: World, street: Street, house: str) -> str | None:
    return district_of_house(city=world.city, street=street.pk, house=house, at=NOON)


def report(current: TerritoryList) -> TerritoryReport:
    return report_on(current.city, compiled_from(current), at=NOON)


def test_a_house_claimed_twice_goes_to_the_district_that_was_chosen(
    world: World, street: Street, current: TerritoryList
) -> None:
    [claimed] = report(current).of(Kind.CLAIMED_TWICE)
    assert (claimed.houses, claimed.districts, claimed.street_id) == (("11",), ("1", "2"), street.pk)
    assert district(world, street, "11") is None
    made = correct(current, give("2", "11", street))
    assert district(world, street, "11") == "2"
    assert not report(made).of(Kind.CLAIMED_TWICE)


def test_a_later_decision_stands_before_an_earlier_one(world: World, street: Street, current: TerritoryList) -> None:
    made = correct(correct(current, give("2", "11", street)), give("1", "11", street))
    assert district(world, street, "11") == "1"
    assert not report(made).of(Kind.CLAIMED_TWICE)


def test_a_whole_street_claimed_twice_is_decided_without_its_numbered_houses(world: World, street: Street) -> None:
    text = "Дільниця 1\nвул. Перша\nДільниця 2\nвул. Перша\nДільниця 3\nвул. Перша: 13"
    current = record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="", sha256="", recorded_at=NOON,
        recorded_by="tests",
    )  # fmt: skip
    assert [found.houses for found in report(current).of(Kind.CLAIMED_TWICE)] == [("всі",)]
    made = correct(current, give("2", "всі", street))
    assert not report(made).of(Kind.CLAIMED_TWICE)
    assert [district(world, street, house) for house in ("1", "13")] == ["2", "3"]
    # the whole street was given, so a polygon that says otherwise is still told
    assert report(made).of(Kind.RULE_AND_POLYGON)


def test_a_rule_that_stands_against_the_polygon_is_no_longer_told(
    world: World, street: Street, current: TerritoryList
) -> None:
    [found] = report(current).of(Kind.RULE_AND_POLYGON)
    assert (found.houses, found.districts) == (("13",), ("2", "1"))
    stands = correct(current, give("2", "13", street))
    assert not report(stands).of(Kind.RULE_AND_POLYGON)
    assert district(world, street, "13") == "2"
    corrected = correct(stands, give("1", "13", street))
    assert not report(corrected).of(Kind.RULE_AND_POLYGON)
    assert district(world, street, "13") == "1"


def test_a_building_of_several_numbers_is_named_by_its_side(
    world: World, street: Street, current: TerritoryList
) -> None:
    houses = numbers_as_houses(["5-7", "15", "б/н"])
    assert (str(houses), houses.unread) == ("5–7 (непарні), 15", ("б/н",))
    correct(current, Given("3", houses, street=street.pk))
    assert [district(world, street, house) for house in ("5-7", "15", "1")] == ["3", "3", "1"]


def test_an_unknown_street_is_bound_wherever_the_list_names_it(
    world: World, street: Street, current: TerritoryList
) -> None:
    assert [found.named for found in report(current).of(Kind.UNKNOWN_STREET)] == [("вул. Невидана", "")]
    made = correct(current, Bound("вул. Невидана", "", street.pk))
    assert not report(made).of(Kind.UNKNOWN_STREET)
    assert district(world, street, "2") == "1"
    [row] = made.rules.filter(corrected_in=2)
    assert (row.named, row.street, row.houses) == ("вул. Невидана", street, "2")


def test_a_settlement_claimed_twice_goes_whole_to_the_district_that_was_chosen(world: World) -> None:
    hamlet = Settlement.objects.create(city=world.city, kind="hamlet", name_uk="Вільний")
    text = "Дільниця 1\nхутір Вільний\nДільниця 2\nхутір Вільний"
    current = record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="", sha256="", recorded_at=NOON,
        recorded_by="tests",
    )  # fmt: skip
    [found] = report(current).of(Kind.CLAIMED_TWICE)
    assert found.settlement_id == hamlet.pk
    assert district_of_settlement(world.city, hamlet, NOON) is None
    made = correct(current, Given("2", HouseSet.parse("всі"), settlement=hamlet.pk))
    assert district_of_settlement(world.city, hamlet, NOON) == "2"
    assert not report(made).of(Kind.CLAIMED_TWICE)


def test_the_list_that_was_corrected_stays_as_it_was_and_can_be_put_back(
    world: World, street: Street, current: TerritoryList
) -> None:
    rows = list(current.rules.values())
    made = correct(current, give("2", "11", street))
    assert (made.basis, made.reason, made.recorded_by, made.source) == (current, "так є", "me", "наказ")
    again = put_back(earlier=current, current=made, reason="помилка", at=NOON, by="me")
    assert list(current.rules.values()) == rows
    assert district(world, street, "11") is None
    assert report(again) == report(current)
    assert [one.number for one in TerritoryList.objects.in_force_at(NOON)] == [3]


def test_a_decision_on_a_list_that_is_no_longer_the_newest_changes_nothing(
    street: Street, current: TerritoryList
) -> None:
    correct(current, give("2", "11", street))
    for deed in (
        lambda: correct(current, give("1", "11", street)),
        lambda: put_back(earlier=current, current=current, reason="", at=NOON, by="me"),
    ):
        with pytest.raises(ListChanged):
            deed()
    with pytest.raises(ListRefused):
        correct(TerritoryList.objects.get(number=2))
    assert TerritoryList.objects.count() == 2


def test_the_database_lets_nobody_rewrite_a_list(street: Street, current: TerritoryList) -> None:
    for deed in (
        lambda: current.rules.update(houses="1"),
        lambda: current.rules.all().delete(),
        lambda: TerritoryList.objects.update(source="інше"),
        current.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    street.delete()  # the gazetteer may forget a street; the entry then decides nothing
    assert current.rules.filter(street=None, named="вул. Перша").count() == 2


def test_an_entry_is_of_a_document_or_of_a_person(current: TerritoryList) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryRule.objects.create(
            territory_list=current, district=current.rules.first().district, row=0, start=0, end=0
        )


@given(st.lists(houses, max_size=6))
def test_numbers_become_rules_that_name_them_when_read_again(numbers: list[HouseNumber]) -> None:
    named = numbers_as_houses(str(number) for number in numbers)
    again = HouseSet.parse(str(named)) if named.ranges else HouseSet(())
    assert again.ranges == named.ranges
    for number in numbers:
        assert number in again or str(number) in named.unread


def test_a_list_that_was_read_before_the_newest_came_into_force_is_refused(
    world: World, current: TerritoryList
) -> None:
    with pytest.raises(ListChanged):
        record_territories(
            city=world.city, compiled=compile_reading(world.city, read_text(LIST)), source="наказ", sha256="1" * 64,
            recorded_at=NOON - datetime.timedelta(seconds=1), recorded_by="tests",
        )  # fmt: skip
    assert TerritoryList.objects.get().period.upper is None
