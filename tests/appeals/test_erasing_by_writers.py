"""What a writer has erased, and what they are told is held."""

import uuid
from typing import Any

import pytest

from appeals import services
from appeals.errors import NotPossibleNow
from appeals.models import Appeal, Erasure
from appeals.workflow import State
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.appeals.over import CONTACTS, FIVE, YEAR, whole_letter
from tests.world import NOON

Why = Erasure.Why

FORMAL: dict[str, Any] = CONTACTS | {"lane": "formal", "residence": "Місто, вулиця 1"}


def test_a_writer_has_name_and_contacts_erased_and_reads_on_with_the_receipt(office: Office) -> None:
    sent = new_letter(office.world, **CONTACTS)
    services.erase_own_contacts(receipt=sent.receipt, at=later(days=1))
    services.erase_own_contacts(receipt=sent.receipt, at=later(days=2))
    letter = services.appeal_by_receipt(sent.receipt)
    assert (letter.writer.name, letter.writer.email, letter.answer_by) == ("", "", "receipt")
    assert letter.text
    [stone] = letter.erasures.all()
    assert (stone.why, stone.erased_at) == (Why.WRITER, later(days=1))
    services.add_writer_message(receipt=sent.receipt, body="Still here.", sent_at=later(days=2), key=uuid.uuid4())


def test_a_formal_appeal_keeps_its_name_while_it_is_considered_and_without_it_is_considered_no_more(
    office: Office,
) -> None:
    sent = new_letter(office.world, **FORMAL)
    with pytest.raises(NotPossibleNow, match="Поки звернення розглядають"):
        services.erase_own_contacts(receipt=sent.receipt, at=NOON)
    letter = Appeal.objects.with_key().get()
    services.reply(appeal=letter, author=office.supervisor, body="Done.", sent_at=NOON, key=uuid.uuid4())
    services.erase_own_contacts(receipt=sent.receipt, at=NOON)
    with pytest.raises(NotPossibleNow, match="не можуть розглядати знову"):
        services.add_writer_message(receipt=sent.receipt, body="And?", sent_at=NOON, key=uuid.uuid4())
    assert services.appeal_by_receipt(sent.receipt).state == State.ANSWERED


def test_the_writer_is_told_what_is_held(office: Office) -> None:
    waiting, over = new_letter(office.world), whole_letter(office)
    services.open_letter(appeal=over.appeal, user=office.officer, at=NOON)
    held = services.held_about(services.appeal_by_receipt(waiting.receipt))
    assert (held.over_on, held.letter_until, held.has_contacts, held.openings) == (None, None, False, 0)
    held = services.held_about(services.appeal_by_receipt(over.receipt))
    assert (held.contacts_until, held.letter_until) == (YEAR, FIVE)
    assert (held.has_contacts, held.can_erase_contacts, held.openings, held.readers) == (True, True, 2, 2)
