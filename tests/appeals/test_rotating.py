"""The server's key is changed while letters stay readable."""

import base64
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from appeals.models import Appeal, LetterKey
from appeals.services import appeal_by_receipt
from appeals.services.rotating import rewrap_some
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter

SECOND = "second:" + base64.b64encode(os.urandom(32)).decode()


def rotate(**options: int) -> str:
    told = StringIO()
    call_command("rotate_letter_keys", stdout=told, **options)
    return told.getvalue()


def test_every_key_comes_under_the_new_one_and_the_old_one_may_go(office: Office, settings: Settings) -> None:
    old = settings.LETTER_KEYS
    sent = [new_letter(office.world) for _ in range(3)]
    settings.LETTER_KEYS = f"{SECOND},{old}"
    sealed = list(Appeal.objects.values_list("text_sealed", flat=True))
    assert rewrap_some(at_most=2) == 2
    assert {appeal_by_receipt(one.receipt).text for one in sent} == {"Music every night after eleven."}
    assert rotate(batch=1) == "1 keys wrapped anew; all are wrapped by “second”.\n"
    settings.LETTER_KEYS = SECOND
    assert {appeal_by_receipt(one.receipt).text for one in sent} == {"Music every night after eleven."}
    assert list(Appeal.objects.values_list("text_sealed", flat=True)) == sealed
    assert rotate() == "0 keys wrapped anew; all are wrapped by “second”.\n"


def test_a_ring_without_the_old_key_is_refused_and_nothing_is_lost(office: Office, settings: Settings) -> None:
    old = settings.LETTER_KEYS
    receipt = new_letter(office.world).receipt
    before = LetterKey.objects.values().get()
    settings.LETTER_KEYS = SECOND
    with pytest.raises(CommandError, match="LETTER_KEYS has no “first”") as refused:
        rotate()
    assert refused.value.returncode == 1
    assert LetterKey.objects.values().get() == before
    settings.LETTER_KEYS = old
    assert appeal_by_receipt(receipt).text == "Music every night after eleven."


def test_a_batch_of_none_is_wrong_usage(db: None) -> None:
    with pytest.raises(CommandError) as refused:
        rotate(batch=0)
    assert refused.value.returncode == 2
