"""Who may propose a change of a card or text, and who decides: each refusal is a sentence."""

from collections.abc import Collection

from django.db.models import Model
from django.utils.translation import gettext as _

from geo.models import City
from people.models import Membership, Officer, Proposal, User
from people.subjects import CHECKED_ON, Values, city_of, subject_of, subjects, values_of


class ProposalRefused(Exception):
    """A change that the rules do not allow; the message is a sentence."""


class NotYoursToPropose(ProposalRefused):
    """Whoever proposes has nothing to do with this card or text."""


class NotYoursToDecide(ProposalRefused):
    """Whoever decides does not keep this card or text."""


class NothingChanges(ProposalRefused):
    """All is as it was."""


class ChangedMeanwhile(ProposalRefused):
    """The card or text is no longer as it was when whoever acts looked at it."""


class AlreadyDecided(ProposalRefused):
    """Somebody else has decided, or the proposer has taken it back."""


class ReasonMissing(ProposalRefused):
    """The proposer reads why, and has to."""


class SubjectGone(ProposalRefused):
    """The card or text is no longer there."""


class CannotBeUndone(ProposalRefused):
    """The fields have been changed again since, or there was nothing before."""


def may_decide(by: User, row: Model) -> bool:
    """Whether a person changes a card or text without asking, and decides about what others propose."""
    city = city_of(row)
    return by.is_active and (by.is_superuser or (city is not None and by.has_role(city, *subject_of(row).deciders)))


def may_decide_about(by: User, proposal: Proposal, row: Model | None) -> bool:
    """Whether a person decides about a proposal. `row` is what it is about; where that is gone (None), its kind and
    the city in which it was proposed tell.
    """
    if row is not None:
        return may_decide(by, row)
    roles = by.roles_in(proposal.city) if proposal.city else set()
    return by.is_active and proposal.kind in kinds_decided_by(roles, is_superuser=by.is_superuser)


def may_propose(by: User, row: Model, city: City) -> bool:
    """Whether a person in a city may ask for a change of a card or text: who may decide, and whose word is asked.

    An officer speaks for their own card, where they serve.
    """
    if may_decide(by, row):
        return True
    if not by.is_active or city_of(row) not in (None, city):
        return False
    own = isinstance(row, Officer) and row.user_id == by.pk and by.has_role(city, Membership.Role.OFFICER)
    return own or by.has_role(city, *subject_of(row).proposers)


def kinds_decided_by(roles: Collection[str], *, is_superuser: bool = False) -> list[str]:
    """The kinds about which somebody with these roles in a city decides there."""
    return [each.kind for each in subjects() if is_superuser or (each.is_of_city and set(roles) & set(each.deciders))]


def can_be_undone(change: Proposal, row: Model | None) -> bool:
    """Whether every field that a change changed still is as the change left it. What is closed is put back by hand.

    A check since then stands in nobody's way: its day stays.
    """
    return bool(what_undoing_puts_back(change, row))


def what_undoing_puts_back(change: Proposal, row: Model | None) -> Values:
    """The values of what a change replaced, where it can be undone; else nothing."""
    if row is None or not change.became or change.replaced is None:
        return {}
    changed = [name for name, value in change.became.items() if change.replaced.get(name) != value]
    known = subject_of(row).open_fields
    if any(name not in known or name not in change.replaced for name in changed):
        return {}
    again = [name for name, value in values_of(row, changed).items() if value != change.became[name]]
    if set(again) - {CHECKED_ON}:
        return {}
    return {name: change.replaced[name] for name in changed if name not in again}


def refuse_stranger(by: User, row: Model | None, proposal: Proposal | None = None) -> None:
    """Raise NotYoursToDecide unless a person decides about a card or text, or a proposal about one that is gone."""
    decides = may_decide_about(by, proposal, row) if proposal else row is not None and may_decide(by, row)
    if not decides:
        raise NotYoursToDecide(_("You may propose a change here; somebody else decides about it."))
