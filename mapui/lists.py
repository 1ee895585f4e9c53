"""Lists that come page by page: the page that an address asks for, and queues of what waits and what is done."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.core.paginator import Page, Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from geo.moments import FIRST_DAY, LAST_DAY, end_of_local_day

PAGE_SIZE: Final = 25
"""Rows of a page, unless a list has a reason of its own: two or three screens, drawn as fast as any other page."""
FARTHEST: Final = 4_000
"""Pages of a list that grows for years: a hundred thousand rows. What lies before a page is skipped row by row."""
DONE: Final = "done"


def page_of(request: HttpRequest, rows: Any, *, size: int = PAGE_SIZE, count: int | None = None) -> Page[Any]:
    """Return the page of some rows that `page` asks for: the first where it is no number, the last where too high.

    `count` is how many there are, where it is known already.
    """
    pages = Paginator(rows, size)
    if count is not None:
        pages.count = count
    return pages.get_page(request.GET.get("page"))


def long_page_of(
    request: HttpRequest,
    rows: Any,
    *,
    load: Callable[[Any], list[Any]] = list,
    count: int | None = None,
    by_index: bool = False,
) -> "LongPage":
    """Return a page of rows that may be a hundred thousand: the first where `page` is no number or too high.

    `load` makes rows of a slice of them; `count` is how many there are, where it is known already; `by_index` says that
    their order is that of an index, along which they are counted too.
    """
    pages = LongPaginator(rows, PAGE_SIZE)
    pages.load, pages.by_index = load, by_index
    if count is not None:
        pages.count = count
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = pages.page(min(max(number, 1), FARTHEST))
    return page if page or page.number == 1 else pages.page(1)


class LongPaginator(Paginator[Any]):
    """Pages of rows that nobody counts to their end: a page asks for one row more, and so knows of the next one."""

    is_long = True
    num_pages = FARTHEST
    counted_to = 1_000
    """No more rows are counted: “more than a thousand”."""
    load: Callable[[Any], list[Any]] = list
    by_index = False

    @cached_property
    def count(self) -> int:
        """How many rows there are, as far as they are counted: at most one more than `counted_to`."""
        rows: Any = self.object_list
        return int((rows if self.by_index else rows.order_by())[: self.counted_to + 1].count())

    @property
    def is_more(self) -> bool:
        """Whether there are more than `counted_to`."""
        return self.count > self.counted_to

    def page(self, number: int | str) -> "LongPage":
        """Return a page; it may be empty."""
        bottom = (int(number) - 1) * self.per_page
        rows = self.load(self.object_list[bottom : bottom + self.per_page + 1])
        return LongPage(rows[: self.per_page], int(number), self, has_more=len(rows) > self.per_page)


class LongPage(Page[Any]):
    """A page that knows whether another one follows."""

    def __init__(self, rows: list[Any], number: int, paginator: LongPaginator, *, has_more: bool) -> None:
        super().__init__(rows, number, paginator)
        self.has_more = has_more

    def has_next(self) -> bool:
        """Whether another page may be asked for."""
        return self.has_more and self.number < FARTHEST

    @property
    def is_cut(self) -> bool:
        """Whether rows follow that no page shows."""
        return self.has_more and self.number >= FARTHEST


def list_address(request: HttpRequest, name: str, *args: Any) -> str:
    """Return an address that keeps what was asked of the list (page, side, filters), to come back where one was."""
    asked = request.GET.urlencode()
    return reverse(name, args=args) + (f"?{asked}" if asked else "")


class Queue:
    """What waits, and what is done, each with pages of its own; `show=done` asks for the other side.

    `waiting` is how many wait, whichever side is shown; `page` holds the rows. Where what waits is a list of keys,
    `load` makes rows of some of them.
    """

    def __init__(
        self,
        request: HttpRequest,
        *,
        waiting: QuerySet[Any] | Sequence[int],
        done: QuerySet[Any],
        load: Callable[[Sequence[int]], list[Any]] | None = None,
    ) -> None:
        self.shows_done = request.GET.get("show") == DONE
        self.page = page_of(request, done if self.shows_done else waiting)
        if load and not self.shows_done:
            self.page.object_list = load(list(self.page.object_list))
        self.waiting = Paginator(waiting, PAGE_SIZE).count if self.shows_done else self.page.paginator.count


class LogForm(forms.Form):
    """The last day of a log that is read: what lies too far back for its pages is found by its day."""

    until = forms.DateField(
        label=_("Until the day"),
        required=False,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def end(self) -> datetime.datetime | None:
        """The last moment of the day that was asked for."""
        day = self.cleaned_data.get("until") if self.is_valid() else None
        return end_of_local_day(day) if day else None


class SearchForm(forms.Form):
    """A part of a name by which rows of a list are found."""

    q = forms.CharField(
        label=_("Name, or a part of it"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
