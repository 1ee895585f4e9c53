"""States and moves in words, for staff and writers alike."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.workflow import Move, State

STATE_NAMES: Final = {
    State.RECEIVED: _("new"),
    State.ACCEPTED: _("accepted"),
    State.IN_PROGRESS: _("in progress"),
    State.ANSWERED: _("answered"),
    State.REOPENED: _("asked again"),
    State.FORWARDED: _("forwarded to another body"),
    State.RETURNED: _("returned to be completed"),
    State.CLOSED: _("closed"),
    State.SPAM: _("spam"),
}
"""Where a letter stands."""

MOVE_NAMES: Final = {
    Move.ACCEPT: _("Accept"),
    Move.START_WORK: _("Start work"),
    Move.STUDY: _("It needs study: one month"),
    Move.EXTEND: _("Extend the term"),
    Move.ANSWER: pgettext_lazy("what an officer does with a letter", "Answer"),
    Move.ASK_AGAIN: _("Ask again"),
    Move.REOPEN: _("Reopen"),
    Move.WITHDRAW: _("Withdraw the letter"),
    Move.CLOSE: _("Close the letter"),
    Move.FORWARD: _("Forward to another body"),
    Move.RETURN: _("Return with an explanation"),
    Move.COMPLETE: _("Complete and send again"),
    Move.TRANSFER: _("Transfer to a neighbouring officer"),
    Move.UPGRADE: _("Make it a formal appeal"),
    Move.MARK_SPAM: _("It is spam"),
    Move.NOT_SPAM: _("It is not spam"),
}
"""What can be done with a letter: the words on its button."""
