"""A supervisor hands several letters over with one reason: an officer leaves, or one has too many."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.errors import LetterRefused, NotYours, TextMissing
from appeals.models import Appeal
from appeals.services.handing import transfer
from appeals.services.history import side_of
from appeals.workflow import Side
from geo.models import District
from people.models import User


@dataclass(frozen=True, slots=True)
class Reassigned:
    """What came of it: the letters that were handed over, and for each that was not, why."""

    handed: tuple[Appeal, ...]
    refused: tuple[tuple[Appeal, str], ...]


@transaction.atomic
def reassign(
    *, appeals: Sequence[Appeal], to: District | None, by: User, at: datetime.datetime, reason: str
) -> Reassigned:
    """Hand letters of one city to whoever answers for a district, or (`to` None) each to who answers in its own now.

    Each is a transfer of its own: in its history, and told to its writer with the reason. What cannot be handed over is
    left as it is, and said. Raises NotYours where `by` does not supervise the city, TextMissing without a reason.
    """
    if any(side_of(by, appeal) is not Side.SUPERVISOR for appeal in appeals):
        raise NotYours(_("Only a supervisor of the city reassigns letters."))
    if not reason.strip():
        raise TextMissing(_("Say why: the writer reads it."))
    handed, refused = [], []
    for appeal in sorted(appeals, key=lambda each: each.received_at):  # two who do so lock the days of letters alike
        try:
            handed.append(transfer(appeal=appeal, to=to or appeal.district, by=by, at=at, reason=reason))
        except LetterRefused as refusal:
            refused.append((appeal, str(refusal)))
    return Reassigned(tuple(handed), tuple(refused))
