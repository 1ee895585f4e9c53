"""A report of a mistake rests sealed, and the database shows it to those who keep the cards and to its code alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db.utils import ProgrammingError
from pytest_django import Settings

from appeals import access
from appeals.access import as_staff, as_task, as_writer
from appeals.card_reports import answer_report, forget, report_by_code, take_report
from appeals.models import CardReport
from appeals.sealing import CannotUnseal
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_report
from tests.appeals.test_rotating import SECOND, rotate
from tests.appeals.test_row_level_security import nobody
from tests.world import NOON


def numbers_seen() -> set[int]:
    """The reports that the database shows now, with no condition of ours."""
    return set(CardReport.objects.values_list("pk", flat=True))


def test_reports_of_a_city_are_seen_by_those_who_keep_its_cards(office: Office) -> None:
    own, foreign = new_report(office.world.city), new_report(build_office("inshe", west=26.0).world.city)
    for role, seen in (
        ("moderator", {own.pk}), ("coordinator", {own.pk}), ("supervisor", {own.pk}), ("officer", set()),
        ("analyst", set()),
    ):  # fmt: skip
        user = user_with_role(office.world, role, f"{role}@example.org")
        with as_staff(user):
            assert numbers_seen() == seen, role
        user.is_active = False
        user.save()
        with as_staff(user):
            assert numbers_seen() == set(), role
    with as_staff(User.objects.create_superuser("admin@example.org")):
        assert numbers_seen() == {own.pk, foreign.pk}
    with as_task("mail"):
        assert numbers_seen() == {own.pk, foreign.pk}


def test_a_code_opens_its_report_and_no_other_and_changes_none(office: Office) -> None:
    mine, _other = new_report(office.world.city), new_report(office.world.city)
    with as_writer(mine.code_hash):
        assert numbers_seen() == {mine.pk}
        assert CardReport.objects.update(state="new") == 0
        assert CardReport.objects.all().delete()[0] == 0


def test_the_public_sends_a_report_and_reads_its_answer_under_no_eyes_of_the_staff(office: Office) -> None:
    words = {"text": "Не той телефон", "email": "reader@example.org", "key": "0123456789abcdef"}
    with nobody():
        code = take_report(city=office.world.city, district_code="1", caller="192.0.2.1", at=NOON, **words)
        assert numbers_seen() == set()
        found = report_by_code(code, caller="192.0.2.1", at=NOON)
    assert (found.text, found.email) == ("Не той телефон", "reader@example.org")


def test_nobody_puts_in_a_report_under_another_code(office: Office) -> None:
    report = new_report(office.world.city)
    report.pk, report.code_hash = None, "foreign"
    for eyes in (access._Eyes(receipt="mine"), access._Eyes(user=str(office.supervisor.pk)), access._NOBODY):
        with pytest.raises(ProgrammingError, match="row-level security"), access._seeing(eyes):
            CardReport.objects.bulk_create(
                [report], ignore_conflicts=True
            )  # asks for no row back: no policy of looking


@pytest.mark.parametrize("eyes", [lambda office: as_staff(office.supervisor), lambda _office: as_task("mail")])
def test_reports_are_erased_by_their_task_alone(
    office: Office, eyes: Callable[[Office], AbstractContextManager[None]]
) -> None:
    new_report(office.world.city)
    with eyes(office):
        CardReport.objects.all().delete()
    assert CardReport.objects.exists()
    with as_task("erase"):
        CardReport.objects.all().delete()
    assert not CardReport.objects.exists()


def test_staff_of_another_city_settle_nothing(office: Office) -> None:
    report = new_report(office.world.city)
    with as_staff(build_office("inshe", west=26.0).supervisor):
        assert CardReport.objects.update(answer="Чуже") == 0
    with as_staff(office.supervisor):
        answer_report(by=office.supervisor, report=report, is_mended=True, answer="Так", at=NOON)
    report.refresh_from_db()
    assert report.answer == "Так"


def test_words_of_one_report_cannot_be_read_in_the_row_of_another(office: Office) -> None:
    first, second = (new_report(office.world.city, email="reader@example.org") for _ in range(2))
    CardReport.objects.filter(pk=second.pk).update(wrapped=first.wrapped, text_sealed=first.text_sealed)
    moved = CardReport.objects.get(pk=second.pk)
    with pytest.raises(CannotUnseal):
        _ = moved.text
    CardReport.objects.filter(pk=first.pk).update(text_sealed=first.email_sealed)
    with pytest.raises(CannotUnseal):
        _ = CardReport.objects.get(pk=first.pk).text


def test_keys_of_reports_come_under_the_new_key_of_the_server(office: Office, settings: Settings) -> None:
    report = new_report(office.world.city, email="reader@example.org")
    settings.LETTER_KEYS = f"{SECOND},{settings.LETTER_KEYS}"
    assert rotate(batch=1) == "1 keys wrapped anew; all are wrapped by “second”.\n"
    settings.LETTER_KEYS = SECOND
    report = CardReport.objects.get()
    assert (report.text, report.email) == ("Не той телефон", "reader@example.org")


def test_what_is_due_is_forgotten_without_a_word_from_outside(office: Office) -> None:
    new_report(office.world.city, email="reader@example.org", reported_at=NOON.replace(year=NOON.year - 2))
    with nobody():
        assert forget(at=NOON) == (1, 1)
