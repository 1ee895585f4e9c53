"""Lists that come page by page."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from mapui.lists import PAGE_SIZE, Queue, long_page_of, page_of
from people.models import User

pytestmark = pytest.mark.django_db


def asking(**query: Any) -> HttpRequest:
    return RequestFactory().get("/", query)


@pytest.fixture(autouse=True)
def many() -> None:
    User.objects.bulk_create(User(email=f"{n:03}@example.org") for n in range(2 * PAGE_SIZE + 1))


@pytest.mark.parametrize("turn", [page_of, long_page_of])
def test_pages_follow_each_other_to_the_last_row(turn: Any) -> None:
    rows = User.objects.order_by("email")
    pages = [turn(asking(page=number), rows) for number in (1, 2, 3)]
    assert [row.pk for page in pages for row in page] == [row.pk for row in rows]
    assert [page.has_next() for page in pages] == [True, True, False]
    assert [page.has_previous() for page in pages] == [False, True, True]


@pytest.mark.parametrize("asked", ["", "x", "0", "-1", "²", "9" * 30])
def test_page_that_cannot_be_read_is_the_first(asked: str) -> None:
    assert long_page_of(asking(page=asked), User.objects.order_by("email")).number == 1


def test_page_beyond_the_end_of_a_long_list_is_the_first() -> None:
    assert long_page_of(asking(page=4), User.objects.order_by("email")).number == 1


def test_long_list_is_not_counted_unless_its_number_is_shown(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        page = long_page_of(asking(), User.objects.order_by("email"))
        assert page.has_other_pages()
    assert (page.paginator.count, page.paginator.is_more) == (2 * PAGE_SIZE + 1, False)


def test_long_list_is_counted_so_far_and_no_farther(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapui.lists.COUNTED_TO", 10)
    page = long_page_of(asking(), User.objects.order_by("email"))
    assert (page.paginator.count, page.paginator.is_more, page.paginator.counted_to) == (11, True, 10)


def test_queue_shows_one_side_and_counts_what_waits() -> None:
    waiting, done = User.objects.filter(email__lt="003").order_by("email"), User.objects.order_by("-email")
    first, other = (Queue(asking(**query), waiting=waiting, done=done) for query in ({}, {"show": "done"}))
    assert (first.shows_done, first.waiting, len(first.page)) == (False, 3, 3)
    assert (other.shows_done, other.waiting, len(other.page)) == (True, 3, PAGE_SIZE)
