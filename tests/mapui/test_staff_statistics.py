"""The page of statistics: its days and its order stand in the address, and few letters are ranked nowhere."""

import datetime
import uuid

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from appeals.access import as_staff
from appeals.answer_times import FEWEST, Figures, Quantile, Times
from appeals.filters import BadFilter
from appeals.services import reply
from mapui.statistics import Asked, Row, days_words, half_years, in_time_words, satisfaction_words, table_of
from mapui.templatetags.figure_tags import figure_rows
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter

PAGE = "/staff/navchannia/statistics/"
TODAY = datetime.date(2026, 6, 1)


def figures(days: int, n: int) -> Figures:
    return Figures(Times({days: n}), in_time=n)


def asked(query: str, today: datetime.date = TODAY) -> Asked:
    return Asked.read(RequestFactory().get(f"/?{query}").GET, today=today)


def names(table: dict[str, object]) -> list[str]:
    return [row.name for row in table["rows"]]  # type: ignore[attr-defined]


def test_rows_of_few_letters_stand_in_no_order_but_their_own() -> None:
    rows = [Row("B few", 2, figures(1, FEWEST - 1)), Row("A few", 1, figures(9, 3))]
    rows += [Row("slow", 3, figures(8, FEWEST)), Row("quick", 4, figures(2, FEWEST))]
    assert names(table_of(rows, asked("sort=median"), name="x")) == ["quick", "slow", "A few", "B few"]
    assert names(table_of(rows, asked("sort=-median"), name="x")) == ["slow", "quick", "A few", "B few"]
    assert names(table_of(rows, asked("sort=-letters"), name="x"))[2:] == ["A few", "B few"]
    assert names(table_of(rows, asked("sort=-name"), name="x")) == ["quick", "slow", "B few", "A few"]
    assert names(table_of(rows, asked("sort=nothing"), name="x")) == ["A few", "B few", "slow", "quick"]


def test_head_says_how_it_is_sorted_and_turns_it_around() -> None:
    heads = table_of([], asked("sort=median"), name="x")["heads"]
    chosen = next(head for head in heads if head["key"] == "median")
    assert chosen["sorted"] == "ascending"
    assert chosen["href"].endswith("sort=-median")
    assert [head["sorted"] for head in heads].count("") == len(heads) - 1


@pytest.mark.parametrize("query", ["from=2026-06-02", "to=2026-06-02", "from=2020-01-01", "from=soon"])
def test_days_that_make_no_sense_are_refused(query: str) -> None:
    with pytest.raises(BadFilter):
        asked(query)


def test_half_year_before_january_is_that_of_last_year() -> None:
    assert half_years(datetime.date(2026, 1, 1)) == [
        (datetime.date(2026, 1, 1), datetime.date(2026, 1, 1)),
        (datetime.date(2025, 7, 1), datetime.date(2025, 12, 31)),
    ]


def test_every_share_stands_beside_its_number() -> None:
    with translation.override("en"):
        assert days_words(Quantile(3, or_more=True)) == "3 or more"
        assert in_time_words(Figures(in_time=3, late=1)) == "3 of 4"
        assert in_time_words(Figures(in_time=15, late=5)) == "15 of 20 (75\N{NO-BREAK SPACE}%)"
        assert satisfaction_words(Figures(asked=40, ratings={"yes": 3, "no": 1})) == "helped 3 of 4 who said, 40 asked"
        told = satisfaction_words(Figures(asked=40, ratings={"yes": 15, "no": 5}))
        assert told.startswith("75\N{NO-BREAK SPACE}%: helped 15 of 20")


def test_page_tells_times_of_enough_letters_and_numbers_alone_of_few(english: Client, office: Office) -> None:
    now = timezone.now()
    for _ in range(FEWEST):
        sent = new_letter(office.world, received_at=now)
        with as_staff(office.supervisor):
            reply(appeal=sent.appeal, author=office.supervisor, body="Done.", sent_at=now, key=uuid.uuid4())
    new_letter(office.world, district="2", point=office.world.in_mid, received_at=now)
    english.force_login(office.supervisor)
    page = english.get(PAGE)
    rows = {row["name"]: row for row in page.context["rows"]}
    in_time = "20 of 20 (100\N{NO-BREAK SPACE}%)"
    assert [words for _label, words in rows["North"]["cells"]][:5] == ["20", "0", "0", "0", in_time]
    assert [words for _label, words in rows["Middle"]["cells"]][:5] == ["1", "1", "–", "–", "–"]
    assert "too few letters to compare" in page.text


def test_days_stay_while_the_order_changes(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    page = english.get(f"{PAGE}?from=2026-01-01&to=2026-03-31").text
    assert "?from=2026-01-01&amp;to=2026-03-31&amp;sort=median#table" in page
    assert "Letters received from 01.01.2026 to 31.03.2026" in page


def test_bad_days_are_named_and_the_usual_ones_shown(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    assert "The first day is after the last." in english.get(f"{PAGE}?from=2026-05-01&to=2026-01-01").text


def test_officer_has_no_statistics_of_the_city(client: Client, office: Office) -> None:
    client.force_login(office.officer)
    assert client.get(PAGE).status_code == 403


def test_rows_are_of_districts_or_of_officers_and_whose_stays_with_days_and_order(
    english: Client, office: Office
) -> None:
    new_letter(office.world, received_at=timezone.now())
    english.force_login(office.supervisor)
    page = english.get(f"{PAGE}?by=officer&sort=letters")
    assert [row["name"] for row in page.context["rows"]] == [office.world.officer.name_en]
    assert "&amp;by=officer&amp;sort=-letters#table" in page.text
    assert '<input type="hidden" name="by" value="officer">' in page.text
    assert [row["name"] for row in english.get(PAGE).context["rows"]] == ["North"]


def test_rows_are_drawn_as_they_are_written_whatever_stands_in_them() -> None:
    drawn = figure_rows([{"name": "№ 1 <b>", "cells": [('"a"', "<i>")], "few": "<u>"}])
    assert "№\N{NO-BREAK SPACE}1 &lt;b&gt;" in drawn
    assert '<td data-label="&quot;a&quot;"><div>&lt;i&gt;</div></td>' in drawn
    assert "&lt;u&gt;</span>" in drawn
