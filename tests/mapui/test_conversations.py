"""The pages on which a writer comes back: what was said and read, what can still be done, and no word is lost."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals import services
from appeals.access import as_task
from appeals.models import Appeal
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.mapui.letter_pages import KEY, READ, WORDS, WRITE, fields, read, visit, write


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


@pytest.mark.parametrize(("category", "told"), [("noise", True), ("domestic-violence", False)])
def test_whoever_makes_a_letter_formal_is_told_who_may_use_the_contact(
    office: Office, english: Client, category: str, told: bool
) -> None:
    page = read(english, new_letter(office.world, category=category).receipt)
    assert ("The officer may then also write to you or call you" in page.text) is told
    assert ("Nobody writes to you or calls you all the same" in page.text) is not told


def test_a_phone_that_none_has_is_told_with_an_example(office: Office, english: Client) -> None:
    given = {"lane": "message", "answer_by": "phone", "phone": "067 12"}
    assert "Write it like 067 000 00 00." in write(english, **given).text
    receipt = new_letter(office.world, received_at=timezone.now()).receipt
    page = read(english, receipt, to="upgrade", name="Name", residence="Here", phone="067 12")
    assert "Write it like 067 000 00 00." in page.text


@pytest.mark.parametrize(("category", "told"), [("noise", True), ("domestic-violence", False)])
def test_a_printed_receipt_says_where_to_come_back_unless_the_topic_is_sensitive(
    office: Office, english: Client, category: str, told: bool
) -> None:
    sent = write(english, category=category, to="send")
    assert "data-receipt" in sent.text
    assert ("Its address: testserver/letters/" in sent.text) is told


KEPT = "Half an hour of typing, &lt;b&gt;lost&lt;/b&gt;?</textarea>"


def test_words_written_while_the_letter_was_closed_can_be_copied(office: Office, english: Client) -> None:
    sent = new_letter(office.world)
    Appeal.objects.update(state="closed", accepted_at=timezone.now())
    page = read(english, sent.receipt, key=KEY, body=WORDS).text
    assert "This conversation is closed." in page
    assert "readonly>" + KEPT in page
    assert "readonly" not in read(english, sent.receipt).text


@pytest.mark.parametrize(("category", "told"), [("noise", True), ("domestic-violence", False)])
def test_the_writer_of_suspected_spam_hears_that_a_moderator_will_look_where_one_does(
    office: Office, english: Client, category: str, told: bool
) -> None:
    sent = new_letter(office.world, category=category)
    services.mark_spam(appeal=sent.appeal, by=office.supervisor, at=timezone.now())
    said = read(english, sent.receipt).text
    assert ("A moderator is to look at it once more" in said) is told
    assert ('<span class="tag">spam</span>' in said) is not told
    with as_task("test"):
        Appeal.objects.update(spam_confirmed=True)
    assert '<span class="tag">spam</span>' in read(english, sent.receipt).text


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
