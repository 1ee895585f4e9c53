"""The pages of the board: every number opens the letters it counts, and letters are reassigned together."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from appeals.models import Appeal, KeepFrom
from people.models import Posting
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import new_letter

BOARD = "/staff/navchannia/board/"
REASSIGN = f"{BOARD}reassign/"
COUNT = re.compile(r'class="board__count[^"]*" href="([^"]+)">(\d+)<')


@pytest.fixture
def letters(office: Office) -> list[Appeal]:
    """Two of long ago and one of today in the north, one in the middle, one that is kept from the north's officer."""
    world = office.world
    sent = [
        new_letter(world),
        new_letter(world),
        new_letter(world, received_at=timezone.now()),
        new_letter(world, district="2", point=world.in_mid),
        new_letter(world, keep_from=KeepFrom.OFFICER),
    ]
    return [each.appeal for each in sent]


def test_every_number_of_the_board_opens_the_letters_it_counts(
    english: Client, office: Office, letters: list[Appeal]
) -> None:
    english.force_login(office.supervisor)
    counts = [each for by in ("district", "officer") for each in COUNT.findall(english.get(f"{BOARD}?by={by}").text)]
    assert len(counts) >= 6
    for href, n in counts:
        page = english.get(href.replace("&amp;", "&"))
        assert page.context["page"].paginator.count == int(n), href


def test_every_row_of_the_board_can_be_printed(
    english: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapui.views.staff_board.PAGE_SIZE", 2)
    english.force_login(office.supervisor)
    first = english.get(f"{BOARD}?page=1")
    assert len(first.context["rows"]) == 2
    assert 'href="?all=1#table"' in first.text
    assert len(english.get(f"{BOARD}?all=1").context["rows"]) == 3


def test_filters_of_the_board_stay_while_others_change(english: Client, office: Office, letters: list[Appeal]) -> None:
    english.force_login(office.supervisor)
    page = english.get("/staff/navchannia/letters/?district=1&addressee=officer&due=overdue").text
    assert 'type="hidden" name="district" value="1"' in page
    assert 'type="hidden" name="addressee" value="officer"' in page


def test_kept_letter_stands_among_conflicts_with_whom_it_is_kept_from(
    english: Client, office: Office, letters: list[Appeal]
) -> None:
    english.force_login(office.supervisor)
    page = english.get(BOARD).text
    conflicts = page[page.index("above-title") :]
    assert letters[4].public_number in conflicts
    assert "kept from Test Officer 1" in conflicts


def test_letter_kept_from_a_supervisor_leaves_no_trace_on_their_board(english: Client, office: Office) -> None:
    other = user_with_role(office.world, "supervisor", "other@example.org")
    sent = new_letter(office.world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=other.pk)
    english.force_login(other)
    for path in (BOARD, REASSIGN):
        page = english.get(path)
        assert sent.appeal.public_number not in page.text
    assert english.get(BOARD).context["board"].total.waiting == 0


def test_letters_of_who_left_are_handed_over_with_one_reason(
    english: Client, office: Office, letters: list[Appeal]
) -> None:
    world = office.world
    Posting.objects.filter(officer=world.officer).delete()
    Posting.objects.create(officer=world.acting, district=world.north, during=("2025-01-01", None))
    english.force_login(office.supervisor)
    board = english.get(BOARD).text
    assert f"{REASSIGN}?officer=north" in board
    page = english.get(f"{REASSIGN}?officer=north")
    assert page.text.count(" checked>") == 3
    numbers = [letter.public_number for letter in letters[:3]]
    done = english.post(
        f"{REASSIGN}?officer=north", {"letters": numbers, "to": ".", "reason": "She has left."}, follow=True
    )
    assert "3 letters are handed over." in done.text
    assert done.redirect_chain[-1][0] == BOARD
    assert Appeal.objects.filter(officer=world.acting, district=world.north).count() == 3


def test_letters_of_who_moved_are_ticked_where_they_were_and_not_where_they_are(
    english: Client, office: Office, letters: list[Appeal]
) -> None:
    world = office.world
    moved = Posting.objects.get(officer=world.officer)
    moved.district = world.south
    moved.save()
    here = new_letter(world, district="3", point=world.in_south, received_at=timezone.now()).appeal
    assert here.officer == world.officer
    english.force_login(office.supervisor)
    counted = english.get(BOARD).context["board"].left_behind
    page = english.get(f"{REASSIGN}?officer=north")
    assert here.public_number in page.text
    assert page.context["form"].ticked == {letter.public_number for letter in letters[:3]}
    assert [(each.officer, each.letters) for each in counted] == [(world.officer, 3)]


def test_reassigning_says_what_is_missing_and_keeps_what_was_ticked(
    english: Client, office: Office, letters: list[Appeal]
) -> None:
    english.force_login(office.supervisor)
    page = english.post(REASSIGN, {"letters": [letters[0].public_number], "to": "", "reason": ""})
    assert page.status_code == 422
    assert "Choose to whom." in page.text
    assert page.text.count(" checked>") == 1
    page = english.post(REASSIGN, {"to": "2", "reason": "So."})
    assert "Choose at least one letter." in page.text


def test_what_was_ticked_is_handed_over_though_more_urgent_letters_came_meanwhile(
    english: Client, office: Office, letters: list[Appeal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapui.views.staff_board.AT_ONCE", 2)
    english.force_login(office.supervisor)
    page = english.get(REASSIGN)
    shown = [row["appeal"].public_number for row in page.context["rows"]]
    assert len(shown) == 2 and page.context["there_are_more"]
    pushed_out = next(each for each in reversed(letters) if each.public_number not in shown)
    done = english.post(
        REASSIGN, {"letters": [pushed_out.public_number], "to": "2", "reason": "She has left."}, follow=True
    )
    assert "1 letter is handed over." in done.text


def test_letter_that_stays_is_shown_again_with_why(english: Client, office: Office, letters: list[Appeal]) -> None:
    english.force_login(office.supervisor)
    done = english.post(
        f"{REASSIGN}?district=1", {"letters": [letters[4].public_number], "to": "2", "reason": "So."}, follow=True
    )
    assert urlsplit(done.redirect_chain[-1][0]).query == "district=1"
    assert f"№ {letters[4].public_number} stays: The writer asked to keep this letter from somebody" in done.text


def test_letter_of_another_city_cannot_be_chosen(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    new_letter(office.world)
    page = english.post(REASSIGN, {"letters": ["2026-00077"], "to": "2", "reason": "So."})
    assert page.status_code == 422


@pytest.mark.parametrize("path", [BOARD, REASSIGN])
def test_officer_has_no_board(client: Client, office: Office, path: str) -> None:
    client.force_login(office.officer)
    assert client.get(path).status_code == 403
