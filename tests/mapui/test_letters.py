"""The pages of letters: what is refused says so, nothing private enters an address, and doors stay closed."""

import datetime
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import signing
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals import services
from appeals.models import Appeal
from appeals.receipts import ALPHABET
from geo.models import City
from mapui.letter_steps import Letter
from mapui.spelling import WORDS as SPELLING
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.appeals.over import keep
from tests.world import build_world

KEY = "0b8f2a4c95a14b7e8f5e2f1f3f0d9c11"
HOW = {"lane": "message", "answer_by": "receipt", "keep_from": "nobody"}
WRITE, READ = "/letters/new/", "/letters/"
VISIT = re.compile(r'name="visit" value="([^"]+)"')


def stamped(key: str = KEY) -> str:
    """Return the key of a form as the page makes it."""
    return signing.TimestampSigner(salt="letter").sign(key)


def fields(**changes: str) -> dict[str, str]:
    """Return what the last page of a letter sends."""
    letter = {"key": stamped(), "city": "navchannia", "district": "1", "lat": "", "lon": "", "category": "noise"}
    letter |= HOW | {"text": "Loud.", "stance": "myself", "name": "", "email": "", "at": "preview", "to": "send"}
    return letter | changes


def visit(client: Client, address: str = WRITE) -> str:
    """Begin a visit to the pages of letters, or go on with it."""
    found = VISIT.search(client.get(address).text)
    assert found
    return found[1]


def write(client: Client, **changes: str) -> Any:
    """Send a letter to the north of the training city by the page."""
    return client.post(WRITE, fields(**changes) | {"visit": visit(client)})


def read(client: Client, receipt: str, **more: str) -> Any:
    """Open a letter with its receipt, or write into it."""
    return client.post(READ, {"receipt": receipt, "visit": visit(client, READ)} | more)


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


def test_a_wrong_receipt_is_told_and_tries_are_limited(office: Office, english: Client) -> None:
    statuses = set()
    begun = visit(english, READ)
    for _ in range(70):
        wrong = {"receipt": "7K2M-Q8RD-4VXT-9HBA", "visit": begun}
        statuses.add(english.post(READ, wrong, REMOTE_ADDR="192.0.2.77").status_code)
    assert statuses == {200, 429}


def test_a_conversation_opens_by_post_and_takes_a_message_once(office: Office, english: Client) -> None:
    receipt = new_letter(office.world).receipt
    for _ in range(2):
        page = read(english, receipt, key="00000000-0000-4000-8000-000000000001", body="More.")
        assert "Your message is added." in page.text
    assert Appeal.objects.get().messages.count() == 1


def answered(office: Office, receipt: str) -> None:
    """Let the officer read the letter and answer it now."""
    letter, now = services.appeal_by_receipt(receipt), timezone.now()
    services.open_letter(appeal=letter, user=office.officer, at=now)
    services.reply(appeal=letter, author=office.officer, body="I will come by.", sent_at=now, key=uuid.uuid4())


def test_the_writer_sees_what_was_read_and_rates_the_answer(office: Office, english: Client) -> None:
    receipt = new_letter(office.world, received_at=timezone.now()).receipt
    before = read(english, receipt).text
    assert "Not read yet" in before
    assert "Did the answer help?" not in before
    answered(office, receipt)
    page = read(english, receipt).text
    assert "Not read yet" not in page
    assert "I will come by." in page
    assert "written down" in read(english, receipt, to="rate:partly").text
    assert services.appeal_by_receipt(receipt).rating == "partly"
    assert "There is no answer" in read(english, receipt, to="rate:wonderful").text


def test_a_writer_corrects_asks_again_and_withdraws(office: Office, english: Client) -> None:
    receipt = new_letter(office.world, received_at=timezone.now()).receipt
    assert "correction is added" in read(english, receipt, to="correct", key=str(uuid.uuid4()), body="At ten.").text
    answered(office, receipt)
    page = read(english, receipt)
    assert page.context["deeds"] == ["write"]
    asked = read(english, receipt, to="write", key=str(uuid.uuid4()), body="When?")
    assert asked.context["appeal"].state == "reopened"
    withdrawn = read(english, receipt, to="withdraw")
    assert "is withdrawn" in withdrawn.text
    assert (withdrawn.context["appeal"].state, withdrawn.context["can_withdraw"]) == ("closed", False)


