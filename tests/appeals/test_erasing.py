"""What is kept no longer is erased, all of it, and nothing a day earlier."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg import sql

from appeals import services
from appeals.access import as_staff, as_task, as_writer
from appeals.errors import NotPossibleNow
from appeals.models import (
    Appeal,
    CardReport,
    Erasure,
    Event,
    LetterKey,
    Message,
    Notice,
    Opening,
    RetentionRule,
    SealedRow,
    terms,
)
from appeals.retention import kept_until, last_expired
from appeals.sealing import unseal
from appeals.services import reading_log
from appeals.services.erasing import (
    ERASE,
    counts_due,
    due,
    erase_all,
    erase_expired,
    erase_some,
    hanging_on_a_letter,
    sealed_columns,
)
from appeals.services.reading import hash_of_receipt
from geo.moments import local_day
from people.models import User
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import later, new_letter
from tests.appeals.over import CONTACTS, DAY, FIVE, YEAR, keep, noon, whole_letter
from tests.world import NOON, TODAY

What, Why = Erasure.What, Erasure.Why

# --- Terms --------------------------------------------------------------------------------------------------


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)), st.integers(1, 75), st.integers(-2, 2))
@example(datetime.date(2024, 2, 29), 1, 0)
@example(datetime.date(2027, 2, 28), 1, 1)
def test_a_day_has_expired_exactly_when_its_term_is_over(day: datetime.date, years: int, beside: int) -> None:
    today = kept_until(day, years) + datetime.timedelta(days=beside)
    assert (day <= last_expired(today, years)) == (kept_until(day, years) <= today)


def test_terms_are_rows_with_their_sources(db: None) -> None:
    keep("letters", 7, "Наказ 7")
    told = terms()
    assert (told.contacts_years, told.letters_years, told.openings_years) == (1, 7, 5)
    assert (told.letters_source, told.openings_source) == ("Наказ 7", "обіцянка сервісу")


@pytest.mark.parametrize(
    ("what", "number"),
    [("letters", 4), ("letters", 76), ("contacts", 6), ("openings", 0), ("reports", 0), ("emails", 2), ("emails", 366)],
)
def test_no_term_is_under_the_least_or_for_ever_and_contacts_go_first(db: None, what: str, number: int) -> None:
    rule = RetentionRule.objects.get(what=what)
    rule.number = number
    with pytest.raises(ValidationError):
        rule.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()


def test_no_term_is_taken_away(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionRule.objects.all().delete()


ENDINGS: dict[str, Callable[..., Any]] = {
    "withdrawn": lambda letter, receipt, office, at: services.withdraw(receipt=receipt, at=at),
    "answered": lambda letter, receipt, office, at: services.reply(
        appeal=letter, author=office.supervisor, body="Done.", sent_at=at, key=uuid.uuid4()
    ),
    "spam": lambda letter, receipt, office, at: services.mark_spam(appeal=letter, by=office.supervisor, at=at),
    "waiting": lambda letter, receipt, office, at: None,
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("what", "years"), [(What.CONTACTS, 1), (What.LETTER, 5)])
def test_nothing_is_touched_a_day_early_and_nothing_survives_its_term(
    office: Office, ending: str, what: Erasure.What, years: int
) -> None:
    sent = new_letter(office.world)
    over = later(days=3)
    ENDINGS[ending](Appeal.objects.with_key().get(pk=sent.appeal.pk), sent.receipt, office, over)
    last_day = kept_until(local_day(over), years) - DAY
    for day, expected in ((last_day, 0), (last_day + DAY, 0 if ending == "waiting" else 1)):
        assert erase_all(what, at=noon(day), city=office.world.city, at_most=10) == expected
    assert erase_all(what, at=noon(last_day + 900 * DAY), city=office.world.city, at_most=10) == 0
    assert Erasure.objects.filter(what=what).count() == (0 if ending == "waiting" else 1)


def test_what_is_written_beside_a_letter_prolongs_no_term_and_a_question_does(office: Office) -> None:
    rated, asked = whole_letter(office), new_letter(office.world)
    services.rate(receipt=rated.receipt, rating="yes", at=later(days=40))
    letter = Appeal.objects.with_key().get(pk=asked.appeal.pk)
    services.reply(appeal=letter, author=office.supervisor, body="Done.", sent_at=NOON, key=uuid.uuid4())
    services.add_writer_message(receipt=asked.receipt, body="And now?", sent_at=later(days=40), key=uuid.uuid4())
    with as_task(ERASE):
        assert [one.pk for one in due(What.CONTACTS, on=YEAR + 10 * DAY)] == [rated.appeal.pk]


# --- Nothing is left ----------------------------------------------------------------------------------------


def test_every_table_that_hangs_on_a_letter_is_known_to_the_eraser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE confrelid = 'appeals_appeal'::regclass"
        )
        hanging = {name for (name,) in cursor.fetchall()}
    assert hanging == {model._meta.db_table for model in hanging_on_a_letter()}
    sealed = {model for model in apps.get_models() if issubclass(model, SealedRow)}
    with_their_letter = sealed - {CardReport}  # which no letter has (test_card_reports)
    assert with_their_letter <= {Appeal, *hanging_on_a_letter()}, "sealed, and not erased with its letter"
    for model in (Event, Opening):
        assert all(model._meta.get_field(name).null for name in sealed_columns(model)), "it has to lose its words"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns"
            " WHERE column_name LIKE '%\\_sealed' OR column_name = 'wrapped'"
        )
        with_sealed = {name for (name,) in cursor.fetchall()}
    assert with_sealed == {model._meta.db_table for model in (LetterKey, *sealed)}


def sealed_bytes() -> list[bytes]:
    """Every value of every column of every table that holds bytes, whoever made it."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        for table, column in cursor.fetchall():
            name, of = sql.Identifier(column), sql.Identifier(table)
            cursor.execute(sql.SQL("SELECT {0} FROM {1} WHERE octet_length({0}) > 0").format(name, of))
            found += [bytes(value) for (value,) in cursor.fetchall()]
    return found


