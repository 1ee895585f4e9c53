"""The pages on which a letter is written: what is refused says so, nothing private enters an address."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from appeals.models import Appeal
from appeals.receipts import ALPHABET
from geo.models import City
from mapui.letter_steps import Letter
from mapui.spelling import WORDS as SPELLING
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.appeals.over import keep
from tests.mapui.letter_pages import HOW, KEY, READ, WORDS, WRITE, fields, read, stamped, visit, write
from tests.world import build_world


def test_a_reload_of_the_sent_page_shows_the_same_receipt(office: Office, english: Client) -> None:
    key = stamped()
    first, second = write(english, key=key), write(english, key=key)
    assert first.context["receipt"] == second.context["receipt"]
    assert first.context["receipt"] in first.text
    assert "no-store" in first["Cache-Control"]
    assert Appeal.objects.count() == 1


def test_the_receipt_can_be_said_and_read_by_another_device(office: Office, english: Client) -> None:
    page = write(english)
    svg = re.search(r'<svg[^>]*class="receipt__qr".*?</svg>', page.text, re.DOTALL)
    assert svg
    assert "style" not in svg[0]
    said = [character for group in page.context["spelled"] for character, _word in group]
    assert "".join(said) == page.context["receipt"].replace("-", "")


def test_every_character_of_a_receipt_has_a_word() -> None:
    assert set(SPELLING) == set(ALPHABET)


@pytest.mark.django_db(transaction=True)
def test_fifty_equal_submissions_at_once_make_one_letter(settings: Any) -> None:
    settings.LETTERS_MIN_FILL_S = -1
    build_office()
    client = Client()
    sent = fields() | {"visit": visit(client)}

    def send(_number: int) -> str:
        browser = Client()
        browser.cookies = client.cookies
        try:
            return re.findall(r"data-receipt[^>]*>([^<]+)<", browser.post(WRITE, sent).text)[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(send, range(50)))
    assert len(receipts) == 1
    assert Appeal.objects.count() == 1


def test_a_changed_letter_under_the_same_key_is_asked_back_with_a_new_one(office: Office, english: Client) -> None:
    write(english)
    again = write(english, text="Something else.")
    assert "earlier letter was sent" in again.text
    assert again.context["given"]["key"] != stamped()
    assert Appeal.objects.count() == 1


def test_a_place_in_another_district_offers_its_officer(office: Office, english: Client) -> None:
    page = write(english, lat="49.995", lon="25.025")
    assert 'value="district:3"' in page.text
    assert not Appeal.objects.exists()
    moved = write(english, to="district:3", at="where", lat="49.995", lon="25.025")
    assert moved.context["answer"].district.code == "3"
    assert dict(moved.context["carried"])["text"] == "Loud."


def test_an_email_is_kept_only_where_the_writer_chose_it(office: Office, english: Client) -> None:
    write(english, email="me@example.org")
    assert Appeal.objects.get().writer.email == ""
    asked = write(english, key=stamped(KEY[::-1]), answer_by="email")
    assert "Write the e-mail" in asked.text


def test_an_email_longer_than_any_is_told(office: Office, english: Client) -> None:
    page = write(english, answer_by="email", email="a" * 60 + "@" + ".".join(["b" * 60] * 4))
    assert "at most 254" in page.text
    assert not Appeal.objects.exists()


def test_a_pilot_city_says_that_letters_are_not_open(db: None, english: Client) -> None:
    build_world("pilot")
    page = english.get(reverse("write", args=["pilot", "1"])).text
    assert "does not take letters here yet" in page
    assert "<textarea" not in page


def test_steps_carry_everything_and_are_asked_in_order(office: Office, english: Client) -> None:
    began = english.post(WRITE, {"city": "navchannia", "district": "1", "lat": "49.995", "lon": "25.005"})
    assert began.context["step"] == "where"
    assert "The place is marked." in began.text
    given = {"visit": began.context["visit"], "key": began.context["given"]["key"], "city": "navchannia"}
    given |= {"district": "1", "lat": "49.995", "lon": "25.005"}
    what = english.post(WRITE, given | {"at": "where"})
    assert (what.context["step"], bool(what.context["form"].errors)) == ("what", False)
    given |= {"category": "noise", "stance": "witness", "text": "Loud."}
    empty = english.post(WRITE, given | {"at": "what", "text": ""})
    assert "the text is empty" in empty.text
    how = english.post(WRITE, given | {"at": "what"})
    assert (how.context["step"], bool(how.context["form"].errors)) == ("how", False)
    preview = english.post(WRITE, given | HOW | {"at": "how"})
    assert preview.context["step"] == "preview"
    carried = dict(preview.context["carried"])
    assert carried == {name: value for name, value in given.items() if name != "visit"} | HOW
    back = english.post(WRITE, carried | {"visit": given["visit"], "at": "preview", "to": "what"})
    assert "Loud.</textarea>" in back.text.replace("\n", "")
    assert not Appeal.objects.exists()


def test_an_address_leads_to_its_district(office: Office, english: Client) -> None:
    here = {"visit": visit(english), "at": "where", "city": "navchannia"}
    by_point = english.post(WRITE, here | {"q": "49.995, 25.015"})
    assert by_point.context["answer"].district.code == "2"
    unknown = english.post(WRITE, here | {"q": "Nowhere, 1"})
    assert "We do not know this address" in unknown.text
    picked = english.post(WRITE, here | {"q": "", "picked": "3"})
    assert picked.context["answer"].district.code == "3"
    assert "or choose the district" in english.post(WRITE, here | {"q": " "}).text


def test_no_city_is_chosen_for_a_writer_where_there_are_several(office: Office, english: Client) -> None:
    build_world("druhe", stage="training", west=26.0)
    assert '<option value="">' in english.get(WRITE).text
    here = {"visit": visit(english), "at": "where", "city": "", "q": "Any street, 1"}
    asked = english.post(WRITE, here).text
    assert "Choose the city." in asked
    assert 'value="Any street, 1"' in asked


def test_what_was_posted_before_leaving_opens_only_the_beginning(office: Office, english: Client) -> None:
    page = fields(to="what") | {"visit": visit(english)}
    assert "Loud." in english.post(WRITE, page).text
    left = english.get("/letters/leave/")
    assert left["Location"] == "https://www.meteo.gov.ua/"
    again = english.post(WRITE, page, follow=True)
    assert again.redirect_chain == [(WRITE, 302)]
    assert "Loud." not in again.text
    assert english.post(WRITE, page | {"to": "send"}, follow=True).context["step"] == "where"
    assert not Appeal.objects.exists()


def test_a_conversation_is_not_opened_again_after_leaving(office: Office, english: Client) -> None:
    receipt = new_letter(office.world).receipt
    opening = {"receipt": receipt, "visit": visit(english, READ)}
    assert "Music every night" in english.post(READ, opening).text
    english.get("/letters/leave/")
    again = english.post(READ, opening).text
    assert "Music every night" not in again
    assert receipt not in again


def test_the_receipt_is_asked_back_by_its_last_four(office: Office, english: Client) -> None:
    receipt = write(english).context["receipt"]
    asked = {"visit": visit(english), "to": "done", "receipt": receipt}
    wrong = english.post(WRITE, asked | {"last": "ZZZZ"})
    assert "not the last four" in wrong.text
    assert receipt in wrong.text
    assert "not the last four" in english.post(WRITE, asked | {"last": ""}).text
    done = english.post(WRITE, asked | {"last": receipt[-4:].lower()})
    assert "The receipt is with you" in done.text
    assert receipt not in done.text
    assert english.post(WRITE, fields() | {"visit": asked["visit"]}).status_code == 302


def test_a_letter_faster_than_people_write_is_asked_for_once_more(
    office: Office, english: Client, settings: Any
) -> None:
    settings.LETTERS_MIN_FILL_S = 5
    page = write(english)
    assert "faster than people write" in page.text
    forged = write(english, key=KEY)
    assert "faster than people write" in forged.text
    assert not Appeal.objects.exists()


def test_one_address_sends_only_so_many_letters(office: Office, english: Client, settings: Any) -> None:
    settings.LETTERS_PER_ADDRESS = 2
    for number in range(2):
        write(english, key=stamped(KEY[:-1] + str(number)))
    refused = write(english, key=stamped(KEY[:-1] + "f"), text=WORDS)
    assert refused.status_code == 429
    assert "or come to the reception" in refused.text
    assert Appeal.objects.count() == 2
    assert dict(refused.context["carried"])["text"] == WORDS


def test_a_program_that_fills_the_trap_sends_nothing(office: Office, english: Client) -> None:
    assert "Leave the field" in write(english, website="https://example.org").text
    assert not Appeal.objects.exists()


def test_a_sensitive_topic_asks_that_the_risk_is_known_before_any_contact(office: Office, english: Client) -> None:
    chosen = {"category": "domestic-violence", "answer_by": "email", "email": "me@example.org"}
    asked = write(english, **chosen)
    assert asked.context["step"] == "how"
    assert "Tick that nobody else can see it" in asked.text
    write(english, **chosen, risk="on")
    assert Appeal.objects.get().writer.email == "me@example.org"


def test_every_page_of_letters_has_the_same_title_and_quick_exit_first(office: Office, english: Client) -> None:
    receipt = write(english).context["receipt"]
    pages = [english.get(WRITE), english.get(READ), read(english, receipt), write(english, to="what")]
    assert len({re.search(r"<title>(.*?)</title>", page.text)[1] for page in pages}) == 1  # type: ignore[index]
    for page in pages:
        links = re.findall(r"<(?:a|button|input|select)\b[^>]*>", page.text.partition("<body")[2])
        assert "/letters/leave/" in links[0]
        assert "no-store" in page["Cache-Control"]


def test_a_formal_appeal_needs_name_residence_and_contact(office: Office, english: Client) -> None:
    asked = write(english, lane="formal")
    assert set(asked.context["form"].errors) == {"name", "residence", "answer_by"}
    formal = {"lane": "formal", "answer_by": "phone", "name": "Name", "residence": "Here", "phone": "067 123 45 67"}
    assert set(write(english, **formal | {"phone": "102"}).context["form"].errors) == {"phone"}
    write(english, **formal)
    sent = Appeal.objects.get()
    assert (sent.lane, sent.writer.residence, sent.writer.phone) == ("formal", "Here", "+380 67 123 4567")


def test_a_contact_that_is_not_used_needs_no_mending(office: Office, english: Client) -> None:
    write(english, phone="102", email="nobody")
    assert Appeal.objects.get().writer.phone == ""


def test_a_letter_can_be_kept_from_ones_officer(office: Office, english: Client) -> None:
    page = write(english, keep_from="officer")
    assert "past whom you named" in page.text
    assert Appeal.objects.get().officer is None


@pytest.mark.parametrize(
    ("keep_from", "told"),
    [
        ("nobody", "The officer of the district and the head of the sector read it"),
        ("officer", "not the officer of the district"),
        ("supervisor", "not the one it is about"),
    ],
)
def test_the_last_page_says_who_reads_this_very_letter(
    office: Office, english: Client, keep_from: str, told: str
) -> None:
    world = build_world(stage="pilot", west=26.0)
    City.objects.update(takes_letters=True)
    kept = {"city": world.city.slug, "keep_from": keep_from, "to": ""}
    page = write(english, **kept).text
    assert told in page
    assert ("the officer of the district and" in page.lower()) == (keep_from == "nobody")


def test_where_nobody_is_above_the_outside_bodies_are_named(office: Office, english: Client) -> None:
    page = write(english, keep_from="supervisor")
    assert page.context["step"] == "how"
    assert "Turn to one of these" in page.text
    assert all(body in page.text for body in page.context["bodies"])
    assert not Appeal.objects.exists()


def test_a_complaint_about_one_of_two_supervisors_says_which(office: Office, english: Client) -> None:
    other = user_with_role(office.world, "supervisor", "second@example.org")
    assert "Say which head of the sector" in write(english, keep_from="supervisor").text
    write(english, keep_from="supervisor", kept_supervisor=str(other.pk))
    assert Appeal.objects.get().recused_supervisor == other


def test_a_key_that_this_site_did_not_make_is_replaced() -> None:
    assert Letter({"key": stamped()}).key == KEY
    forged = Letter({"key": KEY}).key
    assert forged not in {"", KEY}


def test_pages_tell_the_terms_in_force_and_their_sources(client: Client, office: Office, settings: Any) -> None:
    keep("letters", 7, "Order 7 of the council")
    keep("contacts", 2, "Order 8")
    keep("openings", 4)
    settings.DATA_CONTROLLER = "The council, data@example.org"
    client.cookies["language"] = "en"
    page = " ".join(client.get("/letters/privacy/").text.split())
    for told in (
        'kept for 7 years after the last answer, then erased. The rule: <span lang="uk">Order 7 of the council</span>.',
        'contacts are erased 2 years after the last answer. The rule: <span lang="uk">Order 8</span>.',
        "record is kept for 4&nbsp;years.",
        "data: The council, data@example.org.",
    ):
        assert told in page
    for what, years in (("contacts", 1), ("letters", 5)):
        keep(what, years)
    page = client.get("/letters/privacy/").text
    assert "contacts are erased 1 year after the last answer" in page
    assert "The rule" not in page
