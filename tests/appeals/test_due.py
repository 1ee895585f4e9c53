"""What is due and overdue is told once a day: to whom it concerns, in numbers alone."""

import datetime
from functools import partial

import pytest
from django.core import mail

from appeals.delivery import deliver
from appeals.due import Owed, announce_due, owed_by
from appeals.models import Appeal, Notice
from people.models import Leave, Membership, Posting, User
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import OPEN_ENDED, TODAY

DUE = TODAY + datetime.timedelta(days=2)
"""When a message of TODAY, a Monday, is due."""
MORNING = datetime.datetime(2026, 6, 3, 4, 0, tzinfo=datetime.UTC)
"""Seven in the morning in Kyiv on DUE."""
DAY = datetime.timedelta(days=1)


def told() -> dict[str, str]:
    """Send what is announced, and return subject and body of each mail by its address."""
    mail.outbox.clear()
    for notice in Notice.objects.filter(state="waiting"):
        deliver(notice.pk, clock=partial(getattr, notice, "announced_at"))
    return {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}


def test_officer_hears_what_is_due_today_and_the_supervisor_what_is_overdue(office: Office):
    new_letter(office.world)
    new_letter(office.world)
    assert announce_due(now=MORNING - DAY) == 0, "nothing is due yet"
    assert announce_due(now=MORNING) == 1
    mails = told()
    assert list(mails) == [office.officer.email]
    assert "Строк сьогодні: 2. Прострочено: 0." in mails[office.officer.email]
    assert announce_due(now=MORNING + DAY) == 2
    mails = told()
    assert set(mails) == {office.officer.email, office.supervisor.email}
    assert all("Строк сьогодні: 0. Прострочено: 2." in text for text in mails.values())


def test_mail_to_staff_holds_numbers_and_a_way_in_and_nothing_of_the_letters(office: Office):
    appeal = new_letter(office.world, category="domestic-violence", text="Canary", name="Canary").appeal
    announce_due(now=MORNING)
    (text,) = told().values()
    assert "/staff/" in text
    for secret in ("anary", appeal.public_number, appeal.category.name_uk, office.world.city.name_uk):
        assert secret not in text


def test_each_is_told_once_a_day_within_office_hours(office: Office):
    new_letter(office.world)
    hours = [MORNING + datetime.timedelta(hours=hour) for hour in range(-7, 17)]
    assert [announce_due(now=hour) for hour in hours] == [0] * 7 + [1] + [0] * 16
    assert Notice.objects.get().event == f"due:{office.officer.pk}:2026-06-03"


def test_worker_that_was_down_in_the_morning_tells_later(office: Office):
    new_letter(office.world)
    assert announce_due(now=MORNING + datetime.timedelta(hours=11)) == 1
    Notice.objects.all().delete()
    assert announce_due(now=MORNING + datetime.timedelta(hours=12)) == 0, "after seven in the evening nobody is told"


def test_letter_that_was_answered_in_the_meantime_is_not_told_of(office: Office):
    new_letter(office.world)
    announce_due(now=MORNING)
    Appeal.objects.update(state="answered", accepted_at=MORNING, first_word_on=MORNING.date())
    assert told() == {}
    assert Notice.objects.get().state == "dropped"


def test_officer_on_leave_is_left_in_peace_and_the_supervisor_hears_at_once(office: Office):
    new_letter(office.world)
    Leave.objects.create(officer=office.world.officer, during=(DUE, DUE + DAY))
    assert owed_by(office.officer, on=DUE) == Owed(0, 0)
    assert owed_by(office.supervisor, on=DUE) == Owed(1, 0)


def test_where_an_officer_serves_the_supervisor_hears_only_of_what_is_overdue(office: Office):
    new_letter(office.world, district="3", point=office.world.in_south)
    new_letter(office.world)
    assert owed_by(office.supervisor, on=DUE) == Owed(1, 0), "the south is vacant"
    assert owed_by(office.supervisor, on=DUE + DAY) == Owed(0, 2)


def test_who_is_both_officer_and_supervisor_gets_one_mail(office: Office):
    Membership.objects.create(user=office.officer, city=office.world.city, role="supervisor")
    new_letter(office.world)
    new_letter(office.world, district="3", point=office.world.in_south)
    assert owed_by(office.officer, on=DUE) == Owed(2, 0)
    assert announce_due(now=MORNING) == 2, "and the other supervisor"
    assert len(told()) == 2


@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator"])
def test_who_reads_no_letters_hears_nothing(office: Office, role: str):
    new_letter(office.world)
    reader = user_with_role(office.world, role, f"{role}@example.org")
    assert owed_by(reader, on=DUE) == Owed(0, 0)
    announce_due(now=MORNING)
    assert reader.email not in told()


def test_who_has_left_hears_nothing(office: Office):
    new_letter(office.world)
    announce_due(now=MORNING)
    User.objects.filter(pk=office.officer.pk).update(is_active=False)
    assert told() == {}
    assert announce_due(now=MORNING + DAY) == 1, "the supervisor alone"


def test_officer_who_was_posted_elsewhere_hears_of_the_new_district_alone(office: Office):
    new_letter(office.world)
    Posting.objects.filter(officer=office.world.officer).delete()
    Posting.objects.create(officer=office.world.officer, district=office.world.south, during=OPEN_ENDED)
    assert owed_by(office.officer, on=DUE) == Owed(0, 0)