def test_a_closed_letter_says_why_and_is_reopened_within_14_days(office: Office, english: Client) -> None:
    receipt = new_letter(office.world, received_at=timezone.now()).receipt
    answered(office, receipt)
    letter = services.appeal_by_receipt(receipt)
    services.close(appeal=letter, by=office.officer, at=timezone.now(), reason="It is quiet since Monday.")
    page = read(english, receipt)
    assert "It is quiet since Monday." in page.text
    assert page.context["deeds"] == ["reopen"]
    Appeal.objects.update(answered_on=timezone.localdate() - datetime.timedelta(days=15))
    assert read(english, receipt).context["deeds"] == []
    late = read(english, receipt, to="reopen", key=str(uuid.uuid4()), body="It is loud again.")
    assert "More than 14 days" not in late.text  # the form is gone, the words stay
    assert "It is loud again." in late.text
    Appeal.objects.update(answered_on=timezone.localdate() - datetime.timedelta(days=14))
    again = read(english, receipt, to="reopen", key=str(uuid.uuid4()), body="It is loud again.")
    assert again.context["appeal"].state == "reopened"


def test_a_message_becomes_a_formal_appeal(office: Office, english: Client) -> None:
    receipt = new_letter(office.world, received_at=timezone.now()).receipt
    asked = read(english, receipt, to="upgrade", name="Name", residence="Here")
    assert "needs an e-mail or a phone" in asked.text
    assert set(read(english, receipt, to="upgrade").context["upgrade"].errors) == {"name", "residence"}
    done = read(english, receipt, to="upgrade", name="Name", residence="Here", email="me@example.org")
    assert (done.context["appeal"].lane, done.context["can_upgrade"]) == ("formal", False)


WORDS = "Half an hour of typing, <b>lost</b>?"
KEPT = "Half an hour of typing, &lt;b&gt;lost&lt;/b&gt;?</textarea>"


def test_words_written_while_the_letter_was_closed_can_be_copied(office: Office, english: Client) -> None:
    sent = new_letter(office.world)
    Appeal.objects.update(state="closed", accepted_at=timezone.now())
    page = read(english, sent.receipt, key=KEY, body=WORDS).text
    assert "This conversation is closed." in page
    assert "readonly>" + KEPT in page
    assert "readonly" not in read(english, sent.receipt).text


def test_words_sent_after_too_many_tries_are_kept_on_the_page(office: Office, english: Client) -> None:
    begun = visit(english, READ)
    for _ in range(140):  # a minute may begin anew in between
        wrong = {"receipt": "x", "key": KEY, "body": WORDS, "visit": begun}
        answer = english.post(READ, wrong, REMOTE_ADDR="192.0.2.78")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert dict(answer.context["carried"])["body"] == WORDS


def test_a_letter_to_a_city_that_closed_meanwhile_can_be_copied(office: Office, english: Client) -> None:
    office.world.city.stage = "pilot"
    office.world.city.save()
    english.get(READ)
    page = english.post(WRITE, fields(text=WORDS) | {"visit": visit(english, READ)})
    assert "readonly>" + KEPT in page.text


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
    with_receipt = {"receipt": letter.receipt, "visit": visit(english, READ)}
    for page, more, form in ((READ, with_receipt, "turn"), (reply_page, {}, "form")):
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
    opens = (role, name) == ("analyst", "staff_heatmap")  # by what is released
    status = client.get(reverse(name, args=["navchannia"])).status_code
    assert status == (200 if opens else 403 if role else 302)


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


def test_pages_tell_the_terms_in_force_and_their_sources(client: Client, office: Office, settings: Any) -> None:
    keep("letters", 7, "Order 7 of the council")
    keep("contacts", 2, "Order 8")
    keep("openings", 4)
    settings.DATA_CONTROLLER = "The council, data@example.org"
    client.cookies["language"] = "en"
    page = " ".join(client.get("/letters/privacy/").text.split())
    for told in (
        "kept for 7 years after the last answer, then erased. The rule: Order 7 of the council.",
        "contacts are erased 2 years after it. The rule: Order 8.",
        "record is kept for 4&nbsp;years.",
        "data: The council, data@example.org.",
    ):
        assert told in page
    for what, years in (("contacts", 1), ("letters", 5)):
        keep(what, years)
    page = client.get("/letters/privacy/").text
    assert "contacts are erased 1 year after it" in page
    assert "The rule" not in page
