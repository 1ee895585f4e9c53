"""The calendar: the rules against the years of peace that were, the seeded days against a table by hand, one query."""

import datetime
import uuid

import holidays
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from psycopg.types.range import DateRange

from appeals import services
from appeals.calendar import Calendar
from appeals.deadlines import LAW, Term, Unit
from appeals.models import Holiday, LegalTerm, MartialLaw, MovedDay, clock_of
from tests.appeals.conftest import Office
from tests.appeals.deadline_table import DAYS_OFF_INSTEAD, HOLIDAYS, day
from tests.appeals.letters import later, new_letter
from tests.world import NOON, World, build_world

ONE_DAY = datetime.timedelta(days=1)
BY_HAND = frozenset(map(day, HOLIDAYS.split()[::2]))


def days_of(year: int) -> list[datetime.date]:
    """Return every day of a year."""
    first = datetime.date(year, 1, 1)
    return [first + n * ONE_DAY for n in range((datetime.date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("table", [HOLIDAYS, DAYS_OFF_INSTEAD])
def test_days_of_the_week_in_the_table_by_hand_are_right(table: str) -> None:
    written = table.split()
    for one, name in zip(written[::2], written[1::2], strict=True):
        assert day(one).strftime("%a") == name, one


def test_holidays_on_weekends_give_days_off_in_peace() -> None:
    assert Calendar(holidays=BY_HAND).days_off_instead == set(map(day, DAYS_OFF_INSTEAD.split()[::2]))


@pytest.mark.parametrize("year", range(2000, 2022))
def test_working_days_are_those_of_the_years_of_peace(year: int) -> None:
    """The library knows the government's decisions of 2000-2021: days moved, days off instead, worked Saturdays."""
    known = holidays.country_holidays("UA", years=range(1999, 2023), language="uk", observed=True)
    plain = holidays.country_holidays("UA", years=range(1999, 2023), language="uk", observed=False)
    moved = {one for one, name in plain.items() if "перенесено" in name}
    calendar = Calendar(
        holidays=frozenset(plain.keys() - moved),
        days_off=frozenset(moved),
        working_days=frozenset(known.weekend_workdays),
    )
    assert [one for one in days_of(year) if calendar.is_working_day(one) != known.is_working_day(one)] == []


def test_under_martial_law_only_weekends_are_days_off() -> None:
    moved = {"days_off": frozenset({day("2026-01-02")}), "working_days": frozenset({day("2026-01-10")})}
    calendar = Calendar(holidays=BY_HAND, martial_law=((day("2022-02-24"), None),), **moved)
    assert all(calendar.is_working_day(one) == (one.isoweekday() <= 5) for one in days_of(2026))


# --- what the database begins with --------------------------------------------------------------------------------


def test_seeded_holidays_are_those_of_the_table_by_hand(db: None) -> None:
    seeded = Holiday.objects.filter(city=None, day__year__lte=2028).values_list("day", flat=True)
    assert sorted(seeded) == sorted(BY_HAND)


def test_seeded_holidays_are_those_of_the_library_to_their_last_year(db: None) -> None:
    seeded = set(Holiday.objects.values_list("day", flat=True))
    years = range(2024, 2036)
    assert {one.year for one in seeded} == set(years)
    # The library counts no public holidays under martial law: there they are its working holidays.
    assert seeded == set(holidays.country_holidays("UA", years=years, categories=(holidays.WORKDAY,)))


def test_every_seeded_row_names_its_source_in_both_languages(db: None) -> None:
    for model in (Holiday, MartialLaw, LegalTerm):
        assert model._default_manager.exists()
        assert not model._default_manager.filter(source="").exists()
    assert not Holiday.objects.filter(name_en="").exists()


def test_seeded_terms_are_the_law_and_martial_law_lasts(world: World) -> None:
    assert set(LegalTerm.objects.values_list("key", flat=True)) == set(LegalTerm.Key.values)
    assert clock_of(world.city).terms == LAW
    assert clock_of(world.city).calendar.martial_law == ((day("2022-02-24"), None),)


# --- one city -----------------------------------------------------------------------------------------------------


def test_a_calendar_holds_the_days_of_its_city_and_of_all_ukraine(world: World) -> None:
    other = build_world("inshe", west=26.0)
    Holiday.objects.create(city=world.city, day=day("2026-09-15"), name_uk="День міста", source="рішення ради")
    MovedDay.objects.create(day=day("2026-01-02"), kind="day_off", source="розпорядження")
    MovedDay.objects.create(day=day("2026-01-10"), kind="working", source="розпорядження")
    MartialLaw.objects.update(during=DateRange(day("2022-02-24"), day("2026-01-01")))
    found, elsewhere = clock_of(world.city).calendar, clock_of(other.city).calendar
    assert found.holidays - elsewhere.holidays == {day("2026-09-15")}
    assert elsewhere.holidays > BY_HAND
    assert (found.days_off, found.working_days) == ({day("2026-01-02")}, {day("2026-01-10")})
    assert found.martial_law == ((day("2022-02-24"), day("2025-12-31")),)


def test_a_clock_is_read_anew_only_where_its_rows_changed(world: World) -> None:
    before = clock_of(world.city)
    assert clock_of(world.city).calendar is before.calendar
    Holiday.objects.create(city=world.city, day=day("2026-09-15"), name_uk="День міста", source="рішення ради")
    LegalTerm.objects.filter(key="formal").update(number=14)
    after = clock_of(world.city)
    assert after.calendar.holidays - before.calendar.holidays == {day("2026-09-15")}
    assert (before.terms.formal.number, after.terms.formal.number) == (15, 14)


def test_a_city_promises_its_own_days_for_messages(world: World) -> None:
    other = build_world("inshe", west=26.0)
    term = {"number": 1, "unit": "working_day", "source": "наказ", "checked_on": day("2026-06-01")}
    LegalTerm.objects.create(city=world.city, key="message", **term)
    assert clock_of(world.city).terms.message == Term(1, Unit.WORKING_DAY)
    assert clock_of(other.city).terms == LAW
    law = LegalTerm(city=world.city, key="formal", **term)
    with pytest.raises(ValidationError):
        law.full_clean()
    with pytest.raises(IntegrityError, match="city_promises_for_messages_alone"), transaction.atomic():
        law.save()


def test_letters_are_due_by_the_calendar_and_the_promise_of_their_city(office: Office) -> None:
    MartialLaw.objects.all().delete()
    city = office.world.city
    Holiday.objects.create(city=city, day=day("2026-06-02"), name_uk="День міста", source="рішення ради")
    sent = new_letter(office.world)  # Monday 1 June, off for Trinity; Tuesday is the city's: Wednesday 1, Thursday 2
    assert sent.appeal.answer_due_on == day("2026-06-04")
    services.reply(appeal=sent.appeal, author=office.officer, body="I came by.", sent_at=NOON, key=uuid.uuid4())
    term = {"number": 5, "unit": "working_day", "source": "наказ", "checked_on": day("2026-06-01")}
    LegalTerm.objects.create(city=city, key="message", **term)
    services.add_writer_message(receipt=sent.receipt, body="Again.", sent_at=later(days=2), key=uuid.uuid4())
    sent.appeal.refresh_from_db()
    assert sent.appeal.answer_due_on == day("2026-06-10")  # Thursday, Friday, Monday, Tuesday, Wednesday


def test_a_day_is_a_holiday_once_and_spans_of_martial_law_do_not_overlap(db: None) -> None:
    with pytest.raises(IntegrityError, match="holiday_once"), transaction.atomic():
        Holiday.objects.create(day=day("2026-01-01"), name_uk="Новий рік", source="КЗпП, ст. 73")
    with pytest.raises(IntegrityError, match="martial_law_spans_do_not_overlap"), transaction.atomic():
        MartialLaw.objects.create(during=DateRange(day("2026-01-01"), None), source="указ")
