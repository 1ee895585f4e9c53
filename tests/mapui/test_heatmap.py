"""The heatmap's page: who sees which counts, and that everything the map draws is told in words as well."""

import datetime
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from analysis.closing import close_due
from people.models import User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE, june
from tests.analysis.test_live_hotspots import gathered, scattered
from tests.appeals.conftest import Office, user_with_role
from tests.world import NOON

PAGE = "/staff/navchannia/heatmap/"
DV = "domestic-violence"


@pytest.fixture
def analyst(office: Office, english: Client) -> User:
    """An analyst of the training city, signed in."""
    user = user_with_role(office.world, "analyst", "analyst@example.org")
    english.force_login(user)
    return user


def release_june(office: Office) -> None:
    """Release June of a city of 180 houses: six letters about noise in one place, one in another, five protected."""
    give_houses(office.world, 60)
    far = Sent((25.0251, 49.9921), district="3", at=june(2, 20))
    accepted(office, [Sent()] * 6 + [far] + [Sent(category=DV)] * 5)
    close_due(now=LATE)


def words(client: Client, **query: Any) -> str:
    """Return what the page says, without its markup and with single spaces."""
    response = client.get(PAGE, query)
    assert response.status_code == 200
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\N{NO-BREAK SPACE}", " ").split())


def on_map(client: Client, **query: str) -> Any:
    """Return what the page gives its map to draw."""
    found = re.search(r'<script id="heat-shapes"[^>]*>(.*?)</script>', client.get(PAGE, query).text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_an_analyst_sees_released_areas_in_spans(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english)
    assert "7–10 letters with a place" in page
    assert "Counted: June 2026" in page
    assert "Letters in an area, at least:" in page
    assert "none (not “safe”)" in page
    assert "Each area has at least 8 addresses" in page
    assert "“1–4” means one of these numbers" in page
    assert "1–4" in page
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
    assert english.get(f"{PAGE}export/cells/").status_code == 403
    assert english.get(f"{PAGE}export/areas/").status_code == 302


def test_before_the_first_release_the_page_says_when_it_comes(english: Client, analyst: User) -> None:
    page = words(english)
    assert "Nothing is released yet" in page
    assert re.search(r"On \w+\.? 1, \d{4} the letters of \w+ \d{4} are released", page)


def test_days_that_hold_no_whole_period_are_told(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english, **{"from": "2026-06-02", "to": "2026-06-29"})
    assert "No released period lies wholly between these days" in page
    assert "Released: June 2026" in page


def test_why_areas_are_coarse_is_told(office: Office, english: Client, analyst: User) -> None:
    release_june(office)
    page = words(english, topics="protected")
    assert "Every district: the whole district: it has too few addresses for smaller areas." in page
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
    assert "7–10 letters with a place" in words(english, of="releases")
    assert english.get(PAGE, {"of": "releases"}).text.count('aria-current="true">Released') == 1


def test_a_hotspot_is_told_in_words_and_drawn_with_the_same_number(office: Office, english: Client) -> None:
    accepted(office, [*scattered(30), *gathered(30)])
    english.force_login(office.supervisor)
    page = words(english)
    assert "1 place stands out from chance." in page
    assert re.search(r"Hotspot 1 , \w+ \d+ letters; by chance, on so much area, [\d.]+: [\d.]+ times as many", page)
    assert re.search(r"hot in \d+% of resamples", page)
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
    assert [row["letters"] for row in by_letters["rows"]] == ["5", "2"]
    assert [row["letters"] for row in by_name["rows"]] == ["2", "5"]
    assert 'aria-sort="descending"' in english.get(PAGE).text


def test_the_trend_and_the_week_tell_the_same_as_their_tables(office: Office, english: Client) -> None:
    accepted(office, [Sent(at=NOON)] * 4)
    english.force_login(office.supervisor)
    context = english.get(PAGE, {"from": str(NOON.date()), "to": str(NOON.date())}).context
    assert [(bar.most, bar.chosen) for bar in context["trend"]["bars"]] == [(0, False), (4, True)]
    assert [(dot.weekday, dot.hour, dot.most) for dot in context["week"]["dots"]] == [(1, 12, 4)]


def test_every_state_is_in_the_address(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    today = timezone.localdate()
    page = english.get(PAGE, {"category": "noise", "zoom": "16"}).text
    assert f"?category=noise&amp;zoom=16&amp;from={today - datetime.timedelta(days=29)}&amp;to={today}" in page


def test_paper_says_what_was_chosen(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = words(english, category="noise", **{"from": "2026-06-01"})
    assert re.search(r"06/01/2026 – …; Noise and quarrels\. Printed on \d", page)


def test_without_letters_nothing_is_called_safe(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = words(english)
    assert "which does not mean it is safe" in page
    assert "No letters to draw." in page
