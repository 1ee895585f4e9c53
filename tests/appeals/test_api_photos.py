"""Photos in the API of letters: sent as a form beside the words, opened with the receipt in the body."""

import io
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appeals.models import Appeal, Photo
from appeals.photos import clean_photo
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.appeals.pictures import CANARY, small_photo
from tests.appeals.test_api import LETTER, post

RED, BLUE = small_photo("red"), small_photo("blue")


def send(client: Client, name: str, photos: list[bytes], key: str = "", **words: Any) -> Any:
    """POST a form with files."""
    files = []
    for number, photo in enumerate(photos):
        files.append(io.BytesIO(photo))
        files[-1].name = f"{number}.jpg"
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(reverse(name), words | {"photos": files}, headers=headers)


def test_letter_and_message_bring_photos_that_the_receipt_opens(office: Office, client: Client) -> None:
    sent = send(client, "api-appeals", [RED, BLUE], **LETTER)
    assert sent.status_code == 201, sent.content
    receipt = sent.json()["receipt"]
    talk = send(client, "api-appeals-messages", [BLUE], receipt=receipt, body="І ось.").json()
    assert [len(talk["photos"]), len(talk["messages"][0]["photos"])] == [2, 1]
    for told, original in ((talk["photos"][0], RED), (talk["messages"][0]["photos"][0], BLUE)):
        clean = clean_photo(original)
        assert told | {"id": ""} == {
            "id": "", "content_type": "image/jpeg", "size": len(clean.content), "width": 64, "height": 48,
        }  # fmt: skip
        got = post(client, "api-appeals-photo", {"receipt": receipt, "photo": told["id"]})
        assert got.content == clean.content
        assert CANARY not in got.content
        assert got["Content-Type"] == "image/jpeg"
        assert got["Cache-Control"] == "no-store, private"
        assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")


def test_same_form_sent_twice_is_one_letter(office: Office, client: Client) -> None:
    key = str(uuid.uuid4())
    answers = [send(client, "api-appeals", [RED], key, **LETTER) for _ in range(2)]
    assert len({answer.content for answer in answers}) == 1
    assert (Appeal.objects.count(), Photo.objects.count()) == (1, 1)
    other = send(client, "api-appeals", [BLUE], key, **LETTER)
    assert (other.status_code, other.json()["type"]) == (422, "urn:dilnychnyi:key-used-for-another-letter")


@pytest.mark.parametrize(
    ("photos", "kind"),
    [([b"%PDF-1.7"], "photo-not-taken"), ([RED] * 6, "too-many-photos"), ([RED] * 30, "too-many-photos")],
)
def test_what_is_no_photo_is_a_problem_and_nothing_is_sent(
    office: Office, client: Client, photos: list[bytes], kind: str
) -> None:
    answer = send(client, "api-appeals", photos, **LETTER)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:dilnychnyi:{kind}")
    assert not Appeal.objects.exists()


def test_more_photos_than_one_address_may_send_are_a_problem(office: Office, client: Client, settings: Any) -> None:
    settings.PHOTOS_PER_ADDRESS = 1
    answer = send(client, "api-appeals", [RED, BLUE], **LETTER)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:dilnychnyi:photos-too-often")


def test_json_brings_no_photos(office: Office, client: Client) -> None:
    answer = post(client, "api-appeals", LETTER | {"photos": ["aGk="]}, **{"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 400


@pytest.mark.parametrize("photo", ["", "1", "00000000-0000-4000-8000-000000000000"])
def test_unknown_photo_is_a_problem(office: Office, client: Client, photo: str) -> None:
    receipt = new_letter(office.world, photos=[RED]).receipt
    answer = post(client, "api-appeals-photo", {"receipt": receipt, "photo": photo})
    assert answer.status_code == (404 if len(photo) > 1 else 400)
    assert answer["Content-Type"] == "application/problem+json"


def test_foreign_receipt_opens_no_photo(office: Office, client: Client) -> None:
    photo = new_letter(office.world, photos=[RED]).appeal.photos.get()
    for receipt in (new_letter(office.world).receipt, "0000-0000-0000-0000"):
        answer = post(client, "api-appeals-photo", {"receipt": receipt, "photo": str(photo.pk)})
        assert answer.status_code == 404


def test_schema_tells_both_ways_to_send(client: Client, db: None) -> None:
    schema = client.get("/api/schema/?format=json").json()
    for path in ("/api/v1/appeals/", "/api/v1/appeals/by-receipt/messages/"):
        assert set(schema["paths"][path]["post"]["requestBody"]["content"]) == {
            "application/json",
            "multipart/form-data",
        }
    got = schema["paths"]["/api/v1/appeals/by-receipt/photos/"]["post"]["responses"]["200"]["content"]
    assert got == {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
