"""The API of letters: receipts in bodies only, problems in words, and nothing for whoever may not read."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appeals import services
from appeals.models import Appeal, Message
from geo.moments import KYIV
from people.models import User
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.appeals.solving import solved
from tests.world import build_world

CHALLENGE = {"algorithm", "challenge", "maxnumber", "salt", "signature"}
LETTER = {
    "city": "navchannia",
    "district": "1",
    "lat": "49.995",
    "lon": "25.005",
    "category": "noise",
    "text": "Гучно.",
}


def post(client: Client, name: str, body: dict[str, Any], **headers: str) -> Any:
    """POST JSON to a named address."""
    return client.post(reverse(name), body, content_type="application/json", headers=headers)


def signed_in(user: User) -> Client:
    """Return a browser with the user signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_a_letter_is_sent_and_its_receipt_opens_it(office: Office, client: Client) -> None:
    sent = post(client, "api-appeals", LETTER, **{"Idempotency-Key": str(uuid.uuid4())})
    assert sent.status_code == 201
    assert set(sent.json()) == {"receipt", "number", "lane", "answer_due_on"}
    opened = post(client, "api-appeals-by-receipt", {"receipt": sent.json()["receipt"].lower()})
    assert opened.status_code == 200
    assert opened.json()["text"] == "Гучно."
    assert "no-store" in opened["Cache-Control"]
    more = {"receipt": sent.json()["receipt"], "body": "І сьогодні також."}
    answered = post(client, "api-appeals-messages", more)
    assert [turn["body"] for turn in answered.json()["messages"]] == ["І сьогодні також."]


def test_an_answer_that_a_program_fetches_is_read(office: Office, client: Client) -> None:
    sent = new_letter(office.world)
    services.reply(appeal=sent.appeal, author=office.officer, body="Так.", sent_at=later(hours=1), key=uuid.uuid4())
    opened = post(client, "api-appeals-by-receipt", {"receipt": sent.receipt})
    assert [turn["body"] for turn in opened.json()["messages"]] == ["Так."]
    assert Message.objects.get().read_at is not None


@pytest.mark.parametrize(("category", "answer_by"), [("noise", "email"), ("domestic-violence", "receipt")])
def test_an_email_alone_lets_nobody_write_to_it_in_a_protected_category(
    office: Office, client: Client, category: str, answer_by: str
) -> None:
    letter = LETTER | {"category": category, "email": "me@example.org"}
    assert post(client, "api-appeals", letter, **{"Idempotency-Key": str(uuid.uuid4())}).status_code == 201
    assert Appeal.objects.get().answer_by == answer_by


