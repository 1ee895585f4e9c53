"""The outbox's way out: a worker claims a notice, sends its mail, and writes down what became of it.

The claim is committed before the mail is handed over. Whoever dies in between leaves a claim behind; nobody can know
whether the mail went, so it is not sent again by itself: the notice becomes `unknown` and a person decides.
"""

import contextlib
import datetime
import logging
from collections.abc import Callable
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException

from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from appeals.access import as_task
from appeals.mails import written
from appeals.models import Notice, NoticeQuerySet
from appeals.notices import enqueue
from geo.moments import local_day

State, Trouble = Notice.State, Notice.Trouble
MAIL = "mail"
"""The task under which letters are read: whom to tell, and that it was done."""
CLAIM_LASTS = datetime.timedelta(minutes=10)
"""Longer than a mail server may take (settings.EMAIL_TIMEOUT, 30 s, for each of a mail's few steps)."""
TRY_AGAIN_AFTER = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""Waits between tries: nearly two days in all, as long as mail servers themselves keep trying at least."""
PERMANENT = 500
"""From this number on a mail server's answer is final (RFC 5321, section 4.2.1)."""

logger = logging.getLogger(__name__)


def deliver(notice_id: int, *, clock: Callable[[], datetime.datetime]) -> None:
    """Send the mail of a waiting notice; of any other, or one that another worker has claimed, do nothing."""
    with as_task(MAIL):
        waiting = Notice.objects.select_related("appeal__sealed_by", "reader", "report__city").filter(
            state=State.WAITING
        )
        notice = waiting.filter(pk=notice_id).first()
        if notice is None:
            return
        message = written(notice, on=local_day(clock()))
        if message is None:
            waiting.filter(pk=notice.pk).update(state=State.DROPPED, settled_at=clock())
            return
    mailbox: BaseEmailBackend = mail.get_connection()
    with contextlib.suppress(SMTPException), contextlib.closing(mailbox):  # what is said at parting changes nothing
        try:
            mailbox.open()
        except (OSError, SMTPException):
            if _claim(notice, clock()):
                _try_later(notice, Trouble.UNREACHABLE, clock())
            return
        if _claim(notice, clock()):
            _hand_over(notice, message, mailbox, clock)


def give_up_stale_claims(*, now: datetime.datetime) -> int:
    """Mark what workers claimed and never settled as `unknown`. Returns how many."""
    with as_task(MAIL):
        return Notice.objects.claimed_before(now - CLAIM_LASTS).update(
            state=State.UNKNOWN, trouble=Trouble.BROKEN_OFF, settled_at=now
        )


def _claim(notice: Notice, at: datetime.datetime) -> bool:
    """Commit that this worker, and no other, sends the notice now."""
    waiting = Notice.objects.filter(pk=notice.pk, state=State.WAITING)
    with as_task(MAIL, durable=True):
        is_ours = waiting.update(state=State.SENDING, claimed_at=at, tries=F("tries") + 1) == 1
    notice.claimed_at = at
    notice.tries += 1
    return is_ours


def _hand_over(
    notice: Notice, message: EmailMessage, mailbox: BaseEmailBackend, clock: Callable[[], datetime.datetime]
) -> None:
    try:
        if not message.to[0].rpartition("@")[0].isascii():
            raise ValueError("Django would encode the name of the mailbox, and so write to another one")
        mailbox.send_messages([message])
    except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
        if _code(refusal) < PERMANENT:
            _try_later(notice, Trouble.PUT_OFF, clock())
        else:
            _settle(notice, State.FAILED, Trouble.REFUSED, clock())
    except (SMTPNotSupportedError, ValueError):  # of the address or a header: nothing was handed over
        _settle(notice, State.FAILED, Trouble.ADDRESS, clock())
    except Exception as error:  # the mail may have gone before whatever happened: only a person may send it again
        # The words of the error may name the address, and so may its traceback.
        logger.error("notice %s: perhaps sent (%s)", notice.pk, type(error).__name__)
        _settle(notice, State.UNKNOWN, Trouble.BROKEN_OFF, clock())
    else:
        _settle(notice, State.SENT, Trouble.NONE, clock())


def _code(refusal: SMTPRecipientsRefused | SMTPResponseException) -> int:
    if isinstance(refusal, SMTPResponseException):
        return int(refusal.smtp_code)
    return max(code for code, _words in refusal.recipients.values())


def _try_later(notice: Notice, trouble: Notice.Trouble, now: datetime.datetime) -> None:
    if notice.tries > len(TRY_AGAIN_AFTER):
        _settle(notice, State.FAILED, trouble, now)
        return
    with as_task(MAIL, durable=True):
        if _claimed(notice).update(state=State.WAITING, trouble=trouble, settled_at=None):
            enqueue(notice, at=now + TRY_AGAIN_AFTER[notice.tries - 1])


def _settle(notice: Notice, state: Notice.State, trouble: Notice.Trouble, now: datetime.datetime) -> None:
    with as_task(MAIL):
        _claimed(notice).update(state=state, trouble=trouble, settled_at=now)


def _claimed(notice: Notice) -> NoticeQuerySet:
    """Return the notice under this very claim, even if it was given up as stale in the meantime."""
    return Notice.objects.filter(pk=notice.pk, claimed_at=notice.claimed_at, state__in=[State.SENDING, State.UNKNOWN])
