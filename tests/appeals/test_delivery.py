"""The outbox's way out: every end that sending a mail can have, with a mail server that speaks SMTP."""

import datetime
import email
import email.policy
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import translation
from pytest_django import Settings

from appeals import delivery
from appeals.delivery import CLAIM_LASTS, TRY_AGAIN_AFTER, deliver, give_up_stale_claims
from appeals.jobs import queue_age
from appeals.mails import message_id
from appeals.models import AnswerBy, Appeal, Notice, Writer
from appeals.notices import send_again
from tests.appeals.conftest import Office
from tests.appeals.mail_server import MailServer, mail_server
from tests.appeals.test_notices import ADDRESS, answered, jobs
from tests.world import NOON


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the site is set up to use."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


@pytest.fixture
def notice(office: Office) -> Notice:
    """The notice of an answered letter."""
    answered(office)
    return Notice.objects.get()


def writer_says(address: str) -> None:
    """Let the writer of the only letter have chosen this address, or none."""
    appeal = Appeal.objects.with_key().get()
    appeal.seal("writer", json.dumps(asdict(Writer(email=address))))
    appeal.answer_by = AnswerBy.EMAIL if address else AnswerBy.RECEIPT
    appeal.save()


def at_noon() -> datetime.datetime:
    return NOON


def test_mail_goes_to_the_safe_address_and_says_how_to_come_back(notice: Notice, server: MailServer):
    with translation.override("en"):  # the language of whoever wrote the answer
        deliver(notice.pk, clock=at_noon)
    ((address, content),) = server.received
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert address == message["To"] == ADDRESS
    assert message["Subject"] == "Ви маєте відповідь"
    assert message["Message-ID"] == message_id(notice)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "/letters/" in message.get_content()
    assert "код" in message.get_content()
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.settled_at) == ("sent", 1, NOON)


def test_mail_is_sent_once_however_often_the_job_runs(notice: Notice, server: MailServer):
    for _ in range(3):
        deliver(notice.pk, clock=at_noon)
    assert len(server.received) == 1


def test_claim_of_another_worker_is_left_alone(notice: Notice, server: MailServer):
    Notice.objects.update(state="sending", claimed_at=NOON)
    deliver(notice.pk, clock=at_noon)
    assert server.received == []


def test_notice_that_two_workers_read_is_claimed_by_one(notice: Notice):
    one, other = (Notice.objects.get(pk=notice.pk) for _ in range(2))
    assert [delivery._claim(each, NOON) for each in (one, other)] == [True, False]


def test_claim_is_committed_before_the_mail_is_handed_over(notice: Notice, monkeypatch: pytest.MonkeyPatch):
    seen = []
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_args: seen.append(Notice.objects.get().state))
    deliver(notice.pk, clock=at_noon)
    assert seen == ["sending"]


@pytest.mark.parametrize("refusal", ["451 greylisted", "421 busy", "after 452 full"])
def test_mail_that_is_put_off_is_tried_later(notice: Notice, server: MailServer, refusal: str):
    server.behaviour = lambda _address: refusal
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, notice.tries, len(jobs())) == ("waiting", "put_off", 1, 2)
    server.behaviour = lambda _address: "ok"
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, notice.tries) == ("sent", "", 2)


@pytest.mark.parametrize("refusal", ["550 no such mailbox", "after 554 not here"])
def test_refused_mail_has_failed_and_waits_for_a_person(notice: Notice, server: MailServer, refusal: str):
    server.behaviour = lambda _address: refusal
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, len(jobs())) == ("failed", "refused", 1)
    assert list(Notice.objects.undelivered()) == [notice]


def test_mail_is_put_off_for_two_days_at_most(notice: Notice, settings: Settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    settings.EMAIL_HOST = "127.0.0.1"  # nobody listens there
    for tries in range(1, len(TRY_AGAIN_AFTER) + 1):
        deliver(notice.pk, clock=at_noon)
        notice.refresh_from_db()
        assert (notice.state, notice.trouble, notice.tries) == ("waiting", "unreachable", tries)
    assert len(jobs()) == 1 + len(TRY_AGAIN_AFTER)
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, len(jobs())) == ("failed", "unreachable", 1 + len(TRY_AGAIN_AFTER))
    assert datetime.timedelta(days=1) < sum(TRY_AGAIN_AFTER, datetime.timedelta()) < datetime.timedelta(days=2)


def test_mail_server_that_hangs_up_leaves_it_unknown_and_is_not_asked_again(
    notice: Notice, server: MailServer, caplog: pytest.LogCaptureFixture
):
    server.behaviour = lambda _address: "hang up"
    with caplog.at_level(logging.DEBUG):
        deliver(notice.pk, clock=at_noon)
        deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, len(server.received), len(jobs())) == ("unknown", "broken_off", 1, 1)
    assert ADDRESS not in caplog.text
    server.behaviour = lambda _address: "ok"
    send_again(notice=notice, at=NOON)
    deliver(notice.pk, clock=at_noon)
    first, second = server.message_ids()
    assert first == second, "the mailbox knows it for the same mail"


@pytest.mark.parametrize("address", ["двірник@example.org", "a@example.org\nBcc: b@example.org"])
def test_address_that_cannot_be_written_to_has_failed(notice: Notice, server: MailServer, address: str):
    writer_says(address)
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble, server.received) == ("failed", "address", [])


def test_notice_whose_writer_wants_no_mail_any_more_is_dropped(notice: Notice):
    writer_says("")
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, mail.outbox) == ("dropped", [])


def test_claim_that_nobody_settled_becomes_unknown_after_ten_minutes(notice: Notice):
    Notice.objects.update(state="sending", claimed_at=NOON)
    assert give_up_stale_claims(now=NOON + CLAIM_LASTS) == 0
    assert give_up_stale_claims(now=NOON + CLAIM_LASTS + datetime.timedelta(seconds=1)) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.trouble) == ("unknown", "broken_off")


def test_worker_that_was_only_slow_settles_its_own_claim_in_the_end(notice: Notice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_args: give_up_stale_claims(now=NOON + CLAIM_LASTS * 2))
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert (notice.state, notice.trouble) == ("sent", "")


def test_worker_of_an_old_claim_does_not_settle_what_a_person_sent_again(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
):
    def taken_away(*_args: object) -> None:
        give_up_stale_claims(now=NOON + CLAIM_LASTS * 2)
        send_again(notice=notice, at=NOON)

    monkeypatch.setattr(EmailBackend, "send_messages", taken_away)
    deliver(notice.pk, clock=at_noon)
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_age_of_the_queue_is_that_of_the_oldest_job_that_could_be_taken(notice: Notice):
    assert queue_age(now=NOON + datetime.timedelta(hours=2)) == datetime.timedelta(hours=1), "answered at one"
    assert queue_age(now=NOON) == datetime.timedelta(0), "before its time"
