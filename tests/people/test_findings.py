"""What is missing: districts where nobody answers, cards nobody has checked."""

import datetime

import pytest
from django.utils import translation

from geo.boundaries.words import finding_sentence
from geo.models import City
from people.findings import (
    NO_OFFICER,
    cards_checked_before,
    districts_without_officer,
    served,
    staffing,
    stale_before,
    vacancy_findings,
)
from people.models import HelpLine, Leave, Posting
from tests.world import TODAY, World

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def vacant_codes(city: City, on: datetime.date = TODAY) -> list[str]:
    """Return the codes of the vacant districts: who asks for them alone is told the same."""
    vacant = [each.district.code for each in districts_without_officer(city, on)]
    assert [each.code for each in served(city, on) if not each.is_served] == vacant
    return vacant


def test_district_without_a_posting_is_vacant(world: World):
    assert vacant_codes(world.city) == ["3"]
    assert districts_without_officer(world.city, TODAY)[0].vacancy == "nobody"


def test_acting_officer_answers_while_the_main_one_is_away(world: World):
    mid = next(each for each in staffing(world.city, TODAY) if each.district == world.mid)
    assert ([p.officer for p in mid.answering], [p.officer for p in mid.away]) == (
        [world.acting],
        [world.officer_on_leave],
    )


def test_main_on_leave_with_nobody_acting_is_vacant(world: World):
    Posting.objects.filter(officer=world.acting).delete()
    assert vacant_codes(world.city) == ["2", "3"]
    vacant = {each.district.code: each.vacancy for each in districts_without_officer(world.city, TODAY)}
    assert vacant == {"2": "on_leave", "3": "nobody"}


def test_acting_officer_on_leave_does_not_answer(world: World):
    Leave.objects.create(officer=world.acting, during=(TODAY, TODAY + DAY))
    assert vacant_codes(world.city) == ["2", "3"]
    assert vacant_codes(world.city, TODAY + DAY) == ["3"]


def test_posting_counts_on_its_first_day_and_not_on_the_day_after_its_last(world: World):
    Posting.objects.create(officer=world.officer, district=world.south, during=(TODAY, TODAY + 2 * DAY))
    assert [vacant_codes(world.city, TODAY + n * DAY) for n in (-1, 0, 1, 2)] == [["3"], [], [], ["3"]]


def test_vacancies_come_first(world: World):
    assert [each.district.code for each in staffing(world.city, TODAY)] == ["3", "1", "2"]


def test_city_without_an_edition_lists_all_its_districts(db: None):
    city = City.objects.create(slug="nova", name_uk="Нова")
    city.districts.create(code="1", name_uk="Перша")
    assert vacant_codes(city) == ["1"]


def test_vacancies_become_warnings_of_the_boundary_report(world: World):
    Posting.objects.filter(officer=world.acting).delete()
    findings = vacancy_findings(world.city, TODAY, {"1": "", "2": "Інша", "3": "", "new": "Нова"})
    assert [(f.kind, f.severity, f.codes) for f in findings] == [
        ("no_officer", "warning", (code,)) for code in ("2", "3", "new")
    ]
    assert [f.message for f in findings] == [
        "District 2 (Середня): Тестовий Офіцер 2 is away and nobody acts.",
        "District 3 (Південна) has no officer.",
        "District new (Нова) has no officer.",
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": "Дільниця № 3 · Центр"}, "District 3 (Центр) has no officer."),
        ({"name": ""}, "District 3 has no officer."),
        ({"name": "Центр", "away": "А. Мазур"}, "District 3 (Центр): А. Мазур is away and nobody acts."),
    ],
)
def test_sentence_about_a_vacancy_names_the_district_and_who_is_away(facts: dict[str, str], told: str):
    found = {"kind": NO_OFFICER, "severity": "warning", "codes": ["3"], "area_m2": None, "width_m": None}
    assert finding_sentence(found | {"facts": facts}) == told


@pytest.mark.parametrize(("days", "stale"), [(90, False), (91, True)])
def test_card_is_stale_after_ninety_days(world: World, days: int, stale: bool):
    world.officer.checked_on = TODAY - days * DAY
    world.officer.save()
    assert (world.officer in cards_checked_before(stale_before(TODAY), posted_on=TODAY)) == stale
    north = next(each for each in staffing(world.city, TODAY) if each.district == world.north)
    assert north.stale == stale


def test_card_of_an_officer_without_a_posting_is_not_called_stale(world: World):
    Posting.objects.filter(officer=world.officer).update(during=(TODAY - 9 * DAY, TODAY))
    world.officer.checked_on = TODAY - 500 * DAY
    world.officer.save()
    assert not cards_checked_before(stale_before(TODAY), posted_on=TODAY)


def test_help_lines_are_there_from_the_first_day(db: None):
    lines = dict(HelpLine.objects.values_list("phone", "purpose"))
    assert lines == {
        "102": "emergency",
        "112": "emergency",
        "116 123": "violence",
        "0 800 500 335": "violence",
        "15-47": "government",
    }
