"""The page of prevention: who may do what there, what it tells in words, and what it never tells."""

import datetime
import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from analysis.models import Measure, PastEvaluation, PreventionPlace
from people.models import User
from tests.analysis.letters import Sent, accepted
from tests.analysis.test_live_hotspots import CORNER, scattered
from tests.appeals.conftest import Office, build_office, user_with_role

PAGE = "/staff/navchannia/prevention/"
HEATMAP = "/staff/navchannia/heatmap/"
DAY = datetime.timedelta(days=1)


def ago(days: int) -> datetime.datetime:
    """So many days before now."""
    return timezone.now() - days * DAY


def with_hotspot(office: Office) -> None:
    """Give the city a hotspot in the north, of letters of the last weeks."""
    accepted(office, [*scattered(60, at=ago(20)), *(Sent(place=CORNER, at=ago(20)) for _ in range(30))])


def words(client: Client, address: str = PAGE, **query: Any) -> str:
    """Return what a page says, without its markup and with single spaces."""
    response = client.get(address, query)
    assert response.status_code == 200
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\N{NO-BREAK SPACE}", " ").split())


def filled(**changes: Any) -> dict[str, Any]:
    """A patrol of today as the form sends it."""
    today = timezone.localdate()
    return {"key": uuid.uuid4(), "kind": "patrol", "state": "done", "on": today, "text": "Щовечора"} | changes


def record(client: Client, **changes: Any) -> Measure:
    """Record a measure at the first hotspot of the page, as a person would."""
    link = re.search(r'href="([^"]*/prevention/new/\?[^"]*)"', client.get(PAGE).text)
    assert link
    address = link[1].replace("&amp;", "&")
    page = client.get(address)
    hidden = dict(re.findall(r'name="(cell|category|days)" value="([^"]*)"', page.text))
    response = client.post(address, hidden | filled(**changes))
    assert response.status_code == 302, response.text
    return Measure.objects.latest("pk")


@pytest.fixture
def officer(office: Office, english: Client) -> User:
    """The officer of the north, signed in, with a hotspot in the district."""
    with_hotspot(office)
    english.force_login(office.officer)
    return office.officer


def test_an_officer_plans_a_measure_at_a_hotspot_and_sees_it(officer: User, english: Client) -> None:
    assert re.search(r"Hotspot 1 , \w+ \d+ letters; by chance", words(english))
    record(english, state="planned", on=timezone.localdate() + 3 * DAY)
    page = words(english)
    assert "Patrol ," in page
    assert "Щовечора" in page
    assert "What is done here: place 1" in page
    assert "Before and after are counted once something is done." in page


def test_the_map_draws_the_numbers_of_the_lists(officer: User, english: Client) -> None:
    record(english)
    found = re.search(r'<script id="prevention-shapes"[^>]*>(.*?)</script>', english.get(PAGE).text, re.DOTALL)
    assert found
    told = json.loads(found[1])
    assert [[each["properties"]["number"] for each in told[name]] for name in ("hotspots", "places")] == [[1], [1]]


def test_the_form_says_what_must_not_be_written_beside_the_words(officer: User, english: Client) -> None:
    link = re.search(r'href="([^"]*/prevention/new/\?[^"]*)"', english.get(PAGE).text)
    assert link
    page = english.get(link[1].replace("&amp;", "&")).text
    assert "No names, phones or addresses" in page
    assert re.search(r'<textarea[^>]*aria-describedby="id_text_helptext"', page)
    assert "whole squares of about 200 m, never a building" in words(english, link[1].replace("&amp;", "&"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Розмова, кв. 5"}, "looks like a contact or a home"),
        ({"kind": ""}, "Choose what it is."),
        ({"on": "2020-01-01"}, "Choose a day within a year."),
        ({"on": ""}, "Choose the day."),
    ],
)
def test_what_is_refused_keeps_what_was_filled_in(
    officer: User, english: Client, changes: dict[str, str], said: str
) -> None:
    place = record(english).place
    response = english.post(f"{PAGE}{place.number}/new/", filled(**{"text": "Обхід двору", **changes}))
    assert said in response.text
    assert (changes.get("text") or "Обхід двору") in response.text
    assert Measure.objects.count() == 1


def test_a_supervisor_reads_and_comments_and_changes_nothing(officer: User, office: Office, english: Client) -> None:
    measure = record(english)
    english.force_login(office.supervisor)
    page = english.get(PAGE).text
    assert "Another measure" not in page
    assert "Plan or record" not in page
    address = f"{PAGE}measures/{measure.pk}/"
    assert "Withdraw" not in english.get(address).text
    assert english.get(f"{PAGE}1/new/").status_code == 403
    for name in ("change", "withdraw", "put-back"):
        data = filled(after=1, number=1)
        assert english.post(f"{address}{name}/", data).status_code == 403, name
    said = {"key": uuid.uuid4(), "text": "Гарна думка"}
    assert english.post(f"{address}comment/", said).status_code == 302
    english.force_login(officer)
    assert "Гарна думка" in words(english, address)


def test_an_officer_sees_nothing_of_another_district(officer: User, office: Office, english: Client) -> None:
    measure = record(english)
    other = user_with_role(office.world, "officer", "mid@example.org")
    office.world.acting.user = other
    office.world.acting.save()
    english.force_login(other)
    assert "Щовечора" not in words(english)
    assert english.get(f"{PAGE}measures/{measure.pk}/").status_code == 404
    assert english.post(f"{PAGE}measures/{measure.pk}/comment/", {"key": uuid.uuid4(), "text": "x"}).status_code == 404
    assert english.get(f"{PAGE}1/new/").status_code == 404


