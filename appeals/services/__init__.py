"""What can be done with letters.

Deeds of a writer run in a transaction of their own (`durable`): what they return is already committed, so no answer is
sent for a letter that could still be lost. Deeds of the staff run under the eyes of whoever does them
(`appeals.access.as_staff`), and are committed when that context ends, before the page is sent.
"""

from appeals.services.deciding import (
    accept,
    close,
    mark_spam,
    not_spam,
    reply,
    return_by,
    return_to_writer,
    start_work,
)
from appeals.services.erasing import erase_own_contacts
from appeals.services.handing import forward, forward_by, hand_up, transfer
from appeals.services.holding import Held, held_about
from appeals.services.keeping import add_note, change_category, register
from appeals.services.lengthening import extend, study
from appeals.services.publishing import (
    Publishing,
    agree_to_version,
    allow_publishing,
    decline_version,
    forbid_publishing,
    offer_version,
    open_as_moderator,
    publishing_of,
    refuse_publishing,
    suggested,
)
from appeals.services.reading import (
    appeal_by_receipt,
    conversation_by_receipt,
    open_for_reason,
    open_letter,
    open_photo,
    photo_by_receipt,
    read_by_writer,
)
from appeals.services.reassigning import Reassigned, reassign
from appeals.services.sending import Submitted, letters_open_in, submit_appeal, was_sent
from appeals.services.suspecting import confirm_spam, doubt_spam, give_back
from appeals.services.words import EMAIL_MAX, REASON_MAX, TEXT_MAX
from appeals.services.writing import add_writer_message, complete, correct, rate, reopen, upgrade, withdraw

__all__ = [
    "EMAIL_MAX",
    "REASON_MAX",
    "TEXT_MAX",
    "Held",
    "Publishing",
    "Reassigned",
    "Submitted",
    "accept",
    "add_note",
    "add_writer_message",
    "agree_to_version",
    "allow_publishing",
    "appeal_by_receipt",
    "change_category",
    "close",
    "complete",
    "confirm_spam",
    "conversation_by_receipt",
    "correct",
    "decline_version",
    "doubt_spam",
    "erase_own_contacts",
    "extend",
    "forbid_publishing",
    "forward",
    "forward_by",
    "give_back",
    "hand_up",
    "held_about",
    "letters_open_in",
    "mark_spam",
    "not_spam",
    "offer_version",
    "open_as_moderator",
    "open_for_reason",
    "open_letter",
    "open_photo",
    "photo_by_receipt",
    "publishing_of",
    "rate",
    "read_by_writer",
    "reassign",
    "refuse_publishing",
    "register",
    "reopen",
    "reply",
    "return_by",
    "return_to_writer",
    "start_work",
    "study",
    "submit_appeal",
    "suggested",
    "transfer",
    "upgrade",
    "was_sent",
    "withdraw",
]
