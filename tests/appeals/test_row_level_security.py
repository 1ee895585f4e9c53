"""The database itself shows letters to nobody who may not see them: without a word of ours it shows none."""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg import sql

from appeals import access, services
from appeals.access import as_staff, as_task, as_writer
from appeals.models import Appeal, CardReport, Event, KeepFrom, LetterKey, Message, Notice, Opening
from appeals.notices import announce_to_reporter, announce_to_staff
from appeals.services.reading import hash_of_receipt, open_for_reason
from geo.models import City
from people.models import Membership, User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter, new_report
from tests.appeals.pictures import small_photo
from tests.world import NOON

PRIVATE_TABLES = ("appeal", "message", "letterkey", "event", "opening", "note", "photo", "erasure", "cardreport")


@contextmanager
def nobody() -> Iterator[None]:
    """Ask as a program that has not said under whose eyes."""
    with access._seeing(access._NOBODY):
        yield


def rows_seen() -> dict[str, int]:
    """How many rows of each private table the database shows now, with no condition of ours."""
    with connection.cursor() as cursor:
        counts = {}
        for table in PRIVATE_TABLES:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(f"appeals_{table}")))
            counts[table] = cursor.fetchone()[0]
        return counts


def numbers_seen() -> set[int]:
    """The letters that the database shows now, with no condition of ours."""
    return set(Appeal.objects.values_list("pk", flat=True))


def answered_letter(office: Office) -> Appeal:
    """A letter with a photo, a message with another, a note and an opening."""
    appeal = new_letter(office.world, photos=[small_photo()]).appeal
    reply = {"body": "Done.", "sent_at": NOON, "key": uuid.uuid4(), "photos": [small_photo("blue")]}
    services.reply(appeal=appeal, author=office.officer, **reply)
    services.open_letter(appeal=appeal, user=office.officer, at=NOON)
    services.add_note(appeal=appeal, author=office.officer, body="Hm.", written_at=NOON, key=uuid.uuid4())
    return appeal


def test_the_tests_role_cannot_pass_by_the_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND NOT (relrowsecurity AND relforcerowsecurity)",
            [[f"appeals_{table}" for table in PRIVATE_TABLES]],
        )
        assert cursor.fetchall() == []


def test_every_table_that_hangs_on_a_letter_is_guarded(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid"
            " WHERE k.confrelid = 'appeals_appeal'::regclass AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        assert cursor.fetchall() == []


def test_what_the_policies_ask_of_tables_is_planned_once_a_connection(db: None) -> None:
    """In SQL each statement would plan it anew, five times for one letter; functions of settings alone ask nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT proname FROM pg_proc JOIN pg_language AS l ON l.oid = prolang
            WHERE proname LIKE 'letters\\_%' AND prosrc ~* '\\mFROM\\M' AND lanname <> 'plpgsql'
            """
        )
        assert cursor.fetchall() == []


def test_without_a_word_nothing_is_seen_changed_or_erased(office: Office) -> None:
    answered_letter(office)
    new_report(office.world.city)
    with nobody():
        assert set(rows_seen().values()) == {0}
        assert Appeal.objects.update(state="spam") == 0
        assert Message.objects.update(sent_at=NOON) == 0
        assert LetterKey.objects.all().delete()[0] == 0
        assert CardReport.objects.update(state="new") == 0
        assert CardReport.objects.all().delete()[0] == 0


def test_a_notice_of_no_letter_is_seen_by_tasks_and_the_staff_alone(office: Office) -> None:
    report = new_report(office.world.city, email="reader@example.org")
    announce_to_reporter(report=report, at=NOON)
    announce_to_staff(reader=office.officer, side=Notice.Side.OFFICER, kind=Notice.Kind.DUE, event="due:1", at=NOON)
    letter = new_letter(office.world)
    for eyes in (nobody(), as_writer(hash_of_receipt(letter.receipt))):
        with eyes:
            assert not Notice.objects.exists()
            assert Notice.objects.update(state="waiting") == 0
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                announce_to_staff(
                    reader=office.officer, side=Notice.Side.OFFICER, kind=Notice.Kind.DUE, event="due:2", at=NOON
                )
    with as_staff(office.supervisor):
        assert Notice.objects.count() == 2
    with as_staff(office.officer):
        assert Notice.objects.get().reader == office.officer
    elsewhere, other = City.objects.create(slug="elsewhere", name_uk="Інше"), User.objects.create_user("e@example.org")
    Membership.objects.create(user=other, city=elsewhere, role="supervisor")
    with as_staff(other):
        assert not Notice.objects.exists()


