"""Moves along the table, each written down as an event in the same transaction."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _

from appeals.errors import NotPossibleNow
from appeals.models import Appeal, Event
from appeals.workflow import Move, MoveNotAllowed, State, after
from people.models import User


def locked(pk: int) -> Appeal:
    """Return a letter that nobody else changes until the transaction ends."""
    return Appeal.objects.with_key().select_for_update(of=("self",)).get(pk=pk)


def moved(
    appeal: Appeal,
    move: Move,
    *,
    at: datetime.datetime,
    by: User | None = None,
    reason: str = "",
    facts: Mapping[str, str | int | None] | None = None,
) -> None:
    """Change a letter's state by one move of the table and record it; the caller saves. Raises NotPossibleNow."""
    before = State(appeal.state)
    try:
        appeal.state = after(move, before)
    except MoveNotAllowed as error:
        raise NotPossibleNow(
            _("This is not possible: the letter is “%(state)s”.") % {"state": appeal.state_name}
        ) from error
    recorded(appeal, move, at=at, by=by, reason=reason, facts=facts, before=before)


def recorded(
    appeal: Appeal,
    kind: str,
    *,
    at: datetime.datetime,
    by: User | None = None,
    reason: str = "",
    facts: Mapping[str, str | int | None] | None = None,
    before: str = "",
) -> Event:
    """Write down what happened to a letter; `facts` holds keys and codes, never words of a person."""
    event = Event(
        appeal=appeal,
        kind=kind,
        at=at,
        by=by,
        state_before=before or appeal.state,
        state_after=appeal.state,
        facts=dict(facts or {}),
    )
    if reason:
        event.seal("reason", reason)
    event.save(force_insert=True)
    return event
