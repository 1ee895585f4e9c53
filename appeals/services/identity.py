"""Who must say who they are: the law's formal appeal, and nobody else."""

from django.utils.translation import gettext as _

from appeals.drafts import Draft
from appeals.errors import BadDraft, NeedsIdentity
from appeals.models import AnswerBy, KeepFrom, Lane, Stance, Writer

CHOICES = {
    "lane": tuple(Lane.values),
    "stance": tuple(Stance.values),
    "answer_by": tuple(AnswerBy.values),
    "keep_from": tuple(KeepFrom.values),
}


def identified(lane: str, writer: Writer) -> None:
    """Let a writer pass who said enough for the lane: law 393/96-ВР, article 5. Raises NeedsIdentity."""
    if lane != Lane.FORMAL:
        return
    if not (writer.name.strip() and writer.residence.strip()):
        raise NeedsIdentity(_("A formal appeal needs your name and place of residence; a message does not."))
    if not (writer.email.strip() or writer.phone.strip()):
        raise NeedsIdentity(_("A formal appeal needs an e-mail or a phone for the answer."))


def writer_of(draft: Draft) -> Writer:
    """Return what a draft says of its writer; a contact only where it may be used.

    Raises BadDraft for a choice that there is not, NeedsIdentity where the chosen contact, or what the lane asks, is
    missing.
    """
    for name, choices in CHOICES.items():
        if (value := getattr(draft, name)) not in choices:
            known = ", ".join(choices)
            raise BadDraft(_("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": known})
    if draft.answer_by == AnswerBy.EMAIL and not draft.email.strip():
        raise NeedsIdentity(_("Write the e-mail, or choose to come back with the receipt."))
    if draft.answer_by == AnswerBy.PHONE and not draft.phone.strip():
        raise NeedsIdentity(_("Write the phone, or choose to come back with the receipt."))
    formal = draft.lane == Lane.FORMAL
    writer = Writer(
        name=draft.name,
        residence=draft.residence if formal else "",
        email=draft.email if formal or draft.answer_by == AnswerBy.EMAIL else "",
        phone=draft.phone if formal or draft.answer_by == AnswerBy.PHONE else "",
    )
    identified(draft.lane, writer)
    return writer
