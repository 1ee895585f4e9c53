"""Which field is the code is never guessed against a field that says it is."""

import pytest

from geo.boundaries.fields import ChosenFields, FieldUnknown, choose_fields


def test_a_code_that_repeats_too_often_is_asked_about_and_not_replaced_by_the_name() -> None:
    columns = {"code": ["1", "1", "2", "2"], "name": ["А", "Б", "В", "Г"]}
    with pytest.raises(FieldUnknown, match="--code-field"):
        choose_fields(columns)
    assert choose_fields(columns, "code") == ChosenFields("code", "name")


def test_a_name_serves_as_code_where_no_field_says_it_is_one() -> None:
    assert choose_fields({"name": ["А", "Б"]}) == ChosenFields("name", "name")


@pytest.mark.parametrize("field", ["population", "Населення", "Мешканців", "Кількість мешканців", "POP", "residents"])
def test_residents_are_found_by_the_fields_name(field: str) -> None:
    assert choose_fields({"code": ["1", "2"], field: ["7 000", ""]}).population == field


@pytest.mark.parametrize("values", [["багато", "5"], ["", ""], ["-5", "7"], ["6.5", "7"], ["9" * 30, "7"]])
def test_a_field_that_holds_other_things_is_no_number_of_residents(values: list[str]) -> None:
    assert choose_fields({"code": ["1", "2"], "population": values}).population is None
    assert choose_fields({"code": ["1", "2"], "population": values}, None, None, "population").population
