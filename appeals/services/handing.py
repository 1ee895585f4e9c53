"""Letters change hands: to a neighbouring district, up to the supervisors, out to another body.

A letter that is handed on may leave the sight of whoever hands it on, and row-level security lets nobody change a row
into one that they may not see. So the right to do it is asked under the person's own eyes, and the change is made as a
task of the server. The writer is told the new addressee in the conversation (`appeals.telling`).
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals import deadlines
from appeals.access import as_task
from appeals.errors import NotPossibleNow, UnknownAddressee, UnknownBody
from appeals.models import Addressee, Appeal, Body, Lane, Notice, clock_of
from appeals.notices import announce
from appeals.routing import standing, supervisors_of
from appeals.services.history import FIRST_WORD, answered_first, moved, side_of, taken
from appeals.workflow import Move
from geo.models import District
from people.models import Officer, User

TO_SUPERVISORS = ""
"""Stands in an event where the code of the new district would: no code is empty."""


@transaction.atomic
def transfer(*, appeal: Appeal, to: District, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """Hand a letter to whoever answers for another district of the city; state and deadline stay.

    Also how supervisors reassign, and give back what was handed up to them: then `to` may be the letter's own
    district. Within its district a letter goes to whoever answers there now, where that is another than it names.
    Raises NotYours, TextMissing, NotPossibleNow, UnknownAddressee.
    """
    appeal = taken(appeal, by=by, at=at)
    if appeal.recused_officer_id or appeal.recused_supervisor_id:
        raise NotPossibleNow(_("The writer asked to keep this letter from somebody: it stays with the supervisors."))
    if to.city_id != appeal.city_id or not District.objects.in_force_at(at).filter(pk=to.pk).exists():
        raise UnknownAddressee(_("There is no such district."))
    now = standing(appeal.city, to.code, at=at)
    if to.pk == appeal.district_id and appeal.addressee == Addressee.OFFICER and now.officer in {None, appeal.officer}:
        raise NotPossibleNow(_("The letter is in this district already."))
    officer, why = now.officer, now.why
    return _handed(appeal, Addressee.OFFICER, to=to, officer=officer, why=why, by=by, at=at, reason=reason)


@transaction.atomic
def hand_up(*, appeal: Appeal, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """Hand a letter to the supervisors of the city; the officers of its district see it no longer.

    Raises NotYours, TextMissing, NotPossibleNow.
    """
    appeal = taken(appeal, by=by, at=at)
    if appeal.addressee == Addressee.SUPERVISOR:
        raise NotPossibleNow(_("The supervisors have this letter already."))
    if not supervisors_of(appeal.city):
        raise NotPossibleNow(_("The city has no supervisor who could take it."))
    why = Appeal.Why.HANDED
    return _handed(appeal, Addressee.SUPERVISOR, to=appeal.district, officer=None, why=why, by=by, at=at, reason=reason)


def _handed(
    appeal: Appeal,
    addressee: Addressee,
    *,
    to: District,
    officer: Officer | None,
    why: Appeal.Why,
    by: User,
    at: datetime.datetime,
    reason: str,
) -> Appeal:
    facts = {
        "from": appeal.district.code,
        "to": TO_SUPERVISORS if addressee == Addressee.SUPERVISOR else to.code,
        "officer": officer.key if officer else None,
    }
    side = side_of(by, appeal)
    with as_task("transfer"):
        event = moved(appeal, Move.TRANSFER, at=at, side=side, by=by, reason=reason, facts=facts)
        appeal.district, appeal.addressee, appeal.officer, appeal.why = to, addressee, officer, why
        appeal.save(update_fields=["district", "addressee", "officer", "why"])
        announce(appeal=appeal, kind=Notice.Kind.TRANSFERRED, event=f"transfer:{event.pk}", at=at)
    return appeal


def forward_by(appeal: Appeal) -> datetime.date | None:
    """Return the last day on which the law lets an appeal be forwarded; None for a message, which has no such term.

    A later day forbids nothing: the letter would lie where nobody is competent.
    """
    calendar, terms = clock_of(appeal.city)
    is_formal = appeal.lane == Lane.FORMAL
    return deadlines.forward_due_on(appeal.clock_from, calendar=calendar, terms=terms) if is_formal else None


@transaction.atomic
def forward(*, appeal: Appeal, to: Body, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """Send a letter on to the body that is competent; it ends here (393/96-ВР, article 7: within five days).

    Raises NotYours, TextMissing, NotPossibleNow, UnknownBody.
    """
    appeal = taken(appeal, by=by, at=at)
    if not Body.objects.of(appeal.city).filter(pk=to.pk).exists():
        raise UnknownBody(_("There is no such body in this city."))
    side = side_of(by, appeal)
    event = moved(appeal, Move.FORWARD, at=at, side=side, by=by, reason=reason, facts={"body": to.pk})
    appeal.forwarded_to = to
    answered_first(appeal, at=at)
    appeal.save(update_fields=["state", "forwarded_to", *FIRST_WORD])
    announce(appeal=appeal, kind=Notice.Kind.FORWARDED, event=f"forward:{event.pk}", at=at)
    return appeal
