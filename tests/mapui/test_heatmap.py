"""The heatmap's page: who sees which counts, and that everything the map draws is told in words as well."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone, translation

from analysis.closing import close_due
from analysis.models import PartFigure, Release, TotalCount
from mapui.heat import tables
from mapui.heat.words import periods_words
from people.models import User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import june
from tests.analysis.test_live_hotspots import gathered, scattered
from tests.appeals.conftest import Office, user_with_role
from tests.mapui.heatmap_pages import DV, PAGE, on_map, release_june, words
from tests.world import NOON, settle


@pytest.fixture
def analyst(office: Office, english: Client) -> User:
    """An analyst of the training city, signed in."""
    user = user_with_role(office.world, "analyst", "analyst@example.org")
    english.force_login(user)
    return user


def test_an_analyst_sees_released_areas_in_spans(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english)
    assert "at least 7 letters with a place" in page
    assert "Counted: June 2026" in page
    assert "Letters per km², by area, at the least:" in page
    assert "no letters (not “safe”)" in page
    assert "Each area has at least 8 addresses" in page
    assert "“1–4” means one of these numbers" in page
    assert "A small count is told as 1–4. In a sum it counts as one, so sums say “at least”" in page
    assert "of=releases" in english.get(PAGE).text


def test_the_office_leads_an_analyst_to_the_heatmap(english: Client, analyst: User) -> None:
    assert PAGE in english.get("/staff/").text


def test_a_wrong_day_does_not_lead_from_releases_to_live_counts(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = english.get(PAGE, {"of": "releases", "from": "yesterday"}).text
    assert "must be a day" in page
    assert "?of=releases&amp;from=" in page


def test_an_analyst_sees_no_live_counts(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    accepted(office, [Sent()] * 3)
    assert english.get(PAGE, {"of": "live"}).status_code == 403
    page = english.get(PAGE).text
    assert "By square" not in page
    assert "/staff/navchannia/letters/" not in page
    assert english.get("/staff/navchannia/exports/cells/").status_code == 403
    assert english.get("/staff/navchannia/exports/areas/").status_code == 302


def test_before_the_first_release_the_page_says_when_it_comes(english: Client, analyst: User) -> None:
    page = words(english)
    assert "Nothing is released yet" in page
    assert re.search(r"On \w+\.? 1, \d{4} the letters of \w+ \d{4} are released", page)


def test_days_that_hold_no_whole_period_are_told(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english, **{"from": "2026-06-02", "to": "2026-06-29"})
    assert "No released period lies wholly between these days" in page
    assert "Released: June 2026" in page


@pytest.mark.parametrize(
    ("topic", "told"), [("noise", "щонайменше 7 листів з місцем"), ("traffic", "1–4 листи з місцем")]
)
def test_a_released_number_stands_with_the_right_form_of_its_noun(
    office: Office, english: Client, analyst: User, topic: str, told: str
) -> None:
    accepted(office, [Sent(category="traffic")] * 3)
    release_june(office)
    english.cookies["language"] = "uk"
    assert told in words(english, category=topic)


def test_a_part_of_the_day_without_letters_is_told_too(office: Office, english: Client, analyst: User) -> None:
    accepted(office, [Sent(category=DV)] * 5)
    close_due(now=datetime.datetime(2027, 2, 1, 3, tzinfo=datetime.UTC))
    page = words(english, topics="protected")
    with translation.override("en"):
        assert all(f"{part.label} {5 if part is PartFigure.Part.AFTERNOON else 0}" in page for part in PartFigure.Part)


def test_why_areas_are_coarse_is_told(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english, topics="protected")
    assert "Every district: one area for the whole district, which has too few addresses for smaller ones." in page
    assert "Counted: quarter II of 2026" in page
    assert "Sensitive topics are released by quarter" in page


def test_topics_of_both_kinds_are_refused_in_words(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    assert "ask for one of the two" in words(english, category=[DV, "noise"])
    assert "Counted: quarter II of 2026" in words(english, category=DV, topics="ordinary"), "the topic says which"


def test_an_officer_chooses_between_live_and_released(office: Office, english: Client) -> None:
    release_june(office)
    english.force_login(office.officer)
    assert "6 letters" in words(english, category="noise")
    assert "at least 7 letters with a place" in words(english, of="releases")
    assert english.get(PAGE, {"of": "releases"}).text.count('aria-current="true">Released') == 1


def test_a_hotspot_is_told_in_words_and_drawn_with_the_same_number(office: Office, english: Client) -> None:
    accepted(office, [*scattered(30), *gathered(30)])
    english.force_login(office.supervisor)
    page = words(english)
    assert "1 place stands out from chance." in page
    assert re.search(r"Hotspot 1 , \w+ \d+ letters; by chance, on so much area, [\d.]+: [\d.]+ times as many", page)
    assert re.search(r"hot in \d+ % of resamples", page)
    assert [each["properties"]["number"] for each in on_map(english)["hotspots"]] == [1]
    assert "with so many addresses" in words(english, per="address") or "Nothing stands out" in page


def test_few_letters_say_so(office: Office, english: Client) -> None:
    accepted(office, scattered(6))
    english.force_login(office.supervisor)
    assert "Too few letters to tell: 6 with a place, at least 20 are needed." in words(english)


def test_what_does_not_stand_out_says_so(office: Office, english: Client) -> None:
    accepted(office, scattered(40))
    english.force_login(office.supervisor)
    page = words(english)
    assert "Nothing stands out from chance among 40 letters with a place." in page
    assert "would stand out with" in page
    assert on_map(english)["hotspots"] == []


def test_changes_are_told_with_both_numbers(office: Office, english: Client) -> None:
    earlier = NOON - datetime.timedelta(days=30)
    accepted(office, [*scattered(30, at=earlier), *scattered(30, seed=2), *gathered(30)])
    english.force_login(office.supervisor)
    period = {"from": (NOON.date() - datetime.timedelta(days=29)).isoformat(), "to": NOON.date().isoformat()}
    assert "Compare these days with others:" in words(english, **period)
    page = words(english, compare="before", **period)
    assert re.search(r"\+\d+ More , \w+ before \d+, now \d+", page)
    assert on_map(english, compare="before", **period)["changes"][0]["properties"]["direction"] == "more"


def test_changes_need_both_days(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    assert "Choose both days of a period" in words(english, compare="before", **{"from": "2026-06-01"})


def test_a_comparison_that_cannot_be_made_says_why(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    page = words(english, compare="year", **{"from": "2024-01-01", "to": "2026-01-01"})
    assert "A period of a year or longer is compared with the one before it." in page


def test_districts_are_sorted_by_a_link(office: Office, english: Client) -> None:
    accepted(office, [Sent()] * 2 + [Sent((25.0251, 49.9921), district="3")] * 5)
    english.force_login(office.supervisor)
    by_letters, by_name = english.get(PAGE).context["table"], english.get(PAGE, {"sort": "district"}).context["table"]
    assert [row["cells"][0] for row in by_letters["rows"]] == ["5", "2", "0"]
    assert [row["cells"][0] for row in by_name["rows"]] == ["2", "0", "5"]
    assert 'aria-sort="descending"' in english.get(PAGE).text


def test_the_trend_and_the_week_tell_the_same_as_their_tables(office: Office, english: Client) -> None:
    accepted(office, [Sent(at=NOON)] * 4)
    english.force_login(office.supervisor)
    context = english.get(PAGE, {"from": str(NOON.date()), "to": str(NOON.date())}).context
    assert [(bar.most, bar.chosen) for bar in context["trend"]["bars"]] == [(0, False), (4, True), (0, False)]
    assert [(dot.weekday, dot.hour, dot.most) for dot in context["week"]["dots"]] == [(1, 12, 4)]


def test_every_state_is_in_the_address(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    today = timezone.localdate()
    page = english.get(PAGE, {"category": "noise", "zoom": "16"}).text
    assert f"?category=noise&amp;zoom=16&amp;from={today - datetime.timedelta(days=29)}&amp;to={today}" in page


def test_paper_says_what_was_chosen(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = words(english, category="noise", **{"from": "2026-06-01"})
    assert re.search(r"06/01/2026 – …; Noise and quarrels; letters\. Printed on \d", page)


def test_without_letters_nothing_is_called_safe(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = words(english)
    assert "which does not mean it is safe" in page
    assert "No letters to draw." in page


def test_several_topics_are_summed(office: Office, english: Client) -> None:
    accepted(office, [Sent()] * 2 + [Sent(category="traffic")] * 3 + [Sent(category="elderly")])
    english.force_login(office.supervisor)
    assert "5 letters" in words(english, category=["noise", "traffic"])
    page = english.get(PAGE, {"category": ["noise", "traffic"]}).text
    assert page.count('name="category" value="') == page.count('type="checkbox" name="category"') > 5
    assert len(re.findall(r'name="category" value="(?:noise|traffic)"[^>]* checked', page)) == 2
    assert "category=noise&amp;category=traffic" in page, "links keep both"


def test_an_analyst_chooses_among_topics_of_one_kind(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    ordinary, protected = english.get(PAGE).text, english.get(PAGE, {"topics": "protected"}).text
    assert (f'value="{DV}"' in ordinary, f'value="{DV}"' in protected) == (False, True)
    assert ('value="noise"' in ordinary, 'value="noise"' in protected) == (True, False)
    assert "at least 7 letters with a place" in words(english, category=["noise", "traffic"])


def test_rates_compare_places_of_different_size(office: Office, english: Client) -> None:
    give_houses(office.world, 100)
    settle(office.world.north, 4000)
    accepted(office, [Sent()] * 6)
    english.force_login(office.supervisor)
    table = english.get(PAGE).context["table"]
    assert [head["label"] for head in table["heads"]] == [
        "District", "Letters", "Per km²", "Per 1,000 addresses", "Per 1,000 residents"
    ]  # fmt: skip
    assert table["rows"][0] == {"name": "North", "cells": ["6", "7.5", "60", "1.5"]}
    assert table["rows"][1]["cells"] == ["0", "0", "0", "–"]
    assert "An address is a house" in words(english)
    [value] = on_map(english, per="area", zoom="16")["values"].values()
    assert 38 < value < 41, "six letters in a square of some 0.153 km²"
    assert "Letters per km², by square:" in words(english, per="area")


def test_places_of_different_size_are_coloured_by_density_and_equal_squares_by_count(
    office: Office, english: Client
) -> None:
    release_june(office)
    english.force_login(office.supervisor)
    assert "Letters, by square:" in words(english)
    assert "Letters per km², by district:" in words(english, weekday="1")
    assert "Letters per km², by area, at the least:" in words(english, of="releases")
    chosen = english.get(PAGE, {"of": "releases", "per": "letters"})
    assert "Letters, by area, at the least:" in words(english, of="releases", per="letters")
    assert '<option value="letters" selected>' in chosen.text
    assert '<option value="" selected>letters per km²' in english.get(PAGE, {"of": "releases", "per": "area"}).text


def test_numbers_keep_their_thousands_apart(office: Office, client: Client) -> None:
    accepted(office, [Sent()])
    TotalCount.objects.update(n=12_345)
    client.force_login(office.supervisor)
    page = client.get(PAGE).text
    assert "<strong>12\N{NARROW NO-BREAK SPACE}345</strong>" in page
    assert '<td class="number">12\N{NARROW NO-BREAK SPACE}345</td>' in page


def test_periods_that_follow_each_other_are_told_as_one() -> None:
    months = [datetime.date(2026, month, 1) for month in (1, 2, 3, 6)]
    released = [Release(kind=Release.Kind.ORDINARY, first=first) for first in months]
    with translation.override("en"):
        assert periods_words(released) == "January 2026 – March 2026, June 2026"


def test_residents_colour_districts_and_what_is_not_known_is_said(office: Office, english: Client) -> None:
    settle(office.world.north, 4000)
    accepted(office, [Sent()] * 6)
    english.force_login(office.supervisor)
    districts = on_map(english, per="resident")["districts"]
    assert districts["1"] == {"value": 1.5, "words": "North: letters 6; letters per 1,000 residents: 1.5"}
    assert districts["2"] == {"value": None, "words": "Middle: letters 0; letters per 1,000 residents: not known"}
    page = words(english, per="resident")
    assert "no data: residents are not known" in page
    assert "residents are known of whole districts alone" in page


def test_a_rate_by_few_addresses_is_not_told(office: Office, english: Client) -> None:
    give_houses(office.world, 2)
    accepted(office, [Sent()] * 6)
    english.force_login(office.supervisor)
    assert set(on_map(english, per="address")["values"].values()) == {None}
    page = words(english, per="address")
    assert "no data: fewer than 8 known addresses" in page


def test_an_analyst_compares_areas_by_a_rate_at_the_least(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    values = on_map(english, per="address")["values"]
    assert len(values) == english.get(PAGE).context["areas_in_all"]
    assert sum(1 for value in values.values() if value) == 2
    rows = english.get(PAGE, {"per": "area"}).context["squares"]
    assert [(row["letters"], row["rate"][0] == "≥") for row in rows[:2]] == [("6", False), ("1–4", True)]


def test_an_analyst_compares_with_the_months_before(office: Office, english: Client, analyst: User) -> None:
    accepted(office, [Sent(at=june(1) - datetime.timedelta(days=20))] * 5)
    release_june(office)
    days = {"from": "2026-06-01", "to": "2026-06-30"}
    page = words(english, compare="before", **days)
    assert "Letters: at least 7; in May 2026: 5." in page
    assert "It is not tested whether a difference is more than chance" in page
    table = english.get(PAGE, {"compare": "before", "sort": "-letters", **days}).context["table"]
    assert [head["label"] for head in table["heads"]][:3] == ["District", "Letters", "Before"]
    assert table["rows"][0]["cells"][:2] == ["6", "5"]
    bars = english.get(PAGE, {"compare": "before", **days}).context["trend"]["bars"]
    assert [(bar.chosen, bar.compared) for bar in bars][:2] == [(False, True), (True, False)]
    assert "Nothing is released of the days from" in words(english, compare="year", **days)


def test_new_choices_stay_in_the_address(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    query = {"weekday": ["5", "6"], "hour_from": "20", "hour_to": "4", "per": "area", "smooth": "1"}
    page = english.get(PAGE, query).text
    assert "weekday=5&amp;weekday=6&amp;hour_from=20&amp;hour_to=4&amp;per=area&amp;smooth=1&amp;from=" in page
    assert "Fri, Sat, 20:00–4:00" in page
    for name, value in (("weekday", "5"), ("weekday", "6"), ("hour_from", "20"), ("hour_to", "4")):
        assert re.search(rf'(name="{name}" value="{value}"[^>]* checked|<option value="{value}" selected)', page), name


@pytest.mark.parametrize("days", [("0001-01-01", "2026-06-01"), ("2026-06-01", "9999-12-31")])
@pytest.mark.parametrize("more", [{}, {"weekday": "1"}, {"of": "releases"}])
def test_days_at_the_end_of_the_world_are_refused(
    office: Office, english: Client, days: tuple[str, str], more: dict[str, str]
) -> None:
    english.force_login(office.supervisor)
    page = words(english, compare="before", **{"from": days[0], "to": days[1]}, **more)
    assert "Days lie between the years 1970 and 2199." in page


def test_a_city_of_many_districts_lists_the_first_and_leads_to_all(
    office: Office, english: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SHOWN", 2)
    english.force_login(office.supervisor)
    page = english.get(f"{PAGE}?sort=district")
    assert [row["name"] for row in page.context["table"]["rows"]] == ["North", "Middle"]
    all_of_them = '<a class="no-print" href="?sort=district&amp;all=1#districts">All 3 districts</a>'
    assert f"2 of 3 districts. {all_of_them}" in page.text
    whole = english.get(f"{PAGE}?sort=district&all=1")
    assert [row["name"] for row in whole.context["table"]["rows"]][:2] == ["North", "Middle"]
    assert (len(whole.context["table"]["rows"]), whole.context["table"]["all"]) == (3, "")
