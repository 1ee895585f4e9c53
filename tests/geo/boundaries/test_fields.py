"""Which field is the code is never guessed against a field that says it is."""

import pytest

from geo.boundaries.fields import FieldUnknown, choose_fields


def test_a_code_that_repeats_too_often_is_asked_about_and_not_replaced_by_the_name() -> None:
    columns = {"code": ["1", "1", "2", "2"], "name": ["А", "Б", "В", "Г"]}
    with pytest.raises(FieldUnknown, match="--code-field"):
        choose_fields(columns, None, None)
    assert choose_fields(columns, "code", None) == ("code", "name")


def test_a_name_serves_as_code_where_no_field_says_it_is_one() -> None:
    assert choose_fields({"name": ["А", "Б"]}, None, None) == ("name", "name")
