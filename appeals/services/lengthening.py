"""Longer terms for formal appeals: a month where one needs study, 45 days where the head of the body extends it."""

import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appeals import deadlines
from appeals.errors import TermRefused
from appeals.models import Appeal, Notice, clock_of
from appeals.notices import announce
from appeals.services.history import moved, side_of, taken
from appeals.workflow import Move
from geo.moments import local_day
from people.models import User


@transaction.atomic
def study(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Say that a formal appeal needs study: it is due a month after receipt.

    Raises NotYours, NotPossibleNow, TermRefused.
    """
    appeal = taken(appeal, by=by, at=at)
    calendar, terms = clock_of(appeal.city)
    try:
        until = deadlines.study_due_on(appeal.clock_from, decided_on=local_day(at), calendar=calendar, terms=terms)
    except deadlines.TermAlreadyOver as error:
        raise TermRefused(_("The term is over: it can be lengthened no more.")) from error
    if until <= appeal.answer_due_on:
        raise TermRefused(_("The letter has this term already."))
    return _due(appeal, Move.STUDY, until, by, at)


@transaction.atomic
def extend(*, appeal: Appeal, until: datetime.date, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """Extend the month of a formal appeal, up to 45 days after receipt; the writer reads why (393/96-ВР, article 20).

    Raises NotYours, NotPossibleNow, TextMissing, TermRefused.
    """
    appeal = taken(appeal, by=by, at=at)
    calendar, terms = clock_of(appeal.city)
    start = appeal.clock_from
    if appeal.answer_due_on < terms.study.after(start, calendar):
        raise TermRefused(_("Say first that the appeal needs study: only that month can be extended."))
    if until <= appeal.answer_due_on:
        raise TermRefused(_("The new day must be later than the one that is set."))
    try:
        until = deadlines.extended_due_on(start, until=until, decided_on=local_day(at), calendar=calendar, terms=terms)
    except deadlines.TermAlreadyOver as error:
        raise TermRefused(_("The term is over: it can be lengthened no more.")) from error
    except deadlines.ExtensionTooLong as error:
        latest = deadlines.latest_extension(start, calendar=calendar, terms=terms)
        raise TermRefused(
            _("The law lets it be extended to %(day)s at most.") % {"day": date_format(latest, "d.m.Y")}
        ) from error
    return _due(appeal, Move.EXTEND, until, by, at, reason)


def _due(appeal: Appeal, move: Move, until: datetime.date, by: User, at: datetime.datetime, reason: str = "") -> Appeal:
    facts = {"from": appeal.answer_due_on.isoformat(), "to": until.isoformat()}
    event = moved(appeal, move, at=at, side=side_of(by, appeal), by=by, reason=reason, facts=facts)
    appeal.answer_due_on = until
    appeal.save(update_fields=["answer_due_on"])
    announce(appeal=appeal, kind=Notice.Kind.EXTENDED, event=f"extend:{event.pk}", at=at)
    return appeal
