"""The moderator's second look: the text alone, never a protected letter; given back or confirmed, and undone."""

import datetime

import pytest
from django.test import Client
from django.utils import translation

from appeals import services
from appeals.access import as_staff, as_task
from appeals.errors import NotPossibleNow, NotYours
from appeals.models import Appeal, Opening
from appeals.telling import history, notices
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.appeals.pictures import small_photo
from tests.world import NOON

SPAM = "/staff/navchannia/spam/"


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


def suspected(office: Office, minutes: int = 0, **letter: object) -> Appeal:
    """A letter that the officer set aside."""
    at = NOON + datetime.timedelta(minutes=minutes)
    appeal = new_letter(office.world, received_at=at, **letter).appeal
    services.mark_spam(appeal=appeal, by=office.supervisor, at=at)
    return appeal


def state_of(letter: Appeal) -> str:
    with as_task("test"):
        return Appeal.objects.get(pk=letter.pk).state


def test_moderator_reads_the_text_alone_and_gives_it_back_with_its_clock(
    english: Client, office: Office, moderator: User
) -> None:
    letter = suspected(office, text="Купуйте наші вікна", photos=[small_photo()])
    due = letter.answer_due_on
    english.force_login(moderator)
    assert english.get("/staff/").text.count('<span class="tag tag--notice">1</span>') == 1
    assert letter.public_number in english.get(SPAM).text
    page = english.get(f"{SPAM}{letter.public_number}/").text
    assert "Купуйте наші вікна" in page
    assert "<img" not in page.partition("<main")[2]
    assert letter.writer.name not in page or not letter.writer.name
    with as_task("test"):
        assert Opening.objects.filter(appeal=letter, user=moderator).exists()
    answer = english.post(f"{SPAM}{letter.public_number}/", {"to": "not_spam"}, follow=True)
    assert "is back with its officer" in answer.text
    assert "Nothing waits for a second look." in answer.text
    with as_task("test"):
        back = Appeal.objects.get(pk=letter.pk)
        assert (back.state, back.answer_due_on, back.accepted_at) == ("received", due, None)
    assert english.get(f"{SPAM}{letter.public_number}/").status_code == 404


def test_spam_is_confirmed_leads_to_the_next_and_is_undone(english: Client, office: Office, moderator: User) -> None:
    first, second = suspected(office), suspected(office, minutes=1)
    english.force_login(moderator)
    answer = english.post(f"{SPAM}{first.public_number}/", {"to": "spam"})
    assert answer.headers["Location"] == f"{SPAM}{second.public_number}/"
    page = english.get(SPAM)
    assert page.context["queue"].waiting == 1
    assert f'<a href="{SPAM}?show=done">in the list</a>' in page.text
    assert english.post(f"{SPAM}{first.public_number}/", {"to": "spam"}).status_code == 422
    english.post(f"{SPAM}{first.public_number}/", {"to": "undo"})
    assert english.get(SPAM).context["queue"].waiting == 2
    assert state_of(first) == "spam"


def test_side_and_page_of_the_list_stay_from_letter_to_letter(english: Client, office: Office, moderator: User) -> None:
    first, second, third = (suspected(office, minutes=n) for n in range(3))
    english.force_login(moderator)

    def after(letter: Appeal, to: str, asked: str) -> str:
        return english.post(f"{SPAM}{letter.public_number}/{asked}", {"to": to}).headers["Location"]

    assert after(first, "spam", "?page=2") == f"{SPAM}{second.public_number}/?page=2"
    assert after(second, "spam", "?page=2") == f"{SPAM}{third.public_number}/?page=2"
    assert after(first, "undo", "?show=done&page=2") == f"{SPAM}{first.public_number}/?show=done&page=2"
    assert after(second, "not_spam", "?show=done&page=2") == f"{SPAM}?show=done&page=2"
    assert after(second, "not_spam", "?show=done&page=2") == f"{SPAM}?show=done&page=2"  # decided meanwhile


def test_office_reads_who_looked_and_the_writer_does_not(office: Office, moderator: User) -> None:
    letter = suspected(office)
    with as_staff(moderator):
        services.confirm_spam(appeal=letter, by=moderator, at=NOON)
    with as_task("test"):
        told = Appeal.objects.with_key().get(pk=letter.pk)
        assert [each.by for each in history(told) if each.kind == "spam_confirmed"] == [moderator]
        assert not notices(told)


