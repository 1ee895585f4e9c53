"""A letter as the staff see it whole: the prepared questions answer as those that every list starts from."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db.models import prefetch_related_objects

from appeals.access import as_staff, as_task
from appeals.models import CONVERSATION, Appeal
from appeals.services import add_note, add_writer_message, hand_up, open_letter, reply
from appeals.whole import count_repeats, letter_read_by, letters_around, load_whole, openings_of
from people.models import Officer, User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import later, new_letter

Asserted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def letters(office: Office) -> list[Appeal]:
    """Letters of one house: plain, kept from somebody, handed up, in another district and another city."""
    world = office.world
    found = [new_letter(world, received_at=later(minutes=n)).appeal for n in range(4)]
    found.append(new_letter(world, district="2", point=None).appeal)
    found.append(new_letter(build_office("inshe", west=26.0).world).appeal)
    hand_up(appeal=found[1], by=office.officer, at=later(hours=1), reason="Не моє")
    above = {"addressee": "supervisor", "officer": None, "why": "kept"}
    Appeal.objects.filter(pk=found[2].pk).update(recused_supervisor=office.supervisor, **above)
    Appeal.objects.filter(pk=found[3].pk).update(recused_officer=world.officer, **above)
    Appeal.objects.exclude(pk=found[4].pk).update(building_hash="one house")
    return list(Appeal.objects.order_by("pk"))


@pytest.fixture
def people(office: Office) -> list[User]:
    """Who reads letters, who reads none, and a supervisor who has a card."""
    both = user_with_role(office.world, "supervisor", "both@example.org")
    Officer.objects.filter(pk=office.world.officer.pk).update(user=both)
    administrator = User.objects.create_superuser("root@example.org")
    return [
        office.officer,
        office.supervisor,
        both,
        user_with_role(office.world, "moderator", "m@example.org"),
        administrator,
    ]


def test_letter_is_found_by_whoever_may_read_it(letters: list[Appeal], people: list[User]) -> None:
    found = 0
    for user in people:
        with as_task("test"):  # the policies let each pass: the question alone answers
            visible = set(Appeal.objects.visible_to(user))
            for letter in letters:
                read = letter_read_by(user, city=letter.city, year=letter.year, number=letter.number)
                assert (read == letter) is (letter in visible), (user, letter)
                found += read is not None
    assert found


def test_letters_around_and_repeats_are_those_of_the_lists(letters: list[Appeal], people: list[User]) -> None:
    found = 0
    for user in people:
        with as_task("test"):
            visible = Appeal.objects.visible_to(user)
            around = letters_around(letters[0], read_by=user)
            assert around == list(visible.similar_to(letters[0]).order_by("-received_at"))
            repeats = count_repeats(letters[0], read_by=user, at=later(days=1))
            assert repeats == visible.repeats_of(letters[0], at=later(days=1)).count()
            found += len(around) + repeats
    assert found
    assert letters_around(letters[4], read_by=people[1]) == []
    assert count_repeats(letters[4], read_by=people[1], at=later(days=1)) == 0


def test_whole_letter_has_all_that_hangs_on_it_and_asks_no_more(
    office: Office, django_assert_num_queries: Asserted
) -> None:
    sent = new_letter(office.world)
    reply(appeal=sent.appeal, author=office.officer, body="Так.", sent_at=later(hours=1), key=uuid.uuid4())
    add_writer_message(receipt=sent.receipt, body="Ні.", sent_at=later(hours=2), key=uuid.uuid4())
    add_note(appeal=sent.appeal, author=office.officer, body="Сусід", written_at=later(hours=3), key=uuid.uuid4())
    with as_staff(office.supervisor):
        letter, again = Appeal.objects.with_key().get(), Appeal.objects.with_key().get()
        load_whole(letter)
        prefetch_related_objects([again], *CONVERSATION, "notes__author")
        with django_assert_num_queries(0):
            for name in ("messages", "events", "photos", "erasures", "notes"):
                assert list(getattr(letter, name).all()) == list(getattr(again, name).all())
            assert [str(each.author) for each in letter.messages.all()] == [str(office.officer), "None"]
            assert [each.body for each in letter.messages.all()] == ["Так.", "Ні."]
            assert [each.body for each in letter.notes.all()] == ["Сусід"]
        assert [each.body for each in letter.messages.filter(side="writer").order_by("pk")] == ["Ні."]


def test_openings_are_told_from_the_last_with_whoever_opened(
    office: Office, django_assert_num_queries: Asserted
) -> None:
    letter = new_letter(office.world).appeal
    for hours, user in enumerate((office.officer, office.supervisor)):
        open_letter(appeal=letter, user=user, at=later(hours=hours), reason="Прохання" if hours else "")
    with as_staff(office.supervisor):
        letter = Appeal.objects.with_key().get()
        with django_assert_num_queries(1):
            told = [(str(each.user), each.reason) for each in openings_of(letter)]
    assert told == [(str(office.supervisor), "Прохання"), (str(office.officer), "")]