def test_a_receipt_opens_its_letter_and_no_other(office: Office) -> None:
    mine, _other = new_letter(office.world), new_letter(office.world)
    with as_writer(hash_of_receipt(mine.receipt)):
        assert numbers_seen() == {mine.appeal.pk}
        assert LetterKey.objects.count() == 1


def test_the_database_shows_whom_visible_to_shows(office: Office) -> None:
    world, other = office.world, build_office("chuzhi", west=26.0)
    letters = {
        "north": new_letter(world).appeal,
        "mid": new_letter(world, district="2", point=None).appeal,
        "kept": new_letter(world, keep_from=KeepFrom.OFFICER).appeal,
        "foreign": new_letter(other.world, point=other.world.in_north).appeal,
    }
    moderator = user_with_role(world, "moderator", "moderator@example.org")
    coordinator = user_with_role(world, "coordinator", "coordinator@example.org")
    analyst = user_with_role(world, "analyst", "analyst@example.org")
    admin = User.objects.create_superuser("admin@example.org")
    leaver = user_with_role(world, "supervisor", "leaver@example.org")
    leaver.is_active = False
    leaver.save()
    both = user_with_role(world, "officer", "both@example.org")
    Membership.objects.create(user=both, city=world.city, role="supervisor")
    world.acting.user = both
    world.acting.save()
    expected = {
        office.officer: {"north"},
        office.supervisor: {"north", "mid", "kept"},
        other.officer: {"foreign"},
        other.supervisor: {"foreign"},
        both: {"north", "mid", "kept"},
        **{user: set() for user in (moderator, coordinator, analyst, admin, leaver)},
    }
    for user, names in expected.items():
        keys = {letters[name].pk for name in names}
        with as_staff(user):
            assert numbers_seen() == keys, user
        assert set(Appeal.objects.visible_to(user).values_list("pk", flat=True)) == keys, user


def test_a_moderator_sees_suspected_spam_but_no_protected_one(office: Office) -> None:
    moderator = user_with_role(office.world, "moderator", "moderator@example.org")
    spam, protected = new_letter(office.world).appeal, new_letter(office.world, category="domestic-violence").appeal
    for letter in (spam, protected):
        services.mark_spam(appeal=letter, by=office.supervisor, at=NOON)
    with as_staff(moderator):
        assert numbers_seen() == {spam.pk}
        assert [each.pk for each in Appeal.objects.suspected_in_cities_of(moderator)] == [spam.pk]
    assert not Appeal.objects.visible_to(moderator).exists()


def test_an_officer_sees_a_district_on_the_days_of_the_posting_alone(office: Office) -> None:
    new_letter(office.world)
    day = datetime.date(2024, 12, 31)  # the posting begins on 1 January 2025
    with as_staff(office.officer, on=day):
        assert numbers_seen() == set()


def test_an_administrator_reads_a_letter_for_an_hour_after_saying_why(office: Office) -> None:
    letter, _other = new_letter(office.world).appeal, new_letter(office.world)
    admin, now = User.objects.create_superuser("admin@example.org"), timezone.now()
    asked = {"city": office.world.city, "year": letter.year, "number": letter.number, "user": admin}
    assert open_for_reason(**asked, at=now - datetime.timedelta(minutes=61), reason="Long ago")
    assert open_for_reason(**asked, at=now, reason="  ")
    with as_staff(admin):
        assert numbers_seen() == set()
    assert open_for_reason(**asked, at=now, reason="The writer asked for help with the code")
    with as_staff(admin):
        assert numbers_seen() == {letter.pk}
        assert [each.pk for each in Appeal.objects.visible_to(admin)] == [letter.pk]
    with as_staff(office.supervisor):
        log = Opening.objects.select_related("appeal__sealed_by")
        assert "The writer asked for help with the code" in [each.reason for each in log]
    with as_staff(office.officer):
        assert not Opening.objects.exclude(user=office.officer).exists()


