"""What a measure shall be, and whether it can be that."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.models import WORDS_MAX, MeasureVersion
from analysis.prevention.errors import BadDay, BadWords
from analysis.prevention.words import personal_part

State = MeasureVersion.State
LONGEST_AGO = datetime.timedelta(days=366)
"""A deed that lies further back is no longer recorded: what came after it has long been counted."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a measure shall be: `state` is planned or done, `on` a local day."""

    kind: str
    state: str
    on: datetime.date
    text: str = ""


def sound(draft: Draft, *, today: datetime.date) -> str:
    """Return the words of a draft as they are kept. Raises BadDay, BadWords."""
    if draft.state == State.DONE and draft.on > today:
        raise BadDay(_("What is done lies behind: choose today or an earlier day, or say that it is planned."))
    if draft.state == State.PLANNED and draft.on < today:
        raise BadDay(_("Its day has passed: say that it is done, or choose another day."))
    if abs(draft.on - today) > LONGEST_AGO:
        raise BadDay(_("Choose a day within a year."))
    text = worded(draft.text)
    if not text and draft.kind == MeasureVersion.Kind.OTHER:
        raise BadWords(_("Say in a few words what it is."))
    return text


def worded(text: str) -> str:
    """Return words as they are kept: on one line. Raises BadWords."""
    text = " ".join(text.replace("\x00", "").split())
    if len(text) > WORDS_MAX:
        raise BadWords(_("At most %(most)s characters.") % {"most": WORDS_MAX})
    if found := personal_part(text):
        raise BadWords(
            _(
                "“%(part)s” looks like a contact or a home. Write what was done, and nothing about a person or an"
                " address."
            )
            % {"part": found}
        )
    return text
