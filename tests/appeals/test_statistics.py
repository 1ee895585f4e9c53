"""Statistics of a city: read from letters as they were answered, and silent about what would tell of one writer."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appeals.access import as_staff, as_writer
from appeals.answer_times import Figures, Times
from appeals.models import Appeal, KeepFrom, Rating
from appeals.services import accept, close, rate, reopen, reply, withdraw
from appeals.statistics import Statistics, Whose, statistics_of
from geo.models import District
from people.models import Officer, User
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

SEEN_ON = TODAY + datetime.timedelta(days=10)
"""A Thursday: eight working days after NOON's Monday."""


def answered(office: Office, appeal: Appeal, at: datetime.datetime) -> None:
    with as_staff(office.supervisor, on=TODAY):
        reply(appeal=appeal, author=office.supervisor, body="Done.", sent_at=at, key=uuid.uuid4())


def statistics(office: Office, user: User | None = None, *, on: datetime.date = SEEN_ON) -> Statistics[District]:
    return statistics_by(District, office, user, on=on)


def statistics_by(
    by: type[Whose], office: Office, user: User | None = None, *, on: datetime.date = SEEN_ON
) -> Statistics[Whose]:
    user = user or office.supervisor
    with as_staff(user, on=TODAY):
        return statistics_of(office.world.city, user, by=by, first=TODAY, last=on, on=on)


def districts(found: Statistics[District]) -> dict[str, int]:
    return {district.code: figures.n for district, figures in found.rows}


def test_first_answer_counts_whatever_is_said_later(office: Office) -> None:
    sent = new_letter(office.world)
    answered(office, sent.appeal, later(days=1))
    answered(office, sent.appeal, later(days=4))
    found = statistics(office)
    assert found.total == Figures(Times({1: 1}), in_time=1, asked=1)
    assert statistics_by(Officer, office).rows == ((office.world.officer, found.total),)


def test_a_day_begins_at_midnight_in_kyiv(office: Office) -> None:
    """Half past twelve on Monday, half past one on Tuesday: in UTC the evenings before."""
    for received_at in (NOON - datetime.timedelta(hours=11.5), NOON + datetime.timedelta(hours=13.5)):
        answered(office, new_letter(office.world, received_at=received_at).appeal, later(days=2))
    assert statistics(office).total.times == Times({1: 1, 2: 1})


def test_answer_after_the_promised_day_is_late_though_the_clock_starts_anew(office: Office) -> None:
    sent = new_letter(office.world)
    answered(office, sent.appeal, later(days=3))
    with as_staff(office.supervisor, on=TODAY):
        close(appeal=sent.appeal, by=office.supervisor, at=later(days=3, hours=1), reason="It is over.")
    reopen(receipt=sent.receipt, body="It is not.", sent_at=later(days=8), key=uuid.uuid4())
    found = statistics(office)
    assert (found.total.times, found.total.late, found.total.in_time) == (Times({3: 1}), 1, 0)


def test_open_letter_counts_as_long_as_it_has_waited_and_is_late_once_overdue(office: Office) -> None:
    new_letter(office.world)
    assert statistics(office).total == Figures(Times(waiting={8: 1}), late=1)
    still_to_come = statistics(office, on=TODAY + datetime.timedelta(days=1)).total
    assert (still_to_come.times, still_to_come.decided) == (Times(waiting={1: 1}), 0)


@pytest.mark.parametrize("state", ["answered", "returned"])
def test_no_way_in_leaves_an_answer_without_its_day(office: Office, state: str) -> None:
    """A letter that was put in past the services would count as withdrawn."""
    letter = new_letter(office.world).appeal
    answered = Appeal.objects.filter(pk=letter.pk)
    with pytest.raises(IntegrityError, match="first_word"), transaction.atomic():
        answered.update(state=state, accepted_at=NOON, answered_on=TODAY)
    assert answered.update(state=state, accepted_at=NOON, answered_on=TODAY, first_word_on=TODAY) == 1


def test_accepting_is_no_answer(office: Office) -> None:
    sent = new_letter(office.world)
    with as_staff(office.supervisor, on=TODAY):
        accept(appeal=sent.appeal, by=office.supervisor, at=NOON)
    assert statistics(office).total.unanswered == 1


def test_withdrawn_letter_and_suspected_spam_are_in_no_figure(office: Office) -> None:
    withdraw(receipt=new_letter(office.world).receipt, at=later(hours=1))
    spam = new_letter(office.world).appeal
    with as_writer(spam.receipt_hash):
        Appeal.objects.filter(pk=spam.pk).update(state="spam", suspected_at=NOON)
    found = statistics(office)
    assert (found.total.n, found.withdrawn) == (0, 1)


def test_satisfaction_has_its_n_and_how_many_were_asked(office: Office) -> None:
    one, two = new_letter(office.world), new_letter(office.world)
    for sent in (one, two):
        answered(office, sent.appeal, later(hours=1))
    rate(receipt=one.receipt, rating=Rating.YES, at=later(hours=2))
    total = statistics(office).total
    assert (total.ratings, total.rated, total.asked) == ({"yes": 1}, 1, 2)


def test_protected_and_kept_letters_are_counted_in_the_total_alone(office: Office) -> None:
    new_letter(office.world)
    new_letter(office.world, category="domestic-violence")
    new_letter(office.world, keep_from=KeepFrom.OFFICER)
    found = statistics(office)
    assert (found.total.n, districts(found)) == (3, {"1": 1})
    assert [figures.n for _officer, figures in statistics_by(Officer, office).rows] == [1]


def test_letter_kept_from_a_supervisor_is_in_none_of_their_figures(office: Office) -> None:
    other = user_with_role(office.world, "supervisor", "other@example.org")
    new_letter(office.world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=other.pk)
    assert statistics(office, other).total.n == 0
    assert statistics(office).total.n == 1


def test_statistics_ask_as_often_for_many_letters_as_for_one(office: Office) -> None:
    new_letter(office.world)
    with CaptureQueriesContext(connection) as few:
        statistics(office)
    for district, point in (("2", office.world.in_mid), ("3", office.world.in_south)):
        for n in range(3):
            new_letter(office.world, district=district, point=point, received_at=later(hours=n))
    with CaptureQueriesContext(connection) as many:
        assert statistics(office).total.n == 7
    assert len(many) == len(few)
