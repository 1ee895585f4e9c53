"""Moves along the table, each written down as an event in the same transaction."""

import datetime
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext as _

from appeals import workflow
from appeals.errors import NotPossibleNow, NotYours, TextMissing
from appeals.models import Appeal, Event
from appeals.workflow import Move, MoveNotAllowed, ReasonMissing, Side, State, TooLateToReopen
from geo.moments import local_day
from people.models import Membership, User

Facts = Mapping[str, str | int | None]


def one_at_a_time(pk: int) -> None:
    """Wait until no other deed of the letter's writer or of a moderator goes on; held until the transaction ends.

    A moderator who prepares a letter for the site may not lock it: they never change it. Taken before `locked`, or the
    two could wait for each other: a row of a moderator's that refers to the letter waits for its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('appeals.publishing', %s))", [pk])


def locked(pk: int) -> Appeal:
    """Return a letter that nobody else changes until the transaction ends."""
    return Appeal.objects.with_key().select_for_update(of=("self",)).get(pk=pk)


def not_erased(appeal: Appeal) -> Appeal:
    """Return the letter. Raises NotPossibleNow where it was erased: nothing is said or written about it any more."""
    if appeal.is_erased:
        raise NotPossibleNow(_("The letter was erased: its term was over. You can write a new letter."))
    return appeal


def taken(appeal: Appeal, *, by: User, at: datetime.datetime) -> Appeal:
    """Return a letter, locked, for a deed of somebody of the staff who may read it that day. Raises NotYours.

    An administrator who opened it for a reason reads it, and does nothing with it. Raises NotPossibleNow where it was
    erased meanwhile.
    """
    mine = Appeal.objects.visible_to(by, on=local_day(at)).filter(pk=appeal.pk)
    if by.is_superuser or not mine.exists():
        raise NotYours(_("This letter is not in your hands."))
    return not_erased(locked(appeal.pk))


def side_of(user: User, appeal: Appeal) -> Side:
    """Return on which side of the table of moves a member of staff stands: a supervisor of the city, or an officer."""
    supervised = user.cities_by_role()[Membership.Role.SUPERVISOR]
    return Side.SUPERVISOR if appeal.city_id in supervised else Side.OFFICER


def moved(
    appeal: Appeal,
    move: Move,
    *,
    at: datetime.datetime,
    side: Side,
    by: User | None = None,
    reason: str = "",
    facts: Facts | None = None,
) -> Event:
    """Change a letter's state by one move of the table and record it; the caller saves.

    Raises NotPossibleNow, and TextMissing where the move asks for a reason.
    """
    before = State(appeal.state)
    try:
        appeal.state = workflow.make(
            move,
            before,
            by=side,
            lane=workflow.Lane(appeal.lane),
            on=local_day(at),
            reason=reason,
            answered_on=appeal.answered_on,
        )
    except ReasonMissing as error:
        raise TextMissing(_("Say why: the writer reads it.")) from error
    except TooLateToReopen as error:
        raise NotPossibleNow(
            _("More than %(days)s days have passed since the last answer. You can write a new letter.")
            % {"days": workflow.REOPEN_DAYS}
        ) from error
    except MoveNotAllowed as error:
        raise NotPossibleNow(
            _("This is not possible: the letter is “%(state)s”.") % {"state": appeal.state_name}
        ) from error
    return recorded(appeal, move, at=at, by=by, reason=reason, facts=facts, before=before)


def brought_back(appeal: Appeal, *, at: datetime.datetime, side: Side, by: User) -> None:
    """Bring a letter back from spam as a new one, and save it; its clock was never stopped. Raises NotPossibleNow."""
    moved(appeal, Move.NOT_SPAM, at=at, side=side, by=by)
    appeal.accepted_at, appeal.suspected_at, appeal.spam_confirmed = None, None, False
    appeal.save(update_fields=["state", "accepted_at", "suspected_at", "spam_confirmed"])


FIRST_WORD = ("first_word_on", "first_due_on")
"""What `answered_first` writes down; whoever calls it saves them."""


def answered_first(appeal: Appeal, *, at: datetime.datetime) -> None:
    """Write down when the writer first heard from the office, and by when it owed that; later words change nothing.

    An answer, a reason for closing without one, the word to whom it was forwarded, or what an appeal lacked.
    """
    if appeal.first_word_on is None:
        appeal.first_word_on, appeal.first_due_on = local_day(at), appeal.answer_due_on


def recorded(
    appeal: Appeal,
    kind: str,
    *,
    at: datetime.datetime,
    by: User | None = None,
    reason: str = "",
    facts: Facts | None = None,
    before: str = "",
) -> Event:
    """Write down what happened to a letter; `facts` holds keys and codes, never words of a person."""
    event = event_of(appeal, kind, at=at, by=by, facts=facts, before=before)
    if reason:
        event.seal("reason", reason)
    event.save(force_insert=True)
    return event


def event_of(
    appeal: Appeal,
    kind: str,
    *,
    at: datetime.datetime,
    by: User | None = None,
    facts: Facts | None = None,
    before: str = "",
) -> Event:
    """Return an entry of the history that is not written down yet."""
    return Event(
        appeal=appeal,
        kind=kind,
        at=at,
        by=by,
        state_before=before or appeal.state,
        state_after=appeal.state,
        facts=dict(facts or {}),
    )
