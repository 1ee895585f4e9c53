"""Officers of a file: found by key or name, their cards changed field by field, every error named by row."""

import pytest

from geo.models import City
from people.importing.cells import key_from_name
from people.models import Officer, Posting
from tests.people.importing.files import commit, main_days, only_error, plan, row
from tests.world import TODAY, World


def test_name_phone_and_district_are_enough(world: World):
    commit(world.city, row())
    officer = Officer.objects.get(city=world.city, key="nova-liudyna")
    assert (str(officer.phone), officer.kind, officer.checked_on) == ("+380 44 300 0299", "district", TODAY)
    assert main_days(world.south) == [("Нова Людина", TODAY, None)]


def test_key_from_a_name_follows_the_official_romanisation():
    assert key_from_name("Їжакевич Мар’яна Зґурська-Згурська") == "yizhakevych-mariana-zgurska-zghurska"
    assert key_from_name("Мар'яна") == key_from_name("Марʼяна")


def test_change_is_told_field_by_field(world: World):
    planned = plan(world.city, {"officer_key": "north", "phone": "044 300 07 77", "districts": "1", "name_uk": ""})
    (step,) = planned.steps
    assert [(c.label, c.old, c.new) for c in step.changes] == [("phone", "+380443000201", "+380443000777")]
    assert not step.is_new


def test_empty_cell_says_nothing_and_dash_empties(world: World):
    commit(world.city, {"officer_key": "north", "name_uk": "", "phone": "", "email": "-", "districts": "1"})
    world.officer.refresh_from_db()
    assert (world.officer.email, str(world.officer.phone)) == ("", "+380 44 300 0201")


def test_officer_without_a_key_is_found_by_the_name_the_city_knows(world: World):
    planned = plan(world.city, row(name_uk=world.officer.name_uk, phone="", districts="1"))
    assert (planned.steps, planned.unchanged) == ((), (world.officer.name_uk,))


def test_officers_not_in_the_file_are_listed_and_left_alone(world: World):
    planned = commit(world.city, row())
    assert set(planned.not_in_file) == {f"Тестовий Офіцер {n}" for n in (1, 2, 3)}
    assert Posting.objects.on(TODAY).filter(district=world.north).exists()


def test_district_code_is_found_where_a_spreadsheet_ate_its_zero(world: World):
    commit(world.city, row(districts="003"))
    assert main_days(world.south)


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"name_uk": ""}, "name_uk", "full name"),
        ({"phone": ""}, "phone", "at least one"),
        ({"phone": "12"}, "phone", "not a valid phone"),
        ({"email": "who"}, "email", "not an e-mail"),
        ({"districts": ""}, "districts", "code of the district"),
        ({"districts": "30"}, "districts", "nearest codes are 3"),
        ({"from_": "soon"}, "from", "not a date"),
        ({"from_": "31.02.2026"}, "from", "not a date"),
        ({"from_": "2026-06-02", "until": "2026-06-01"}, "until", "before the first"),
        ({"until": "2026-01-01"}, "until", "before the first"),
        ({"leave_until": "2026-06-01"}, "leave_from", "no beginning"),
        ({"role": "boss"}, "role", "not known"),
        ({"kind": "boss"}, "kind", "not known"),
        ({"languages": "эльфійська"}, "languages", "not known"),
        ({"station": "mian"}, "station", "nearest are main"),
        ({"checked_on": "2030-01-01"}, "checked_on", "in the future"),
        ({"officer_key": "ключ"}, "officer_key", "cannot be used"),
        ({"name_uk": "Х" * 161}, "name_uk", "at most 160"),
        ({"email": "a" * 60 + "@" + ".".join(["b" * 60] * 4)}, "email", "at most 254"),
    ],
)
def test_error_names_row_column_and_what_to_do(world: World, cells: dict[str, str], column: str, says: str):
    error = only_error(world.city, row(**cells))
    assert (error.row, error.column) == (2, column)
    assert says in str(error)
    assert error.advice


def test_two_rows_that_disagree_about_an_officer_are_refused(world: World):
    error = only_error(world.city, row(), row(districts="2", phone="+380443000297"))
    assert "different keys" in error.advice


def test_missing_column_is_told_once_with_the_columns_of_the_file(world: World):
    error = only_error(world.city, {"name_uk": "Хтось", "phone": "1", "щось": "x"})
    assert (error.row, error.column) == (1, "districts")
    assert "щось" in error.problem


def test_error_speaks_of_the_column_as_the_file_heads_it(world: World):
    error = only_error(world.city, {"ПІБ": "Нова Людина", "№ дільниці": "3", "Моб. телефон": "067"})
    assert error.column == "Моб. телефон"


def test_city_without_districts_says_to_bring_boundaries_first(db: None):
    city = City.objects.create(slug="pusto", name_uk="Пусто")
    assert "boundaries" in only_error(city, row()).advice
