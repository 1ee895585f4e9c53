"""Nobody changes the log of openings unnoticed, not even who owns the tables."""

import datetime
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from appeals import jobs
from appeals.access import as_task
from appeals.models import Opening, OpeningDigest
from appeals.services import open_for_reason, open_letter
from appeals.services.reading_log import CannotSeal, Misfit, Trouble, last_full_day, seal_day, seal_days_until, verify
from geo.moments import local_day, start_of_local_day
from people.models import User
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

DAY = datetime.timedelta(days=1)
LATER = later(days=5)
LAST = TODAY + 4 * DAY
"""The last full day at LATER; the first opening is on TODAY."""


@pytest.fixture
def sealed(office: Office) -> list[OpeningDigest]:
    """Five sealed days: three openings, none, two (one with a reason), none, one; there is a sixth, not yet over."""
    letter = new_letter(office.world).appeal
    for days, hours in ((0, 0), (0, 1), (0, 2), (2, 0), (4, 0), (5, -1)):
        open_letter(appeal=letter, user=office.officer, at=later(days=days, hours=hours))
    admin = User.objects.create_superuser("admin@example.org")
    at = later(days=2, hours=1)
    assert open_for_reason(
        city=office.world.city, year=letter.year, number=letter.number, user=admin, at=at, reason="The writer asks."
    )
    return seal_days_until(LAST, now=LATER)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Work as somebody who owns the tables and has switched off what protects them."""
    with as_task("tamper"), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def openings_unguarded() -> Iterator[None]:
    """No policy lets anybody change an opening: it is switched off too."""
    with unguarded("appeals_opening"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE appeals_opening NO FORCE ROW LEVEL SECURITY")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE appeals_opening FORCE ROW LEVEL SECURITY")


def digests_unguarded() -> AbstractContextManager[None]:
    return unguarded("appeals_openingdigest")


# --- An honest log ------------------------------------------------------------------------------------------


def test_an_honest_log_fits_and_counts_each_day(sealed: list[OpeningDigest]) -> None:
    assert [(one.day - TODAY, one.openings) for one in sealed] == [(n * DAY, c) for n, c in enumerate((3, 0, 2, 0, 1))]
    assert [one.previous for one in sealed] == ["", *(one.digest for one in sealed[:-1])]
    assert verify(now=LATER) == []
    assert verify(now=LATER, kept=sealed[1].digest) == []


def test_sealing_again_does_nothing_and_a_new_day_goes_on(sealed: list[OpeningDigest]) -> None:
    assert seal_days_until(LAST, now=LATER) == []
    (sixth,) = seal_days_until(LAST + DAY, now=LATER + DAY)
    assert (sixth.openings, sixth.previous) == (1, sealed[-1].digest)
    assert verify(now=LATER + DAY) == []


def test_a_site_without_openings_begins_with_the_last_full_day(db: None) -> None:
    assert verify(now=NOON) == []
    assert [one.day for one in seal_days_until(TODAY - DAY, now=NOON)] == [TODAY - DAY]
    assert verify(now=NOON) == []


def test_days_are_those_of_kyiv(office: Office) -> None:
    letter = new_letter(office.world).appeal
    midnight = start_of_local_day(TODAY + DAY)
    for at in (midnight - datetime.timedelta(microseconds=1), midnight):
        open_letter(appeal=letter, user=office.officer, at=at)
    assert [one.openings for one in seal_days_until(TODAY + DAY, now=LATER)] == [1, 1]


@given(st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1), timezones=st.just(datetime.UTC)))
def test_the_last_full_day_has_ended_and_the_next_has_not_settled(now: datetime.datetime) -> None:
    day = last_full_day(now)
    settles = datetime.timedelta(minutes=5)
    assert start_of_local_day(day + DAY) + settles <= now < start_of_local_day(day + 2 * DAY) + settles


@pytest.mark.parametrize("day", [LAST + DAY, LAST, LAST + 2 * DAY, TODAY - DAY])
def test_a_day_is_sealed_once_in_its_turn_and_when_it_is_over(sealed: list[OpeningDigest], day: datetime.date) -> None:
    with pytest.raises(CannotSeal):
        seal_day(day, now=LATER if day == LAST + DAY else LATER + 9 * DAY)
    assert OpeningDigest.objects.count() == 5


def test_digests_are_never_rewritten_and_a_day_has_one(sealed: list[OpeningDigest]) -> None:
    rows = list(OpeningDigest.objects.values())
    for rewrite in (OpeningDigest.objects.all().delete, lambda: OpeningDigest.objects.update(openings=7)):
        with pytest.raises(ProgrammingError), as_task("test"):
            rewrite()
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningDigest.objects.create(day=TODAY)
    assert list(OpeningDigest.objects.values()) == rows


# --- What was tampered with ---------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["opened_at", "user", "reason_sealed", "appeal"])
def test_a_changed_opening_is_found(sealed: list[OpeningDigest], office: Office, field: str) -> None:
    other = new_letter(office.world).appeal
    value = {"opened_at": later(days=2, hours=3), "user": office.supervisor, "reason_sealed": b"", "appeal": other}
    with openings_unguarded():
        Opening.objects.filter(opened_at=later(days=2)).update(**{field: value[field]})
    assert verify(now=LATER) == [Misfit(TODAY + 2 * DAY, Trouble.CHANGED)]


def test_openings_that_change_places_are_found(sealed: list[OpeningDigest]) -> None:
    one, two = Opening.objects.on(TODAY)[:2]
    with openings_unguarded():
        for row, at in ((one, two.opened_at), (two, one.opened_at)):
            Opening.objects.filter(pk=row.pk).update(opened_at=at)
    assert verify(now=LATER) == [Misfit(TODAY, Trouble.CHANGED)]


def test_a_removed_opening_is_found(sealed: list[OpeningDigest]) -> None:
    with openings_unguarded():
        Opening.objects.filter(opened_at=later(hours=1)).delete()
    assert verify(now=LATER) == [Misfit(TODAY, Trouble.REMOVED)]


@pytest.mark.parametrize(("days", "found"), [(1, 1), (3, 3), (-2, -2)])
def test_an_added_opening_is_found_before_the_first_day_too(
    sealed: list[OpeningDigest], office: Office, days: int, found: int
) -> None:
    open_letter(appeal=Opening.objects.all()[0].appeal, user=office.officer, at=later(days=days))
    assert verify(now=LATER) == [Misfit(TODAY + found * DAY, Trouble.ADDED)]


def test_an_opening_moved_to_another_day_is_found_on_both(sealed: list[OpeningDigest]) -> None:
    with openings_unguarded():
        Opening.objects.filter(opened_at=NOON).update(opened_at=later(days=1))
    assert verify(now=LATER) == [Misfit(TODAY, Trouble.REMOVED), Misfit(TODAY + DAY, Trouble.ADDED)]


@pytest.mark.parametrize("field", ["openings", "previous", "digest", "signature"])
def test_a_rewritten_digest_is_found(sealed: list[OpeningDigest], field: str) -> None:
    with digests_unguarded():
        OpeningDigest.objects.filter(day=TODAY + DAY).update(**{field: 7 if field == "openings" else "0" * 64})
    first = verify(now=LATER)[0]
    assert first == Misfit(TODAY + DAY, Trouble.FORGED)


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_a_day_cut_out_of_the_chain_is_found(sealed: list[OpeningDigest], cut: int) -> None:
    with digests_unguarded():
        OpeningDigest.objects.filter(day=TODAY + cut * DAY).delete()
    assert verify(now=LATER) == [Misfit(TODAY + cut * DAY, Trouble.CUT)]


def test_a_day_not_sealed_is_found_two_hours_after_its_end(sealed: list[OpeningDigest]) -> None:
    due = start_of_local_day(LAST + 2 * DAY) + datetime.timedelta(hours=2)
    assert verify(now=due - datetime.timedelta(seconds=1)) == []
    assert verify(now=due) == [Misfit(LAST + DAY, Trouble.UNSEALED)]


def test_openings_of_a_log_that_was_never_sealed_are_found(office: Office) -> None:
    open_letter(appeal=new_letter(office.world).appeal, user=office.officer, at=NOON)
    assert verify(now=LATER) == [Misfit(TODAY, Trouble.UNSEALED)]


def test_an_end_sealed_anew_is_found_by_the_digest_that_was_kept(sealed: list[OpeningDigest]) -> None:
    with openings_unguarded():
        Opening.objects.on(LAST).delete()
    with digests_unguarded():
        OpeningDigest.objects.filter(day__gte=LAST - DAY).delete()
    seal_days_until(LAST, now=LATER)
    assert verify(now=LATER) == [], "the site itself signed it"
    assert verify(now=LATER, kept=sealed[-1].digest) == [Misfit(TODAY, Trouble.REWRITTEN)]


def test_an_old_digest_put_behind_days_sealed_anew_is_found(sealed: list[OpeningDigest]) -> None:
    """Else the kept digest would be there again, over days that are others."""
    with openings_unguarded():
        Opening.objects.on(LAST - 2 * DAY).delete()
    with digests_unguarded():
        OpeningDigest.objects.filter(day__gte=LAST - 2 * DAY).delete()
    seal_days_until(LAST - DAY, now=LATER)
    sealed[-1].save(force_insert=True)
    assert verify(now=LATER, kept=sealed[-1].digest) == [Misfit(LAST, Trouble.FORGED)]


# --- The key ------------------------------------------------------------------------------------------------


def test_another_key_verifies_nothing_and_a_new_one_beside_the_old_all(
    sealed: list[OpeningDigest], settings: Settings
) -> None:
    old = settings.READING_LOG_KEY
    settings.READING_LOG_KEY = ["another"]
    assert verify(now=LATER) == [Misfit(one.day, Trouble.FORGED) for one in sealed]
    settings.READING_LOG_KEY = ["another", *old]
    seal_days_until(LAST + DAY, now=LATER + DAY)
    assert verify(now=LATER + DAY) == []
    settings.READING_LOG_KEY = old
    assert verify(now=LATER + DAY) == [Misfit(LAST + DAY, Trouble.FORGED)]


def test_the_secret_of_the_site_may_change(sealed: list[OpeningDigest], settings: Settings) -> None:
    settings.SECRET_KEY = "another"
    assert verify(now=LATER) == []


@pytest.mark.parametrize("words", [[], [""]])
def test_an_empty_key_is_none(sealed: list[OpeningDigest], settings: Settings, words: list[str]) -> None:
    settings.READING_LOG_KEY = words
    with pytest.raises(ImproperlyConfigured):
        verify(now=LATER)


# --- Commands and the job -----------------------------------------------------------------------------------


def told_by(command: str, **options: str) -> str:
    """Return what a command says."""
    told = StringIO()
    call_command(command, stdout=told, **options)
    return told.getvalue()


def test_commands_say_one_calm_line(office: Office) -> None:
    assert told_by("verify_reading_log") == "No day of the reading log is sealed yet: nothing to verify.\n"
    yesterday = local_day(timezone.now()) - 2 * DAY
    letter = new_letter(office.world).appeal
    open_letter(appeal=letter, user=office.officer, at=start_of_local_day(yesterday))
    told = told_by("seal_reading_log")
    last = OpeningDigest.objects.last()
    assert told == f"Days sealed: {OpeningDigest.objects.count()}. Keep elsewhere: {last}\n"
    assert told_by("seal_reading_log") == "Every day that is over was sealed before.\n"
    assert told_by("verify_reading_log", kept=last.digest) == f"The reading log fits up to {last}\n"
    with openings_unguarded():
        Opening.objects.all().delete()
    with pytest.raises(CommandError, match=rf"does not fit from {yesterday} on: openings were removed\.$") as refused:
        call_command("verify_reading_log")
    assert refused.value.returncode == 1
    with pytest.raises(CommandError, match=r"removed\. Findings after it: 1\.$"):
        call_command("verify_reading_log", kept="0" * 64)


def test_the_job_seals_what_is_full_and_does_nothing_the_second_time(db: None) -> None:
    for _ in range(2):
        jobs.seal_reading_log(timestamp=0)
        assert OpeningDigest.objects.get().day == last_full_day(timezone.now())