def test_no_canary_survives_in_a_dump_not_even_for_who_kept_every_key(office: Office) -> None:
    """The strongest reader: an older copy of the keys, and all that is in the database now."""
    sent = whole_letter(office)
    letter = Appeal.objects.with_key().get(pk=sent.appeal.pk)
    key, before = letter.letter_key, set(sealed_bytes())
    assert letter.content_hash
    assert len(before) == 9, "letter, writer, place, key, two messages, note, why it was closed, why it was opened"
    erase_expired(at=noon(FIVE))
    [kept] = set(sealed_bytes()) & before
    opening = Opening.objects.get()
    assert bytes(opening.reason_sealed) == kept, "words of the staff about an opening; they go with the log's day"
    assert unseal(key, kept, table="appeals_opening", row=opening.sealed_as, column="reason")
    assert not LetterKey.objects.exists()
    seal_and_expire()
    assert set(sealed_bytes()) & before == set()
    letter.refresh_from_db()
    assert letter.location is None
    assert (letter.building_hash, letter.content_hash) == ("", "")


def seal_and_expire() -> None:
    reading_log.seal_days_until(TODAY + DAY, now=noon(FIVE))
    erase_expired(at=noon(FIVE))


def test_a_tombstone_keeps_number_place_in_the_counts_and_history(office: Office) -> None:
    sent = whole_letter(office)
    before = Appeal.objects.values(
        "pk", "city", "year", "number", "district", "category", "lane", "state", "received_at", "answered_on", "officer"
    ).get()
    deeds = list(Event.objects.values_list("kind", "at", "by", "state_before", "state_after", "facts"))
    erase_expired(at=noon(FIVE))
    assert Appeal.objects.values(*before).get() == before
    assert list(Event.objects.values_list("kind", "at", "by", "state_before", "state_after", "facts")) == deeds
    assert not Message.objects.exists()
    assert not Notice.objects.exists()
    letter = services.appeal_by_receipt(sent.receipt)
    assert (letter.is_erased, letter.text, letter.writer.name, letter.place.address) == (True, "", "", "")
    [stone] = letter.erasures.all()
    assert (stone.what, stone.why, stone.erased_at) == (What.LETTER, Why.RULE, noon(FIVE))
    assert Opening.objects.get().reason == ""
    assert new_letter(office.world).appeal.number == before["number"] + 1