def test_a_repeated_request_gets_the_same_answer(office: Office, client: Client) -> None:
    key = str(uuid.uuid4())
    answers = [post(client, "api-appeals", LETTER, **{"Idempotency-Key": key}) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert Appeal.objects.count() == 1


def test_other_words_under_a_used_key_are_a_problem(office: Office, client: Client) -> None:
    receipt, key = new_letter(office.world).receipt, {"Idempotency-Key": str(uuid.uuid4())}
    assert post(client, "api-appeals-messages", {"receipt": receipt, "body": "І сьогодні."}, **key).status_code == 201
    answer = post(client, "api-appeals-messages", {"receipt": receipt, "body": "І завтра."}, **key)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:dilnychnyi:key-used-for-another-message")


@pytest.mark.parametrize(
    ("changes", "key", "status", "kind"),
    [
        ({}, "", 400, "bad-idempotency-key"),
        ({}, "1", 400, "bad-idempotency-key"),
        ({"category": "unknown"}, "k" * 16, 400, "unknown-category"),
        ({"lane": "formal"}, "k" * 16, 400, "needs-identity"),
        ({"lon": "25.025"}, "k" * 16, 409, "place-in-another-district"),
        ({"lon": "NaN"}, "k" * 16, 400, "bad-coordinates"),
        ({"district": "99", "lat": "", "lon": ""}, "k" * 16, 400, "unknown-addressee"),
        ({"district": "", "lat": "", "lon": ""}, "k" * 16, 400, "unknown-addressee"),
        ({"city": "nowhere"}, "k" * 16, 404, "unknown-city"),
        ({"text": " "}, "k" * 16, 400, "text-missing"),
        ({"email": "a" * 60 + "@" + ".".join(["b" * 60] * 4)}, "k" * 16, 400, "bad-request"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_by_name(
    office: Office, client: Client, changes: dict[str, str], key: str, status: int, kind: str
) -> None:
    answer = post(client, "api-appeals", LETTER | changes, **({"Idempotency-Key": key} if key else {}))
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:dilnychnyi:{kind}")
    assert not Appeal.objects.exists()


def test_a_pilot_city_takes_no_letters_yet(client: Client, db: None) -> None:
    build_world("pilot")
    answer = post(client, "api-appeals", LETTER | {"city": "pilot"}, **{"Idempotency-Key": "k" * 16})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:dilnychnyi:letters-not-open")


def test_a_letter_is_read_by_scripts_of_this_site_only(office: Office, client: Client) -> None:
    answers = [
        post(client, "api-appeals", LETTER, **{"Idempotency-Key": "k" * 16}),
        post(client, "api-appeals-by-receipt", {"receipt": new_letter(office.world).receipt}),
        post(client, "api-appeals-messages", {"receipt": new_letter(office.world).receipt, "body": "І сьогодні."}),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 201]
    assert not [answer for answer in answers if answer.has_header("Access-Control-Allow-Origin")]


def test_an_unknown_receipt_is_a_problem(office: Office, client: Client) -> None:
    assert post(client, "api-appeals-by-receipt", {"receipt": "7K2M-Q8RD-4VXT-9HBA"}).status_code == 404
    assert client.get(reverse("api-appeals-by-receipt"), {"receipt": "7K2M-Q8RD-4VXT-9HBA"}).status_code == 405


def test_the_staff_map_shows_what_the_user_may_read(office: Office) -> None:
    now = timezone.now()
    new_letter(office.world, received_at=now)
    new_letter(office.world, received_at=now, district="3", point=None)
    url = reverse("api-staff-appeals")
    mine = signed_in(office.officer).get(url, {"city": "navchannia"})
    assert mine["Content-Type"].startswith("application/geo+json")
    (feature,) = mine.json()["features"]
    assert feature["geometry"]["coordinates"] == [25.005, 49.995]
    assert "text" not in feature["properties"]
    all_of_city = signed_in(office.supervisor).get(url, {"city": "navchannia"}).json()["features"]
    assert [feature["properties"]["district"] for feature in all_of_city] == ["3", "1"]
    assert all_of_city[0]["geometry"] is None


@pytest.mark.parametrize(("bbox", "found"), [("25,49.99,25.01,50", 1), ("25.02,49.99,25.03,50", 0)])
def test_the_staff_map_keeps_to_its_box(office: Office, bbox: str, found: int) -> None:
    new_letter(office.world, received_at=timezone.now())
    answer = signed_in(office.officer).get(reverse("api-staff-appeals"), {"city": "navchannia", "bbox": bbox})
    assert len(answer.json()["features"]) == found


@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator", ""])
def test_the_staff_map_is_empty_for_everybody_else(office: Office, client: Client, role: str) -> None:
    new_letter(office.world, received_at=timezone.now())
    if not role:
        assert client.get(reverse("api-staff-appeals"), {"city": "navchannia"}).status_code == 403
        return
    browser = signed_in(user_with_role(office.world, role, "other@example.org"))
    assert browser.get(reverse("api-staff-appeals"), {"city": "navchannia"}).json()["features"] == []


def staff_map(user: User, **query: str) -> list[dict[str, Any]]:
    """Return what the staff's map shows to somebody."""
    answer = signed_in(user).get(reverse("api-staff-appeals"), {"city": "navchannia", **query})
    assert answer.status_code == 200, answer.content
    return list(answer.json()["features"])


def test_a_protected_place_is_on_the_map_of_its_own_officer_alone_while_it_waits(office: Office) -> None:
    letter = new_letter(office.world, category="domestic-violence", received_at=timezone.now()).appeal
    (mine,) = staff_map(office.officer, bbox="25,49.99,25.01,50")
    assert mine["geometry"]["coordinates"] == [25.005, 49.995]
    assert staff_map(office.officer, bbox="25.02,49.99,25.03,50") == []
    (above,) = staff_map(office.supervisor)
    assert above["geometry"] is None
    assert staff_map(office.supervisor, bbox="25,49.99,25.01,50") == []
    Appeal.objects.filter(pk=letter.pk).update(state="closed")
    assert staff_map(office.officer)[0]["geometry"] is None


def test_the_staff_map_takes_the_filters_of_the_list(office: Office) -> None:
    now = timezone.now()
    late = new_letter(office.world, received_at=now - datetime.timedelta(days=30)).appeal
    new_letter(office.world, received_at=now, category="traffic")
    Appeal.objects.filter(pk=new_letter(office.world, received_at=now).appeal.pk).update(state="closed")
    today = now.astimezone(KYIV).date().isoformat()
    for query, found in (
        ({}, 3),
        ({"state": "waiting"}, 2),
        ({"state": "closed"}, 1),
        ({"category": "traffic"}, 1),
        ({"due": "overdue"}, 1),
        ({"due": "later"}, 1),
        ({"from": today}, 2),
        ({"to": late.received_on.isoformat()}, 1),
    ):
        assert len(staff_map(office.supervisor, **query)) == found, query
    for wrong in (
        {"state": "lost"},
        {"due": "eventually"},
        {"from": "today"},
        {"from": "2026-02-01", "to": "2026-01-01"},
    ):
        url = reverse("api-staff-appeals")
        answer = signed_in(office.officer).get(url, {"city": "navchannia", **wrong})
        assert answer.status_code == 400, wrong
        assert "bad-filter" in answer.json()["type"], wrong


def test_the_staff_map_asks_as_often_for_one_letter_as_for_many(office: Office) -> None:
    browser, counts = signed_in(office.officer), []
    for _ in range(2):
        new_letter(office.world, received_at=timezone.now(), category="domestic-violence")
        new_letter(office.world, received_at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("api-staff-appeals"), {"city": "navchannia"})
        counts.append(len(asked))
    assert counts[0] == counts[1] < 16


def test_under_load_a_letter_brings_the_work_that_the_refusal_asked_for(
    office: Office, client: Client, settings: Any
) -> None:
    settings.LETTERS_BUSY_PER_MINUTE, settings.WORK_SIZE = 0, 100
    key = {"Idempotency-Key": str(uuid.uuid4())}
    refused = post(client, "api-appeals", LETTER, **key)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:dilnychnyi:work-needed")
    work = {"work": solved(refused.json()["challenge"])}
    assert post(client, "api-appeals", LETTER | work, **key).status_code == 201
    assert post(client, "api-appeals", LETTER | work, **key).status_code == 201
    other = {"Idempotency-Key": str(uuid.uuid4())}
    assert post(client, "api-appeals", LETTER | work, **other).status_code == 429
    assert Appeal.objects.count() == 1


def test_under_load_a_receipt_is_tried_with_work_of_its_own(office: Office, client: Client, settings: Any) -> None:
    settings.RECEIPTS_BUSY_PER_MINUTE, settings.WORK_SIZE = 0, 100
    receipt = new_letter(office.world).receipt
    refused = post(client, "api-appeals-by-receipt", {"receipt": receipt})
    assert (refused.status_code, set(refused.json()["challenge"])) == (429, CHALLENGE)
    work = {"work": solved(refused.json()["challenge"])}
    assert post(client, "api-appeals-by-receipt", {"receipt": receipt.lower()} | work).status_code == 200
    said = post(client, "api-appeals-messages", {"receipt": receipt, "body": "І сьогодні."} | work)
    assert said.status_code == 201
    assert "work" not in said.json()
    assert post(client, "api-appeals-by-receipt", {"receipt": "7K2M-Q8RD-4VXT-9HBA"} | work).status_code == 429


@pytest.mark.parametrize("work", [7, None, ["x"], {}, "x" * 5000, "e30="])
def test_work_of_any_other_kind_opens_nothing(office: Office, client: Client, settings: Any, work: Any) -> None:
    settings.LETTERS_BUSY_PER_MINUTE = 0
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert post(client, "api-appeals", LETTER | {"work": work}, **key).status_code == 429


def test_one_address_sends_only_so_many_letters_by_the_api_too(office: Office, client: Client, settings: Any) -> None:
    settings.LETTERS_PER_ADDRESS = 1
    sent = [
        post(client, "api-appeals", LETTER, **{"Idempotency-Key": str(uuid.uuid4())}).status_code for _ in range(12)
    ]
    assert sent == [201, *[429] * 11]
    told = post(client, "api-appeals", LETTER, **{"Idempotency-Key": str(uuid.uuid4())})
    assert told.json()["type"] == "urn:dilnychnyi:too-many"
    assert int(told["Retry-After"]) > 0
