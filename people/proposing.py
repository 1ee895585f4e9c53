"""Changing what the public reads: propose, approve, decline, take back, undo. A direct change is approved at once.

`shown` is the fingerprint (`people.subjects.fingerprint`) of the card or text that whoever acts had before their eyes:
nothing is written over what they have not seen.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from geo.models import City
from people.models import Officer, Proposal, User
from people.proposal_rules import (
    AlreadyDecided,
    CannotBeUndone,
    ChangedMeanwhile,
    NothingChanges,
    NotYoursToPropose,
    ReasonMissing,
    SubjectGone,
    may_propose,
    refuse_stranger,
    what_undoing_puts_back,
)
from people.subjects import Values, city_of, differing, fingerprint, found, put, subject_of, values_of

State = Proposal.State


@transaction.atomic
def propose(
    *, by: User, city: City, row: Model, changes: Mapping[str, Any], why: str, shown: str, at: datetime.datetime
) -> Proposal:
    """Ask whoever keeps a card or text to change it; `changes` are values as JSON holds them, by field.

    The same words asked twice, as by a form sent twice, are one proposal for as long as it waits; a file that is sent
    twice is two files.
    Raises NotYoursToPropose, ChangedMeanwhile, NothingChanges, ReasonMissing, ValidationError.
    """
    row = _locked(row)
    if not may_propose(by, row, city):
        raise NotYoursToPropose(_("This is not yours to change."))
    about, was, new = _about(row, city), *_checked(row, changes, shown)
    if not why.strip():
        raise ReasonMissing(_("Say why: whoever decides reads it."))
    asked = {**about, "was": was, "proposed": new, "why": why.strip(), "by": by}
    return Proposal.objects.waiting().filter(**asked).first() or Proposal.objects.create(**asked, at=at)


@transaction.atomic
def change(
    *, by: User, city: City, row: Model, changes: Mapping[str, Any], shown: str, at: datetime.datetime, why: str = ""
) -> Proposal:
    """Change a card or text at once, by whoever decides about it.

    Raises NotYoursToDecide, ChangedMeanwhile, NothingChanges, ValidationError.
    """
    row = _locked(row)
    refuse_stranger(by, row)
    about, was, new = _about(row, city), *_checked(row, changes, shown)
    subject_of(row).save(row, new, by=by, at=at)
    return _approved_at_once(about, was=was, new=new, by=by, at=at, why=why.strip())


@transaction.atomic
def approve(
    *, by: User, proposal: Proposal, shown: str, at: datetime.datetime, changes: Mapping[str, Any] | None = None
) -> Proposal:
    """Carry out what was proposed, or what the one who decides has made of it (`changes`).

    Raises AlreadyDecided, SubjectGone, NotYoursToDecide, ChangedMeanwhile, ValidationError.
    """
    proposal, row = _waiting(proposal)
    if row is None:
        raise SubjectGone(_("What was to be changed is no longer there."))
    refuse_stranger(by, row)
    if fingerprint(row) != shown:
        raise _changed_meanwhile()
    now = values_of(row, subject_of(row).open_fields)
    wanted = {name: value for name, value in (changes or proposal.proposed).items() if name in now}
    put(row, differing(now, wanted))
    new = differing(now, values_of(row, now))
    subject_of(row).save(row, new, by=by, at=at)
    names = [name for name in now if name in proposal.proposed or name in new]
    proposal.replaced, proposal.became = {name: now[name] for name in names}, values_of(row, names)
    return _decided(proposal, State.APPROVED, by, at)


@transaction.atomic
def decline(*, by: User, proposal: Proposal, reason: str, at: datetime.datetime) -> Proposal:
    """Leave all as it is, for a reason that the proposer reads.

    Raises AlreadyDecided, NotYoursToDecide, ReasonMissing.
    """
    proposal, row = _waiting(proposal)
    refuse_stranger(by, row, proposal)
    if not reason.strip():
        raise ReasonMissing(_("Say why: whoever proposed it reads it."))
    proposal.reason = reason.strip()
    return _decided(proposal, State.DECLINED, by, at)


@transaction.atomic
def withdraw(*, by: User, proposal: Proposal, at: datetime.datetime) -> Proposal:
    """Take one's own proposal back. Raises AlreadyDecided, NotYoursToPropose."""
    proposal, _row = _waiting(proposal)
    if proposal.by != by:
        raise NotYoursToPropose(_("Only whoever proposed it takes it back."))
    return _decided(proposal, State.WITHDRAWN, by, at)


