"""The narrowest rule decides whose a house is."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import HouseSet
from geo.territories.deciding import Claims, HouseRule, claimed_by_two, deciding, numbers_to_ask, precision


def rule(district: str, houses: str, street: int | None = 1) -> HouseRule:
    return HouseRule(district, street, None if street else 9, HouseSet.parse(houses))


RULES = [
    rule("village", "всі", street=None), rule("street", "всі, крім 40"), rule("side", "непарні"), rule("range", "5–9"),
    rule("house", "7"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("house", "district"),
    [
        ("7", "house"),
        ("5", "range"),
        ("8", "range"),
        ("11", "side"),
        ("7А", "range"),
        ("12", "street"),
        ("40", "village"),
    ],
)
def test_house_before_range_before_side_before_street_before_settlement(house: str, district: str) -> None:
    number = HouseNumber.parse(house)
    assert number
    assert [rule.district for rule in deciding(RULES, number)] == [district]


def test_a_building_of_two_numbers_follows_the_rules_of_both() -> None:
    number = HouseNumber.parse("5-7")
    assert number
    found = deciding([rule("1", "5"), rule("2", "7")], number)
    assert [each.district for each in found] == ["1", "2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1–10", "10–20"),
        ("1–10 (непарні)", "4–20"),
        ("4–20", "1–10 (непарні)"),
        ("1–100", "40–50"),
        ("6–6Б", "6А"),
        ("3", "3"),
    ],
)
def test_houses_to_ask_show_every_overlap(one: str, other: str) -> None:
    rules = [rule("1", one), rule("2", other)]
    asked = numbers_to_ask(rules)
    assert [number for number in asked if all(number in each.houses for each in rules)]


def test_whole_streets_and_sides_claimed_alike_are_found() -> None:
    found = claimed_by_two([rule("1", "всі"), rule("2", "парні"), rule("3", "всі"), rule("4", "парні")])
    assert [(str(some), one.district, other.district) for some, one, other in found] == [
        ("всі", "1", "3"), ("парні", "2", "4"),
    ]  # fmt: skip


def test_of_equally_narrow_rules_a_persons_last_decision_stands() -> None:
    number = HouseNumber.parse("7")
    assert number
    document, first, last = rule("1", "7"), replace(rule("2", "7"), given=2), replace(rule("3", "7"), given=3)
    assert deciding([document, last, first], number) == [last]
    # but what is narrower stands before any decision on what is wider
    assert deciding([document, replace(rule("2", "1–9"), given=2)], number) == [document]


def test_a_street_that_a_person_gave_is_claimed_by_nobody_else() -> None:
    rules = [rule("1", "всі"), rule("2", "всі"), rule("1", "парні"), rule("2", "парні")]
    assert len(claimed_by_two(rules)) == 2
    [(some, _rule, _other)] = claimed_by_two([*rules, replace(rule("2", "всі"), given=2)])
    assert str(some) == "парні"


PIECES = st.sampled_from(
    ["всі", "парні", "непарні", "1–9", "5", "5А", "5–5Б", "6–12 (парні)", "від 7 до кінця",
     "12/3–14", "9, крім 9А", "3–40, крім 7–9"]
)  # fmt: skip
NUMBERS = st.sampled_from(["1", "5", "5А", "5В", "6", "7", "7-9", "8 корп. 2", "9А", "12/3", "12", "14Б", "41", "5-7"])
RULED = st.builds(
    lambda district, houses, street, given: replace(rule(district, houses, street), given=given),
    st.sampled_from("123"), PIECES, st.sampled_from([1, None]), st.integers(0, 2),
)  # fmt: skip


@given(st.lists(RULED, max_size=6), NUMBERS)
@example([rule("1", "9, крім 9А")], "9А")
def test_claims_answer_as_each_rule_does(rules: list[HouseRule], text: str) -> None:
    number = HouseNumber.parse(text)
    assert number

    def asked(house: HouseNumber) -> list[HouseRule]:
        how = [(precision(each, house), each.given) for each in rules if house in each.houses]
        return [each for each in rules if house in each.houses and (precision(each, house), each.given) == max(how)]

    claims = Claims(rules)
    assert {id(each) for _how, each in claims.naming(number)} == {id(each) for each in rules if number in each.houses}
    expected = asked(number) or [each for one in number.numbers for each in asked(HouseNumber(one)) if number.last]
    assert {id(each) for each in claims.deciding(number)} == {id(each) for each in expected}