def test_erasing_one_letter_leaves_the_next_one_whole(office: Office) -> None:
    whole_letter(office)
    young = new_letter(office.world, received_at=later(days=1), **CONTACTS)
    services.withdraw(receipt=young.receipt, at=later(days=1))
    erase_expired(at=noon(FIVE))
    kept = services.appeal_by_receipt(young.receipt)
    assert kept.text == "Music every night after eleven."
    assert kept.has_no_writer, "over for a year, so its contacts are gone"


def test_nobody_writes_about_an_erased_letter(office: Office) -> None:
    sent = whole_letter(office)
    erase_expired(at=noon(FIVE))
    letter = Appeal.objects.get()
    with pytest.raises(NotPossibleNow):
        services.add_note(appeal=letter, author=office.supervisor, body="Hm.", written_at=noon(FIVE), key=uuid.uuid4())
    with pytest.raises(NotPossibleNow):
        services.rate(receipt=sent.receipt, rating="yes", at=noon(FIVE))
    admin = User.objects.create_superuser("admin@example.org")
    found = services.open_for_reason(
        city=letter.city, year=letter.year, number=letter.number, user=admin, at=noon(FIVE), reason="Why."
    )
    assert not found


def test_erasing_goes_on_batch_by_batch_and_nothing_twice(office: Office) -> None:
    for _ in range(3):
        whole_letter(office)
    [found] = counts_due(on=YEAR)
    assert (found.contacts, found.letters) == (3, 0)
    batches = [erase_some(What.CONTACTS, at=noon(YEAR), city=office.world.city, at_most=2) for _ in range(3)]
    assert batches == [2, 1, 0]
    [found] = counts_due(on=FIVE)
    assert (found.contacts, found.letters) == (0, 3)
    erase_expired(at=noon(FIVE))
    assert counts_due(on=FIVE + 900 * DAY) == []
    assert Erasure.objects.count() == 6


def test_another_city_is_left_alone(office: Office) -> None:
    other = build_office("chuzhi", west=26.0)
    whole_letter(office)
    whole_letter(other, point=other.world.in_north)
    erase_all(What.LETTER, at=noon(FIVE), city=office.world.city, at_most=10)
    assert [one.city.slug for one in counts_due(on=FIVE)] == ["chuzhi"]


# --- The database lets the task that erases do this, and nobody else ----------------------------------------


@pytest.mark.parametrize("eyes", ["staff", "writer", "another task"])
def test_no_other_eyes_can_erase(office: Office, eyes: str) -> None:
    sent = whole_letter(office)
    seen = {
        "staff": lambda: as_staff(office.supervisor, on=TODAY),
        "writer": lambda: as_writer(hash_of_receipt(sent.receipt)),
        "another task": lambda: as_task("mail"),
    }[eyes]
    for emptied in ({"text_sealed": b""}, {"writer_sealed": b""}):
        with pytest.raises(ProgrammingError, match="leaves a tombstone"), seen():
            Appeal.objects.update(**emptied)
    with pytest.raises(ProgrammingError, match="row-level security"), seen():
        Erasure.objects.create(appeal=sent.appeal, what="letter", why="rule", erased_at=NOON)
    with seen():
        assert LetterKey.objects.all()._raw_delete("default") == 0
        assert Message.objects.all()._raw_delete("default") == 0
    if eyes == "another task":
        with pytest.raises(ProgrammingError, match="History"), seen():
            Event.objects.update(reason_sealed=None)
    else:
        with seen():
            assert Event.objects.update(reason_sealed=None) == 0


def test_even_the_task_that_erases_leaves_a_tombstone_and_keeps_history(office: Office) -> None:
    whole_letter(office)
    for refused, said in (
        (lambda: Appeal.objects.update(text_sealed=b""), "tombstone"),
        (lambda: Event.objects.update(reason_sealed=None), "History"),
        (lambda: Event.objects.all()._raw_delete("default"), ""),
        (lambda: Opening.objects.all().delete(), "leaves a digest"),
        (lambda: Opening.objects.update(opened_at=NOON), ""),
    ):
        if said:
            with pytest.raises(ProgrammingError, match=said), as_task(ERASE):
                refused()
    erase_expired(at=noon(FIVE))
    with pytest.raises(ProgrammingError, match="History"), as_task(ERASE):
        Event.objects.update(kind="nothing")
    with as_task(ERASE):
        assert Erasure.objects.update(why="writer") == 0, "no policy lets anybody change a tombstone"
        assert Erasure.objects.all()._raw_delete("default") == 0
