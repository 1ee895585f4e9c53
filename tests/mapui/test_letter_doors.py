"""The pages of letters under load: a browser works, a person without script waits, and nothing typed is lost."""

import re
import time
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appeals.doors import LETTERS, RECEIPTS, Door, TooMany, WorkNeeded
from appeals.models import Appeal
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.appeals.solving import solved
from tests.mapui.letter_pages import READ, WRITE, fields, stamped, visit, write

HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"')


class Earlier(signing.TimestampSigner):
    """Signs as the site did two minutes ago."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - 120)


@pytest.fixture
def busy(db: None, settings: Any) -> None:
    """Very many are writing and reading, from everywhere."""
    settings.LETTERS_BUSY_PER_MINUTE = settings.RECEIPTS_BUSY_PER_MINUTE = 0
    settings.WORK_SIZE = 100


def pressed_again(client: Client, page: Any, **more: str) -> Any:
    """Press the button of the page that says how the door opens."""
    button = {"to": page.context["to"]} if page.context["to"] else {}
    return client.post(page.wsgi_request.path, dict(HIDDEN.findall(page.text)) | button | more)


def test_under_load_a_letter_goes_with_the_work_of_the_browser(office: Office, english: Client, busy: None) -> None:
    asked = write(english, text="Loud & long.")
    assert (asked.status_code, Appeal.objects.count()) == (429, 0)
    assert "Nothing you wrote is lost" in asked.text
    sent = pressed_again(english, asked, text="Loud & long.", work=solved(asked.context["challenge"]))
    assert "The letter is sent" in sent.text
    repeated = pressed_again(english, asked, text="Loud & long.", work=solved(asked.context["challenge"]))
    assert repeated.context["receipt"] == sent.context["receipt"]
    assert Appeal.objects.count() == 1


def test_the_work_of_one_letter_sends_no_other(office: Office, english: Client, busy: None) -> None:
    work = solved(write(english).context["challenge"])
    assert write(english, key=stamped("f" * 32), work=work).status_code == 429
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("category", ["noise", "domestic-violence"])
def test_who_writes_without_script_for_a_minute_meets_no_obstacle(
    office: Office, english: Client, busy: None, settings: Any, category: str
) -> None:
    settings.BUSY_WAIT_S = -1  # the page was opened longer ago than that
    assert "The letter is sent" in write(english, category=category).text


def test_who_writes_faster_without_script_waits_and_presses_again(
    office: Office, english: Client, busy: None, settings: Any
) -> None:
    asked = write(english)
    assert "Wait a minute and press the button again." in asked.text
    settings.BUSY_WAIT_S = -1  # the minute is over
    assert "The letter is sent" in pressed_again(english, asked).text


def test_a_ticket_of_waiting_cannot_be_made_up_or_used_for_another_receipt(
    office: Office, english: Client, busy: None
) -> None:
    receipt, other = new_letter(office.world).receipt, new_letter(office.world).receipt
    asked = english.post(READ, {"receipt": receipt, "visit": visit(english, READ)})
    waited = Earlier(salt=f"waiting\0{receipt.replace('-', '')}").sign("")
    forged = Earlier(salt="letter").sign("")
    tried = {"none": {}, "forged": {"ticket": forged}, "of another": {"receipt": other, "ticket": waited}}
    assert {pressed_again(english, asked, **more).status_code for more in tried.values()} == {429}
    assert pressed_again(english, asked, ticket=waited).status_code == 200


def test_under_load_a_conversation_goes_on_with_what_opened_it(office: Office, english: Client, busy: None) -> None:
    receipt = new_letter(office.world).receipt.lower()
    asked = english.post(READ, {"receipt": receipt, "visit": visit(english, READ)})
    opened = pressed_again(english, asked, work=solved(asked.context["challenge"]))
    more = dict(HIDDEN.findall(opened.text)) | {"to": "write", "body": "Again.", "key": "c" * 32}
    assert "Your message is added." in english.post(READ, more).text


def test_the_last_page_lets_a_busy_browser_work_ahead_and_a_quiet_one_rest(
    office: Office, english: Client, settings: Any
) -> None:
    assert "<spare-work" not in write(english, to="").text
    settings.LETTERS_BUSY_PER_MINUTE, settings.WORK_SIZE = 0, 100
    with pytest.raises(WorkNeeded):
        LETTERS.enter(caller="192.0.2.1", subject="x", at=timezone.now())
    page = write(english, to="")
    assert "<spare-work" in page.text
    assert "The letter is sent" in write(english, work=solved(page.context["challenge"])).text


def test_while_the_door_is_busy_turning_away_asks_the_database_nothing(
    office: Office, english: Client, busy: None
) -> None:
    asked = fields() | {"visit": visit(english)}
    assert english.post(WRITE, asked).status_code == 429
    with CaptureQueriesContext(connection) as asked_of:
        assert english.post(WRITE, asked).status_code == 429
    assert [query["sql"] for query in asked_of] == []


def test_the_receipt_that_is_asked_back_is_no_way_round_the_limit(office: Office, english: Client, busy: None) -> None:
    asked = {"to": "done", "at": "sent", "receipt": new_letter(office.world).receipt, "last": "0000"}
    answer = english.post(WRITE, asked | {"visit": visit(english)})
    assert answer.status_code == 429
    assert "№" not in answer.text


def test_page_and_api_share_one_count(office: Office, english: Client, settings: Any) -> None:
    settings.RECEIPT_TRIES_PER_ADDRESS = 2
    begun, wrong = visit(english, READ), "7K2M-Q8RD-4VXT-9HBA"
    assert english.post(READ, {"receipt": wrong, "visit": begun}).status_code == 200
    by_api = [
        english.post(reverse("api-appeals-by-receipt"), {"receipt": wrong}, content_type="application/json")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in by_api] == [404, 429]
    assert english.post(READ, {"receipt": wrong, "visit": begun}).status_code == 429


def test_both_doors_count_apart(db: None, settings: Any) -> None:
    settings.LETTERS_BUSY_PER_MINUTE = 0

    def is_open(door: Door) -> bool:
        try:
            door.enter(caller="192.0.2.1", subject="x", at=timezone.now())
        except (TooMany, WorkNeeded):
            return False
        return True

    assert (is_open(LETTERS), is_open(RECEIPTS)) == (False, True)
