"""The outbox's way in: an event is announced in the transaction that makes it, and a job is enqueued with it.

Either all of them are committed or none: no mail for what did not happen, and none forgotten. docs/adr/0008.
"""

import datetime

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector

from appeals.models import AnswerBy, Appeal, CardReport, Notice
from geo.models import City
from people.models import User

DELIVER = "appeals.deliver"
"""Name of the job that sends one notice (`appeals.jobs`)."""
QUEUE = "mail"
_jobs = App(connector=DjangoConnector())
"""On Django's connection, and so in its transaction: inside a worker the Django app's own connector is a pool."""


class NothingToSendAgain(Exception):
    """The notice is neither failed nor unknown any more: somebody else has decided, or it has been sent."""


def safe_address(appeal: Appeal) -> str:
    """Return the e-mail that the writer marked as safe for notices, or an empty string.

    The only place that reads it for mail. A formal appeal's e-mail is no such mark: the law asks for it.
    """
    return appeal.writer.email if appeal.answer_by == AnswerBy.EMAIL else ""


def announce(*, appeal: Appeal, kind: Notice.Kind, event: str, at: datetime.datetime) -> Notice | None:
    """Let the writer be told of an event, once: `event` is its key, such as `reply:17`.

    Belongs inside the transaction that makes the event. Returns None, and leaves no trace, where the writer wants no
    mail. In a training copy it is written down, and never sent. Raises TransactionManagementError outside a
    transaction.
    """
    if not safe_address(appeal):
        return None
    return _announce(event, appeal=appeal, city=appeal.city, side=Notice.Side.WRITER, kind=kind, announced_at=at)


def announce_to_staff(
    *, reader: User, side: Notice.Side, kind: Notice.Kind, event: str, at: datetime.datetime
) -> Notice:
    """Let one of the staff be told of an event, once, as `announce` does."""
    return _announce(event, reader=reader, side=side, kind=kind, announced_at=at)


def announce_to_reporter(*, report: CardReport, at: datetime.datetime) -> Notice | None:
    """Let whoever reported a mistake on a card be told that there is an answer, as `announce` does."""
    if not report.email:
        return None
    return _announce(
        f"report:{report.pk}", report=report, city=report.city, side=Notice.Side.REPORTER,
        kind=Notice.Kind.ANSWERED, announced_at=at,
    )  # fmt: skip


def send_again(*, notice: Notice, at: datetime.datetime) -> Notice:
    """Try a failed or perhaps sent mail anew, because a person wants it. Raises NothingToSendAgain."""
    with transaction.atomic():
        taken = Notice.objects.undelivered().filter(pk=notice.pk)
        if not taken.update(state=Notice.State.WAITING, trouble="", tries=0, claimed_at=None, settled_at=None):
            raise NothingToSendAgain
        enqueue(notice, at=at)
    notice.refresh_from_db()
    return notice


def enqueue(notice: Notice, *, at: datetime.datetime) -> None:
    """Enqueue the job that sends a notice, not before a moment, in the transaction of what calls for it."""
    _jobs.configure_task(DELIVER, queue=QUEUE, schedule_at=at).defer(notice_id=notice.pk)


def _announce(event: str, **fields: object) -> Notice:
    if not connection.in_atomic_block:
        raise TransactionManagementError("A notice and its job are written in the transaction of their event.")
    of_exercise = isinstance(city := fields.get("city"), City) and city.is_copy
    if of_exercise:
        fields |= {"state": Notice.State.DROPPED, "settled_at": fields["announced_at"]}
    notice, is_new = Notice.objects.get_or_create(event=event, defaults=fields)
    if is_new and not of_exercise:
        enqueue(notice, at=notice.announced_at)
    return notice
