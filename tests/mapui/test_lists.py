"""Lists that come page by page."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from mapui.lists import PAGE_SIZE, LogForm, LongPaginator, Queue, SearchForm, long_page_of, page_of
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
    monkeypatch.setattr(LongPaginator, "counted_to", 10)
    page = long_page_of(asking(), User.objects.order_by("email"))
    assert (page.paginator.count, page.paginator.is_more, page.paginator.counted_to) == (11, True, 10)


def test_queue_shows_one_side_and_counts_what_waits() -> None:
    waiting, done = User.objects.filter(email__lt="003").order_by("email"), User.objects.order_by("-email")
    first, other = (Queue(asking(**query), waiting=waiting, done=done) for query in ({}, {"show": "done"}))
    assert (first.shows_done, first.waiting, len(first.page)) == (False, 3, 3)
    assert (other.shows_done, other.waiting, len(other.page)) == (True, 3, PAGE_SIZE)


@pytest.mark.parametrize("by_index", [False, True])
def test_counting_a_long_list_sorts_nothing_but_where_an_index_leads(
    django_assert_num_queries: Any, by_index: bool
) -> None:
    page = long_page_of(asking(), User.objects.order_by("email"), by_index=by_index)
    with django_assert_num_queries(1) as asked:
        assert page.paginator.count
    assert ("ORDER BY" in asked.captured_queries[0]["sql"]) is by_index


def test_a_count_that_is_known_is_not_asked_for(django_assert_num_queries: Any) -> None:
    page = long_page_of(asking(), User.objects.order_by("email"), count=7)
    with django_assert_num_queries(0):
        assert page.paginator.count == 7


def test_last_page_of_a_list_that_goes_on_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapui.lists.FARTHEST", 2)
    first, last = (long_page_of(asking(page=number), User.objects.order_by("email")) for number in (1, 2))
    assert (first.has_next(), first.is_cut) == (True, False)
    assert (last.has_next(), last.is_cut) == (False, True)


@pytest.mark.parametrize("asked", ["", "x", "0001-01-01", "9999-12-31"])
def test_day_that_cannot_be_read_leaves_the_log_whole(asked: str) -> None:
    assert LogForm({"until": asked}).end is None


def test_day_of_a_log_ends_at_midnight_in_kyiv() -> None:
    end = LogForm({"until": "2026-06-30"}).end
    assert end
    assert end.isoformat() == "2026-06-30T20:59:59.999999+00:00"


def test_turning_a_page_leads_to_the_list_and_says_that_it_is_a_page() -> None:
    request = asking(page=2, only="x")
    page = page_of(request, User.objects.order_by("email"))
    with translation.override("en"):
        shown = render_to_string("mapui/_pages.html", {"page": page, "anchor": "rows"}, request)
        searched = render_to_string(
            "mapui/staff/_search.html", {"form": SearchForm(), "sought": "x", "anchor": "rows"}, request
        )
    assert 'href="?page=3&amp;only=x#rows"' in shown
    assert '<span class="visually-hidden">Page </span>2 / 3' in shown
    assert 'action="#rows"' in searched
    assert 'href="?#rows"' in searched
