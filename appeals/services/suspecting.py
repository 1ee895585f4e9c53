"""A moderator's second look at suspected spam: its text alone, never a protected letter or one kept from anybody."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.access import as_task
from appeals.errors import NotPossibleNow, NotYours
from appeals.models import SPAM_CONFIRMED, SPAM_DOUBTED, Appeal
from appeals.services.history import brought_back, locked, not_erased, recorded
from appeals.workflow import Move, Side
from people.models import User

TASK = "second look at spam"
"""A moderator may not see a letter any more once it is none of theirs: the move is the server's, in their name."""


def give_back(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Bring a letter back that is no spam: it is new to its officer, its clock was never stopped.

    Raises NotYours, NotPossibleNow.
    """
    _refuse_stranger(appeal, by)
    with as_task(TASK):
        letter = not_erased(locked(appeal.pk))
        brought_back(letter, at=at, side=Side.MODERATOR, by=by)
    return letter


@transaction.atomic
def confirm_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> None:
    """Say that a suspected letter is spam: nobody has to look again. Never by whoever set it aside.

    Raises NotYours, NotPossibleNow.
    """
    with as_task(TASK):
        set_aside = (
            appeal.events.filter(kind=Move.MARK_SPAM).order_by("-at", "-pk").values_list("by", flat=True).first()
        )
    if set_aside == by.pk:
        raise NotYours(_("You have set this letter aside yourself: another moderator takes the second look."))
    _said(SPAM_CONFIRMED, appeal, by=by, at=at)


@transaction.atomic
def doubt_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> None:
    """Take that back: the letter waits for a second look again. Raises NotYours, NotPossibleNow."""
    _said(SPAM_DOUBTED, appeal, by=by, at=at)


def _said(kind: str, appeal: Appeal, *, by: User, at: datetime.datetime) -> None:
    _refuse_stranger(appeal, by)
    with as_task(TASK):
        letter = not_erased(locked(appeal.pk))
        if letter.state != Appeal.State.SPAM or letter.spam_confirmed == (kind == SPAM_CONFIRMED):
            raise NotPossibleNow(_("Somebody has decided about this letter meanwhile."))
        letter.spam_confirmed = kind == SPAM_CONFIRMED
        letter.save(update_fields=["spam_confirmed"])
        recorded(letter, kind, at=at, by=by)


def _refuse_stranger(appeal: Appeal, by: User) -> None:
    if by.is_superuser or not Appeal.objects.suspected_in_cities_of(by).filter(pk=appeal.pk).exists():
        raise NotYours(_("This letter is not in your hands."))
