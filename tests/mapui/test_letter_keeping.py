"""The writer sees what is kept about a letter, and has name and contacts erased; the staff see what was erased."""

import datetime
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals import services
from appeals.models import Appeal
from appeals.retention import kept_until
from appeals.services.erasing import erase_expired
from geo.moments import local_day
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.mapui.letter_pages import read
from tests.world import NOON

KEPT = "What is kept about this letter"
ERASE = 'value="erase"'
WRITER: dict[str, Any] = {"answer_by": "email", "name": "Olena Canary", "email": "canary@example.org"}
ERASED_AT = datetime.datetime(2031, 6, 1, 9, 0, tzinfo=datetime.UTC)
"""Five years after NOON."""


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_the_writer_reads_what_is_kept_and_until_when(office: Office, english: Client) -> None:
    sent = new_letter(office.world, received_at=timezone.now(), **WRITER)
    services.open_letter(appeal=sent.appeal, user=office.officer, at=timezone.now())
    page = words(read(english, sent.receipt))
    for told in (KEPT, "until 5 years after the last answer", "until 1 year after", "1 person of the staff, 1 time"):
        assert told in page
    assert str(office.officer) not in page
    services.withdraw(receipt=sent.receipt, at=timezone.now())
    page = words(read(english, sent.receipt))
    until = kept_until(local_day(timezone.now()), 5)
    assert f"until {until:%d.%m.%Y}" in page


def test_a_writer_erases_name_and_contacts_on_the_page(office: Office, english: Client) -> None:
    sent = new_letter(office.world, received_at=timezone.now(), **WRITER)
    assert ERASE in words(read(english, sent.receipt))
    page = words(read(english, sent.receipt, to="erase"))
    assert "Your name and contacts are erased." in page
    assert "by the writer" in page
    assert ERASE not in page
    assert "Music every night" in page
    assert Appeal.objects.get().writer_sealed == b""


def test_a_nameless_letter_has_nothing_to_erase(office: Office, english: Client) -> None:
    page = words(read(english, new_letter(office.world).receipt))
    assert "you gave none" in page
    assert ERASE not in page


def test_a_formal_appeal_says_when_its_name_can_be_erased(office: Office, english: Client) -> None:
    sent = new_letter(office.world, received_at=timezone.now(), lane="formal", residence="Here", **WRITER)
    page = words(read(english, sent.receipt))
    assert "after the answer you can erase them here" in page
    assert ERASE not in page
    assert "while a formal appeal is considered" in words(read(english, sent.receipt, to="erase"))
    letter = Appeal.objects.with_key().get()
    services.reply(appeal=letter, author=office.officer, body="Done.", sent_at=timezone.now(), key=uuid.uuid4())
    assert ERASE in words(read(english, sent.receipt))
    page = words(read(english, sent.receipt, to="erase"))
    assert "Your name and contacts are erased." in page
    assert 'name="body"' not in page, "nobody considers it anew without a name"


def erased_letter(office: Office) -> services.Submitted:
    sent = new_letter(office.world, **WRITER)
    services.withdraw(receipt=sent.receipt, at=NOON)
    erase_expired(at=ERASED_AT)
    return sent


def test_the_receipt_of_an_erased_letter_says_so(office: Office, english: Client) -> None:
    sent = erased_letter(office)
    for page in (
        read(english, sent.receipt),
        read(english, sent.receipt, to="write", body="Hm.", key=str(uuid.uuid4())),
    ):
        assert "were erased by rule on 01.06.2031" in words(page)
        assert "erased with the letter" in words(page)
        assert ERASE not in words(page)
    told = english.post(
        "/api/v1/appeals/by-receipt/", {"receipt": sent.receipt}, content_type="application/json"
    ).json()
    assert (told["text"], told["erased_on"]) == ("", "2031-06-01")


def test_the_staff_see_that_a_letter_was_erased_and_do_nothing_with_it(office: Office, english: Client) -> None:
    letter = erased_letter(office).appeal
    english.force_login(office.supervisor)
    page = english.get(reverse("staff_appeal", args=[office.world.city.slug, letter.public_number]) + "?replay=1")
    assert page.status_code == 200
    assert "by rule, 01.06.2031" in words(page)
    assert "What can be done" not in words(page)
    listed = english.get(reverse("staff_appeals", args=[office.world.city.slug]) + "?state=")
    assert letter.public_number in words(listed)