def test_a_measure_of_another_city_is_not_here(officer: User, english: Client) -> None:
    measure = record(english)
    far = build_office("inshe", west=27.0)
    english.force_login(far.supervisor)
    assert english.get(f"/staff/inshe/prevention/measures/{measure.pk}/").status_code == 404


def test_withdrawn_goes_from_the_page_and_comes_back(officer: User, english: Client) -> None:
    address = f"{PAGE}measures/{record(english).pk}/"
    english.post(f"{address}withdraw/", {"after": 1})
    assert "Щовечора" not in words(english)
    assert "withdrawn" in words(english, address)
    english.post(f"{address}put-back/", {"after": 2, "number": 1})
    assert "Щовечора" in words(english)


def test_a_planned_day_that_passed_is_asked_about(officer: User, english: Client) -> None:
    measure = record(english)
    measure.versions.create(
        number=2, kind="visit", state="planned", on=timezone.localdate() - DAY, by=officer, at=timezone.now()
    )
    assert "was planned: is it done?" in words(english)


def test_somebody_elses_change_is_told_and_what_was_typed_stays(officer: User, english: Client) -> None:
    address = f"{PAGE}measures/{record(english).pk}/"
    english.post(f"{address}change/", filled(after=1, kind="talk"))
    response = english.post(f"{address}change/", filled(after=1, text="Мої слова"))
    assert response.status_code == 422
    assert "The measure was changed meanwhile." in response.text
    assert "Мої слова" in response.text


def test_words_are_erased_from_the_history_too(officer: User, english: Client) -> None:
    measure = record(english)
    address = f"{PAGE}measures/{measure.pk}/"
    english.post(f"{address}change/", filled(after=1, text="Нові слова"))
    english.post(f"{address}erase/")
    page = words(english, address)
    assert "words erased" in page
    assert "Щовечора" not in page
    assert "Нові слова" not in page


def test_before_and_after_says_why_it_cannot_tell(officer: User, english: Client) -> None:
    record(english)
    page = words(english)
    assert "Before and after the first deed on" in page
    assert "Nothing to count yet: the first day after it is" in page
    assert "Such numbers fall by themselves afterwards, whatever is done." in page


def test_before_and_after_is_told_with_both_numbers(officer: User, office: Office, english: Client) -> None:
    earlier = [*scattered(90, at=ago(500)), *(Sent(place=CORNER, at=ago(500)) for _ in range(40))]
    accepted(office, earlier)
    record(english, on=timezone.localdate() - 10 * DAY)
    PreventionPlace.objects.all()
    accepted(office, scattered(60, at=ago(2), seed=4))
    place = PreventionPlace.objects.get()
    assert place.last == timezone.localdate()
    page = words(english)
    assert "Beside all other squares of your districts" in page
    assert "Beside other hotspots where nothing was done" in page


def test_topics_with_a_place_alone_are_offered(officer: User, english: Client) -> None:
    page = english.get(PAGE).text
    assert 'value="noise"' in page
    assert "domestic-violence" not in page
    assert english.get(PAGE, {"category": "domestic-violence"}).context["search"].filters.categories == ()


def test_the_evaluation_is_told_in_words(officer: User, office: Office, english: Client) -> None:
    assert "Not computed yet" in words(english)
    figures = [
        {"method": "plain one-year count", "caught": 60, "of_100": 30.2, "low": 22.4, "high": 38.1, "more": [0, 0, 0]},
        {"method": "kernel density", "caught": 50, "of_100": 25, "low": 20, "high": 30, "more": [-5, -9, -1]},
        {"method": "ours", "caught": 66, "of_100": 33.4, "low": 25.2, "high": 41.2, "more": [3, 1, 5]},
    ]
    PastEvaluation.objects.create(
        city=office.world.city, evaluated_at=timezone.now(), verdict="told", first=ago(364).date(),
        last=ago(1).date(), train_weeks=104, letters=200, squares=100, marked=5, side_m=196.3, figures=figures,
    )  # fmt: skip
    page = words(english)
    assert "5 of 100, 200 m each, 0.2 km² in all." in page
    assert "30 of 100 letters of the weeks that followed fell there (from 22 to 39)." in page
    assert "33 (from 25 to 42)" in page
    assert "more than the plain count tells" in page
    assert "less than the plain count tells" in page
    assert "of 100 letters of the weeks that followed fell there" in words(english, HEATMAP)
    PastEvaluation.objects.update(verdict="few", figures=[], letters=40)
    assert "Too few letters to tell: 40 in the weeks that were looked at, at least 100 are needed." in words(english)
    PastEvaluation.objects.update(verdict="short")
    assert "Too short a past to tell: it takes letters of 39 weeks." in words(english)


def test_a_supervisor_may_have_it_computed_now(officer: User, office: Office, english: Client) -> None:
    assert english.post(f"{PAGE}past/").status_code == 403
    assert "Compute it now" not in words(english)
    english.force_login(office.supervisor)
    assert "Compute it now" in words(english)
    assert english.post(f"{PAGE}past/").status_code == 302
    assert "It is being computed." in words(english)


def test_an_analyst_is_told_why_there_is_no_evaluation_for_them(office: Office, english: Client) -> None:
    PastEvaluation.objects.create(
        city=office.world.city, evaluated_at=timezone.now(), verdict="few", last=ago(1).date(), letters=40
    )
    english.force_login(user_with_role(office.world, "analyst", "analyst@example.org"))
    assert english.get(PAGE).status_code == 403
    page = words(english, HEATMAP)
    assert "From released figures it cannot be told honestly" in page
    assert "Too few letters to tell: 40" not in page
    assert PAGE not in english.get(HEATMAP).text