def test_protected_letters_and_those_of_other_cities_are_nobodys_spam(
    english: Client, office: Office, moderator: User
) -> None:
    elsewhere = build_office("inshe", west=26.0)
    letters = [suspected(office, category="domestic-violence"), suspected(elsewhere, point=elsewhere.world.in_north)]
    english.force_login(moderator)
    page = english.get(SPAM)
    assert page.context["queue"].waiting == 0
    for letter in letters:
        assert english.get(f"{SPAM}{letter.public_number}9/").status_code == 404
        with as_staff(moderator), pytest.raises(NotYours):
            services.give_back(appeal=letter, by=moderator, at=NOON)
        assert state_of(letter) == "spam"


def test_letter_that_is_no_suspect_is_not_opened_or_moved(english: Client, office: Office, moderator: User) -> None:
    letter = new_letter(office.world).appeal
    english.force_login(moderator)
    assert english.get(f"{SPAM}{letter.public_number}/").status_code == 404
    with as_staff(moderator), pytest.raises(NotYours):
        services.give_back(appeal=letter, by=moderator, at=NOON)
    assert english.get(f"{SPAM}x/").status_code == 404


def test_what_the_officer_brought_back_meanwhile_is_not_confirmed(office: Office, moderator: User) -> None:
    letter = suspected(office)
    services.not_spam(appeal=letter, by=office.supervisor, at=NOON)
    with as_staff(moderator), pytest.raises(NotYours):
        services.confirm_spam(appeal=letter, by=moderator, at=NOON)
    services.mark_spam(appeal=letter, by=office.supervisor, at=NOON)
    with as_staff(moderator), pytest.raises(NotPossibleNow):
        services.doubt_spam(appeal=letter, by=moderator, at=NOON)


def test_letter_kept_from_somebody_is_no_moderators_even_as_spam(
    english: Client, office: Office, moderator: User
) -> None:
    letter = suspected(office, keep_from="officer")
    english.force_login(moderator)
    assert english.get(SPAM).context["queue"].waiting == 0
    assert english.get(f"{SPAM}{letter.public_number}/").status_code == 404
    with as_staff(moderator):
        assert not Appeal.objects.filter(pk=letter.pk).exists(), "the database says so too"


def test_whoever_set_a_letter_aside_does_not_take_the_second_look(
    english: Client, office: Office, moderator: User
) -> None:
    letter = suspected(office)
    office.supervisor.memberships.create(city=office.world.city, role="moderator")
    with as_staff(office.supervisor), translation.override("en"), pytest.raises(NotYours, match="another moderator"):
        services.confirm_spam(appeal=letter, by=office.supervisor, at=NOON)
    with as_staff(moderator):
        services.confirm_spam(appeal=letter, by=moderator, at=NOON)


def test_second_of_two_moderators_is_told_that_a_letter_is_decided(
    english: Client, office: Office, moderator: User
) -> None:
    letter = suspected(office)
    with as_staff(moderator):
        services.give_back(appeal=letter, by=moderator, at=NOON)
    english.force_login(moderator)
    answer = english.post(f"{SPAM}{letter.public_number}/", {"to": "spam"}, follow=True)
    assert "Somebody has decided about this letter meanwhile." in answer.text


def test_suspected_letters_wait_in_the_order_in_which_they_were_set_aside(office: Office, moderator: User) -> None:
    letters = [suspected(office, minutes=minutes) for minutes in (3, 1, 2)]
    at = NOON + datetime.timedelta(hours=1)
    theirs = Appeal.objects.suspected_in_cities_of(moderator)
    with as_staff(moderator):
        for letter in letters[1:]:
            services.confirm_spam(appeal=letter, by=moderator, at=at)
        services.doubt_spam(appeal=letters[2], by=moderator, at=at)
        assert list(theirs.awaiting_second_look()) == [letters[2], letters[0]]
        assert list(theirs.confirmed_as_spam()) == [letters[1]]
    back = services.not_spam(appeal=letters[1], by=office.supervisor, at=at)
    again = services.mark_spam(appeal=back, by=office.supervisor, at=at)
    with as_staff(moderator):
        assert list(theirs.awaiting_second_look()) == [letters[2], letters[0], again]
        assert not theirs.confirmed_as_spam()
