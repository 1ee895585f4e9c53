"""What mails say: nothing about anybody. Whoever looks over a shoulder learns that somebody was answered, no more."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from appeals.due import owed_by
from appeals.models import Notice
from appeals.notices import safe_address


def written(notice: Notice, *, on: datetime.date) -> EmailMessage | None:
    """Return the mail of a notice as it stands on a local day; None where nobody is to be told (any more), and for
    every letter of a training copy.

    Plain text, in the site's language. The same notice always has the same Message-ID: a mail that goes twice, because
    a person sent it again, is known as the same one by the mailbox.
    """
    address = _address(notice)
    if not address or (notice.appeal and notice.appeal.city.is_copy):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        worded: tuple[str, list[str]] | None
        match notice.side:
            case Notice.Side.WRITER:
                worded = _to_writer(notice)
            case Notice.Side.REPORTER:
                worded = _to_reporter()
            case _:
                worded = _to_staff(notice, on)
    if worded is None:
        return None
    subject, paragraphs = worded
    headers = {"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, "\n\n".join(paragraphs) + "\n", to=[address], headers=headers)


def message_id(notice: Notice) -> str:
    """Return the Message-ID, which tells nothing of the event it is made from."""
    digest = salted_hmac("appeals.mails", notice.event, algorithm="sha256").hexdigest()[:32]
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{digest}@{host}>"


def _address(notice: Notice) -> str:
    if notice.side == Notice.Side.WRITER:
        return safe_address(notice.appeal) if notice.appeal else ""
    if notice.report:
        return notice.report.email
    return notice.reader.email if notice.reader and notice.reader.is_active else ""


def _to_writer(notice: Notice) -> tuple[str, list[str]]:
    answered = notice.kind == Notice.Kind.ANSWERED
    return (
        _("You have an answer") if answered else _("You have a message"),
        [
            _("Good day."),
            _("You have an answer.") if answered else _("There is news for you."),
            _("To read it, open this page and enter the code that you were given when you wrote:"),
            settings.SITE_URL + reverse("letter"),
            _("For your safety nothing else stands here. Please do not reply: nobody reads this mailbox."),
        ],
    )


def _to_reporter() -> tuple[str, list[str]]:
    """As neutral as to the writer of a letter: which card somebody reported, of which city, is nobody's business."""
    return (
        _("You have an answer"),
        [
            _("Good day."),
            _("You have an answer."),
            _("To read it, open this page and enter the code that you were given when you wrote:"),
            settings.SITE_URL + reverse("mistake_answer"),
            _("For your safety nothing else stands here. Please do not reply: nobody reads this mailbox."),
        ],
    )


def _to_staff(notice: Notice, on: datetime.date) -> tuple[str, list[str]] | None:
    owed = owed_by(notice.reader, on=on) if notice.reader else None
    if not owed:
        return None
    return (
        _("Your office today"),
        [
            _("Good day."),
            _("Due today: %(due)d. Overdue: %(overdue)d.") % {"due": owed.due_today, "overdue": owed.overdue},
            _("Open your office:"),
            settings.SITE_URL + reverse("staff_home"),
        ],
    )
