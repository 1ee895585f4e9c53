"""The pages of letters: what is refused says so, nothing private enters an address, and doors stay closed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals.models import Appeal
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import build_world

KEY = "0b8f2a4c95a14b7e8f5e2f1f3f0d9c11"


@pytest.fixture
def office(db: None) -> Office:
    """A training city whose officer of the north and supervisor can sign in."""
    return build_office()


@pytest.fixture
def english(client: Client) -> Client:
    """A reader who chose English."""
    client.cookies["language"] = "en"
    return client


def fields(**changes: str) -> dict[str, str]:
    """Return what the form of a letter sends."""
    letter = {"key": KEY, "category": "noise", "text": "Loud.", "answer": "return", "lat": "", "lon": ""}
    return letter | {"name": "", "email": ""} | changes


def write(client: Client, **changes: str) -> Any:
    """Send a letter to the north of the training city by the page."""
    return client.post(reverse("write", args=["navchannia", "1"]), fields(**changes))


def test_a_reload_of_the_sent_page_shows_the_same_receipt(office: Office, english: Client) -> None:
    first, second = write(english), write(english)
    assert first.context["sent"].receipt == second.context["sent"].receipt
    assert first.context["sent"].receipt in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    assert Appeal.objects.count() == 1


def test_a_changed_letter_under_the_same_key_is_asked_back_with_a_new_one(office: Office, english: Client) -> None:
    write(english)
    again = write(english, text="Something else.")
    assert "earlier letter was sent" in again.content.decode()
    assert again.context["form"]["key"].value() != KEY
    assert Appeal.objects.count() == 1


def test_a_place_in_another_district_offers_its_officer(office: Office, english: Client) -> None:
    page = write(english, lat="49.995", lon="25.025")
    assert reverse("write", args=["navchannia", "3"]) in page.content.decode()
    assert not Appeal.objects.exists()


def test_an_email_is_kept_only_where_the_writer_chose_it(office: Office, english: Client) -> None:
    write(english, email="me@example.org")
    assert Appeal.objects.get().writer.email == ""
    asked = write(english, key=KEY[::-1], answer="email")
    assert "Write the e-mail" in asked.content.decode()


def test_an_email_longer_than_any_is_told(office: Office, english: Client) -> None:
    page = write(english, answer="email", email="a" * 60 + "@" + ".".join(["b" * 60] * 4))
    assert "at most 254" in page.text
    assert not Appeal.objects.exists()


def test_a_pilot_city_says_that_letters_are_not_open(db: None, english: Client) -> None:
    build_world("pilot")
    page = english.get(reverse("write", args=["pilot", "1"])).content.decode()
    assert "does not take letters here yet" in page
    assert "<textarea" not in page


def test_a_wrong_receipt_is_told_and_tries_are_limited(office: Office, english: Client) -> None:
    statuses = set()
    for _ in range(70):
        answer = english.post(reverse("letter"), {"receipt": "7K2M-Q8RD-4VXT-9HBA"}, REMOTE_ADDR="192.0.2.77")
        statuses.add(answer.status_code)
    assert statuses == {200, 429}


def test_a_conversation_opens_by_post_and_takes_a_message_once(office: Office, english: Client) -> None:
    receipt = new_letter(office.world).receipt
    message = {"receipt": receipt, "key": "00000000-0000-4000-8000-000000000001", "body": "More."}
    for _ in range(2):
        page = english.post(reverse("letter"), message)
        assert "Your message is added." in page.content.decode()
    assert Appeal.objects.get().messages.count() == 1


WORDS = "Half an hour of typing, <b>lost</b>?"
KEPT = "Half an hour of typing, &lt;b&gt;lost&lt;/b&gt;?</textarea>"


def test_words_written_while_the_letter_was_closed_can_be_copied(office: Office, english: Client) -> None:
    sent = new_letter(office.world)
    Appeal.objects.update(state="closed", accepted_at=timezone.now())
    page = english.post(reverse("letter"), {"receipt": sent.receipt, "key": KEY, "body": WORDS}).text
    assert "This conversation is closed." in page
    assert "readonly>" + KEPT in page
    assert "readonly" not in english.post(reverse("letter"), {"receipt": sent.receipt}).text


def test_words_sent_after_too_many_tries_can_be_copied(office: Office, english: Client) -> None:
    for _ in range(140):  # a minute may begin anew in between
        answer = english.post(reverse("letter"), {"receipt": "x", "key": KEY, "body": WORDS}, REMOTE_ADDR="192.0.2.78")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "readonly>" + KEPT in answer.text


def test_a_letter_to_a_city_that_closed_meanwhile_can_be_copied(office: Office, english: Client) -> None:
    office.world.city.stage = "pilot"
    office.world.city.save()
    assert "readonly>" + KEPT in write(english, text=WORDS).text


def test_an_answer_to_a_letter_closed_meanwhile_can_be_copied(office: Office, english: Client) -> None:
    letter = new_letter(office.world, received_at=timezone.now()).appeal
    Appeal.objects.update(state="closed", accepted_at=timezone.now())
    english.force_login(office.officer)
    page = english.post(
        reverse("staff_appeal_reply", args=["navchannia", letter.public_number]), {"key": KEY, "body": WORDS}
    ).text
    assert "This is not possible" in page
    assert "readonly>" + KEPT in page


def test_a_message_changed_under_a_used_key_stays_on_the_form_and_can_be_sent(office: Office, english: Client) -> None:
    letter = new_letter(office.world, received_at=timezone.now())
    english.force_login(office.officer)
    reply_page = reverse("staff_appeal_reply", args=["navchannia", letter.appeal.public_number])
    for page, more, form in ((reverse("letter"), {"receipt": letter.receipt}, "turn"), (reply_page, {}, "form")):
        english.post(page, more | {"key": KEY, "body": "Sent."})
        asked = english.post(page, more | {"key": KEY, "body": WORDS})
        assert "Your earlier message was sent." in asked.text
        assert KEPT in asked.text
        english.post(page, more | {"key": asked.context[form]["key"].value(), "body": WORDS})
    sent = [(one.side, one.body) for one in letter.appeal.messages.all()]
    assert sent == [(side, body) for side in ("writer", "officer") for body in ("Sent.", WORDS)]


STAFF_PAGES = ["staff_appeals", "staff_heatmap"]


@pytest.mark.parametrize("name", STAFF_PAGES)
@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator", "superuser", ""])
def test_pages_of_letters_are_closed_to_others(office: Office, client: Client, role: str, name: str) -> None:
    if role == "superuser":
        client.force_login(User.objects.create_superuser("root@example.org"))
    elif role:
        client.force_login(user_with_role(office.world, role, "other@example.org"))
    assert client.get(reverse(name, args=["navchannia"])).status_code == (403 if role else 302)


@pytest.mark.parametrize(
    ("name", "more"), [("staff_appeal", []), ("staff_appeal_reply", []), ("staff_appeal_move", ["close"])]
)
def test_a_letter_of_another_district_does_not_exist_for_an_officer(
    office: Office, client: Client, name: str, more: list[str]
) -> None:
    foreign = new_letter(office.world, district="3", point=None, received_at=timezone.now()).appeal
    client.force_login(office.officer)
    url = reverse(name, args=["navchannia", foreign.public_number, *more])
    answer = client.get(url) if name == "staff_appeal" else client.post(url, {"key": KEY, "body": "Mine?"})
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert (foreign.state, foreign.messages.count()) == ("received", 0)


def test_an_officer_accepts_and_closes_a_letter(office: Office, client: Client) -> None:
    letter = new_letter(office.world, received_at=timezone.now()).appeal
    client.force_login(office.officer)
    for name, state in (("accept", "accepted"), ("close", "closed"), ("accept", "closed")):
        client.post(reverse("staff_appeal_move", args=["navchannia", letter.public_number, name]), {"reason": "Done."})
        letter.refresh_from_db()
        assert letter.state == state
    unknown = reverse("staff_appeal_move", args=["navchannia", letter.public_number, "answer"])
    assert client.post(unknown).status_code == 404


def test_a_wrong_filter_of_the_heatmap_is_told(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = english.get(reverse("staff_heatmap", args=["navchannia"]), {"from": "yesterday"})
    assert "must be a day" in page.content.decode()


def test_the_office_shows_only_what_the_role_opens(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = english.get(reverse("staff_home")).content.decode()
    assert reverse("staff_appeals", args=["navchannia"]) in page
    english.force_login(user_with_role(office.world, "analyst", "analyst@example.org"))
    assert reverse("staff_appeals", args=["navchannia"]) not in english.get(reverse("staff_home")).content.decode()
