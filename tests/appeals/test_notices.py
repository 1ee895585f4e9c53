"""The outbox's way in: an event, its notice and its job are one."""

import uuid

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from appeals import services
from appeals.access import as_staff
from appeals.delivery import deliver
from appeals.models import Appeal, Message, Notice, Writer
from appeals.notices import NothingToSendAgain, announce, safe_address, send_again
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import later, new_letter
from tests.world import NOON

ADDRESS = "canary.writer@example.org"


def answered(office: Office, **letter: object) -> tuple[Appeal, Message]:
    """Return a letter, and the officer's answer to it."""
    appeal = new_letter(office.world, **({"email": ADDRESS, "answer_by": "email"} | letter)).appeal
    with as_staff(office.officer):
        reply = services.reply(
            appeal=appeal, author=office.officer, body="Canary answer.", sent_at=later(hours=1), key=uuid.uuid4()
        )
    return appeal, reply


def jobs() -> list[dict[str, int]]:
    """Return what the jobs in the queue carry."""
    return list(ProcrastinateJob.objects.order_by("pk").values_list("args", flat=True))


def test_an_answer_is_announced_and_enqueued(office: Office):
    appeal, reply = answered(office)
    notice = Notice.objects.get()
    assert (notice.event, notice.appeal, notice.side, notice.state) == (
        f"reply:{reply.pk}",
        appeal,
        "writer",
        "waiting",
    )
    assert jobs() == [{"notice_id": notice.pk}]
    assert mail.outbox == [], "the mail is the worker's"


def test_an_event_is_announced_once(office: Office):
    appeal, reply = answered(office)
    again = announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event=f"reply:{reply.pk}", at=NOON)
    assert again == Notice.objects.get()
    assert len(jobs()) == 1
    services.reply(appeal=appeal, author=office.officer, body="Canary answer.", sent_at=NOON, key=reply.key)
    assert len(jobs()) == 1, "a repeated submission adds nothing"


def test_writer_without_a_safe_address_leaves_no_trace(office: Office):
    answered(office, answer_by="receipt")
    assert (Notice.objects.count(), jobs()) == (0, [])


def test_rollback_leaves_neither_notice_nor_job(office: Office):
    appeal = new_letter(office.world, email=ADDRESS, answer_by="email").appeal
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event="reply:1", at=NOON)
        assert len(jobs()) == 1
        raise ZeroDivisionError
    assert (Notice.objects.count(), jobs()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_outside_the_transaction_of_its_event():
    office = build_office()
    appeal = new_letter(office.world, email=ADDRESS, answer_by="email").appeal
    with pytest.raises(TransactionManagementError):
        announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event="reply:1", at=NOON)
    assert (Notice.objects.count(), jobs()) == (0, [])


def test_neither_the_notice_nor_the_queue_holds_a_word_of_the_letter(office: Office):
    appeal, _reply = answered(office, text="Canary text.", name="Canary Name", category="domestic-violence")
    words = ["canary", "Canary", appeal.category.slug, appeal.category.name_uk, appeal.public_number, "noise"]
    tables = [table for table in connection.introspection.table_names() if table.startswith("procrastinate_")]
    assert "procrastinate_jobs" in tables
    with connection.cursor() as cursor:
        for table in [*tables, "appeals_notice"]:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608
            held = cursor.fetchone()[0]
            assert [word for word in words if word in held] == [], table


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_a_person_sends_an_undelivered_mail_again(office: Office, state: str):
    answered(office)
    Notice.objects.update(state=state, settled_at=NOON, claimed_at=NOON, tries=8, trouble="unreachable")
    notice = send_again(notice=Notice.objects.get(), at=later(hours=2))
    assert (notice.state, notice.tries, notice.trouble, notice.claimed_at) == ("waiting", 0, "", None)
    assert len(jobs()) == 2
    with pytest.raises(NothingToSendAgain):
        send_again(notice=notice, at=later(hours=2))


def test_the_sites_role_may_use_the_queue_and_owns_none_of_it(db: None):
    role = "dilnychnyi_web"
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT bool_and(has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
                      AND bool_and(pg_get_userbyid(relowner) <> %(role)s)
               FROM pg_class c WHERE relkind = 'r' AND relname LIKE 'procrastinate%%'""",
            {"role": role},
        )
        assert cursor.fetchone() == (True,)
        cursor.execute(
            """SELECT bool_and(has_sequence_privilege(%(role)s, c.oid, 'USAGE')) FROM pg_class c
               WHERE relkind = 'S' AND relname LIKE 'procrastinate%%'""",
            {"role": role},
        )
        assert cursor.fetchone() == (True,)
        cursor.execute(
            """SELECT bool_and(has_function_privilege(%(role)s, p.oid, 'EXECUTE')), bool_or(prosecdef) FROM pg_proc p
               WHERE proname LIKE 'procrastinate%%'""",
            {"role": role},
        )
        assert cursor.fetchone() == (True, False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    email=st.sampled_from(["", "a@example.org", "b+tag@sub.example.org"]),
    category=st.sampled_from(["noise", "domestic-violence", "question"]),
    name=st.sampled_from(["", "Олена Тестова", "someone@else.example.org"]),
    text=st.text(max_size=40).map(lambda text: f"Canary {text} canary"),
    kinds=st.lists(st.sampled_from([kind for kind in Notice.Kind.values if kind != "due"]), min_size=1, max_size=3),
    given_for_the_law=st.booleans(),
)
def test_no_mail_leaves_but_to_the_safe_contact(
    office: Office, email: str, category: str, name: str, text: str, kinds: list[str], given_for_the_law: bool
):
    mail.outbox.clear()
    sent = new_letter(
        office.world, email=email, answer_by="email" if email else "receipt", category=category, name=name, text=text
    )
    appeal = sent.appeal
    if given_for_the_law and not email and appeal.protected:
        law = Writer(name="Тестова Особа", residence="Перша, 1", email="asked.by.law@example.org")
        appeal = services.upgrade(receipt=sent.receipt, writer=law, at=NOON)
    for number, kind in enumerate(kinds):
        announce(appeal=appeal, kind=Notice.Kind(kind), event=f"{appeal.pk}:{number}", at=NOON)
    for notice in appeal.notices.all():
        deliver(notice.pk, clock=lambda: NOON)
    assert safe_address(appeal) == email
    assert [message.recipients() for message in mail.outbox] == [[email]] * (len(kinds) if email else 0)
    assert {message.subject for message in mail.outbox} <= {"Ви маєте відповідь", "Ви маєте повідомлення"}
    for message in mail.outbox:
        worded = message.subject + message.body
        topic = appeal.category
        for secret in (
            "anary",
            name,
            appeal.public_number,
            topic.name_uk,
            topic.name_en,
            topic.slug,
            office.world.city,
        ):
            assert not secret or str(secret) not in worded
        assert (message.attachments, message.cc, message.bcc, message.content_subtype) == ([], [], [], "plain")
        assert "<img" not in worded