def test_nobody_inserts_a_letter_under_a_foreign_receipt(office: Office) -> None:
    letter = new_letter(office.world).appeal
    letter.pk, letter.number, letter.receipt_hash = None, 99, "foreign"
    for eyes in (access._Eyes(receipt="mine"), access._Eyes(user=str(office.supervisor.pk)), access._NOBODY):
        with pytest.raises(ProgrammingError, match="row-level security"), access._seeing(eyes):
            letter.save(force_insert=True)


@pytest.mark.parametrize(("model", "field"), [(Event, "at"), (Opening, "opened_at")])
def test_history_is_never_rewritten_not_even_by_a_task(
    office: Office, model: type[Event] | type[Opening], field: str
) -> None:
    answered_letter(office)
    rows = list(model.objects.values())
    assert rows
    for rewrite in (model.objects.all().delete, lambda: model.objects.update(**{field: timezone.now()})):
        with suppress(ProgrammingError), as_task("test"):
            rewrite()
        assert list(model.objects.values()) == rows


def test_one_context_inside_another_gives_it_back(office: Office) -> None:
    letter = new_letter(office.world)
    with as_staff(office.officer):
        with nobody():
            assert numbers_seen() == set()
        assert numbers_seen() == {letter.appeal.pk}
        with pytest.raises(ZeroDivisionError), as_task("failing"):
            1 / 0  # noqa: B018
        assert Appeal.objects.filter(pk=letter.appeal.pk).exists()
        with nobody(), pytest.raises(ZeroDivisionError), as_task("failing"):
            1 / 0  # noqa: B018
    assert access._current.get().task == "test"


def test_nobody_puts_in_a_letter_without_a_receipt(office: Office) -> None:
    letter = new_letter(office.world).appeal
    letter.pk, letter.number, letter.receipt_hash = None, 99, ""
    with pytest.raises(ProgrammingError, match="row-level security"), nobody():
        letter.save(force_insert=True)


def test_whoever_a_letter_is_kept_from_meets_it_by_no_other_door(office: Office) -> None:
    world, second = office.world, user_with_role(office.world, "supervisor", "second@example.org")
    kept = [
        new_letter(world, keep_from=KeepFrom.OFFICER).appeal,
        new_letter(world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=second.pk).appeal,
    ]
    for letter, user in zip(kept, (office.officer, second), strict=True):
        Membership.objects.create(user=user, city=world.city, role="moderator")
        services.mark_spam(appeal=letter, by=office.supervisor, at=NOON)
        asked = {"city": world.city, "year": letter.year, "number": letter.number, "user": user}
        for is_superuser in (False, True):
            User.objects.filter(pk=user.pk).update(is_superuser=is_superuser)
            user.refresh_from_db()
            open_for_reason(**asked, at=timezone.now(), reason="Curious")
            with as_staff(user):
                assert letter.pk not in numbers_seen()
            assert letter not in Appeal.objects.visible_to(user)
            assert letter not in Appeal.objects.suspected_in_cities_of(user)


def test_an_opening_dated_in_the_future_opens_nothing(office: Office) -> None:
    letter, admin = new_letter(office.world).appeal, User.objects.create_superuser("admin@example.org")
    later = timezone.now() + datetime.timedelta(days=1)
    services.open_letter(appeal=letter, user=admin, at=later, reason="For tomorrow")
    with as_staff(admin):
        assert numbers_seen() == set()
    assert not Appeal.objects.visible_to(admin).exists()


def test_the_reason_of_an_opening_rests_sealed(office: Office) -> None:
    letter = new_letter(office.world).appeal
    services.open_letter(appeal=letter, user=office.supervisor, at=NOON, reason="Пані Олена просила")
    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM appeals_opening AS o")
        assert "Олена" not in cursor.fetchone()[0]
    assert Opening.objects.get().reason == "Пані Олена просила"