@transaction.atomic
def undo(*, by: User, city: City, done: Proposal, at: datetime.datetime) -> Proposal:
    """Put back what a change replaced, as a new change. Raises SubjectGone, NotYoursToDecide, CannotBeUndone."""
    row = found(done)
    if row is None:
        raise SubjectGone(_("What was to be changed is no longer there."))
    row = _locked(row)
    refuse_stranger(by, row)
    back = what_undoing_puts_back(done, row)
    if not back:
        raise CannotBeUndone(_("This was changed again since. Look at what stands there now, and change that."))
    about, was = _about(row, city), values_of(row, back)
    put(row, back)
    subject_of(row).save(row, back, by=by, at=at)
    return _approved_at_once(about, was=was, new=back, by=by, at=at, undoes=done)


def written_down(
    row: Model, before: Values | None, *, by: User | None, through: Proposal.Through, at: datetime.datetime
) -> Proposal | None:
    """Write down what a file, the administration or a check has changed; `before` None: the card is new.

    Belongs into the transaction of the change. Returns None where nothing changed that is written down.
    """
    new = differing(before or {}, values_of(row))
    if before is None:
        new = {name: value for name, value in new.items() if value not in ("", None, [])}
    if not new:
        return None
    was = {name: before[name] for name in new} if before is not None else {}
    return _approved_at_once(_about(row, city_of(row)), was=was, new=new, by=by, at=at, through=through)


def _locked(row: Model) -> Model:
    """The card or text as it is now, held until the deed is done. Raises SubjectGone."""
    locked = subject_of(row).locked(row)
    if locked is None:
        raise SubjectGone(_("What was to be changed is no longer there."))
    return locked


def _waiting(proposal: Proposal) -> tuple[Proposal, Model | None]:
    """A proposal that still waits, and what it is about, both held. Raises AlreadyDecided."""
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state != State.WAITING:
        raise AlreadyDecided(_("This is decided already."))
    row = found(proposal)
    return proposal, None if row is None else _locked(row)


def _about(row: Model, city: City | None) -> dict[str, Any]:
    return {"city": city, "kind": subject_of(row).kind, "subject_pk": row.pk, "subject_name": _name_of(row)}


def _name_of(row: Model) -> str:
    """What a card or text is called, in Ukrainian, whoever asks."""
    return str(getattr(row, "name_uk", row))[:200]


def _checked(row: Model, changes: Mapping[str, Any], shown: str) -> tuple[Values, Values]:
    """Set what changes, checked; return what those fields were and are.

    Raises ChangedMeanwhile, NothingChanges, ValidationError.
    """
    if fingerprint(row) != shown:
        raise _changed_meanwhile()
    before = values_of(row, subject_of(row).open_fields)
    put(row, {name: value for name, value in differing(before, changes).items() if name in before})
    new = differing(before, values_of(row, before))
    if not new:
        raise NothingChanges(_("Nothing is changed yet."))
    return {name: before[name] for name in new}, new


def _changed_meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(_("Somebody has changed this since you opened the page. Look at what stands there now."))


def _approved_at_once(about: Mapping[str, Any], *, was: Values, new: Values, **more: Any) -> Proposal:
    """Write down a change that needed nobody's word."""
    return Proposal.objects.create(
        **about, was=was, proposed=new, replaced=was, became=new, state=State.APPROVED,
        decided_by=more["by"], decided_at=more["at"], **more,
    )  # fmt: skip


def _decided(proposal: Proposal, state: Proposal.State, by: User, at: datetime.datetime) -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.save()
    _forget_photo_that_no_card_shows(proposal)
    return proposal


def _forget_photo_that_no_card_shows(proposal: Proposal) -> None:
    """Delete the file of a photo that was proposed and not taken, once that is committed: it is somebody's face."""
    name = proposal.proposed.get("photo")
    if name and not Officer.objects.filter(photo=name).exists():
        storage = Officer._meta.get_field("photo").storage
        transaction.on_commit(lambda: storage.delete(name))
