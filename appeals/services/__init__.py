"""What can be done with letters.

Deeds of a writer run in a transaction of their own (`durable`): what they return is already committed, so no answer is
sent for a letter that could still be lost. Deeds of the staff run under the eyes of whoever does them
(`appeals.access.as_staff`), and are committed when that context ends, before the page is sent.
"""

from appeals.services.deciding import accept, close, mark_spam, not_spam, reply
from appeals.services.reading import appeal_by_receipt, open_for_reason, open_letter, read_by_writer
from appeals.services.sending import LETTER_STAGES, Submitted, letters_open_in, submit_appeal
from appeals.services.words import EMAIL_MAX, TEXT_MAX
from appeals.services.writing import add_writer_message, complete, correct, rate, reopen, upgrade, withdraw

__all__ = [
    "EMAIL_MAX",
    "LETTER_STAGES",
    "TEXT_MAX",
    "Submitted",
    "accept",
    "add_writer_message",
    "appeal_by_receipt",
    "close",
    "complete",
    "correct",
    "letters_open_in",
    "mark_spam",
    "not_spam",
    "open_for_reason",
    "open_letter",
    "rate",
    "read_by_writer",
    "reopen",
    "reply",
    "submit_appeal",
    "upgrade",
    "withdraw",
]
