"""The pages of exports: files with the filters of the heatmap, tokens that are shown once, the log for supervisors."""

import datetime
import html
import re
import time

import pytest
from django.test import Client
from django.utils.timezone import localdate
from django.utils.translation import override

from analysis.models import Export, Token
from mapui.exports import asked_words
from people.models import User
from tests.analysis.test_releases_api import HERE
from tests.analysis.test_tokens import show, token_of
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.mapui.heatmap_pages import release_june

PAGE = "/staff/navchannia/exports/"
NEW = {"name": "QGIS", "kinds": ["releases"], "lasts": "90"}
LINK = re.compile(r'href="(/staff/navchannia/exports/(?:areas|hotspots|districts|cells)/[^"]+)"')


@pytest.fixture
def office(db: None) -> Office:
    """A training city whose June was released."""
    office = build_office()
    release_june(office)
    return office


@pytest.fixture
def analyst(office: Office, client: Client) -> User:
    """An analyst who reads English, signed in."""
    client.cookies["language"] = "en"
    user = user_with_role(office.world, "analyst", "analyst@example.org")
    client.force_login(user)
    return user


def long_ago(client: Client) -> None:
    """Let the last confirmation be 16 minutes old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 16 * 60
    session.save()


def links(page: str) -> list[str]:
    """The addresses of the files."""
    return [html.unescape(each) for each in LINK.findall(page)]


def test_the_heatmap_leads_to_its_export_with_its_filters(analyst: User, client: Client) -> None:
    found = re.search(rf'href="({PAGE}\?[^"]*)"', client.get("/staff/navchannia/heatmap/", HERE).text)
    assert found
    page = client.get(html.unescape(found[1])).text
    assert all("from=2026-06-01" in link for link in links(page) if "/areas/" in link)
    assert "from=2026-06-01&amp;to=2026-06-30" in page.split("<h1>")[0], "and back again"


def test_every_file_of_the_page_can_be_taken(analyst: User, client: Client) -> None:
    page = client.get(PAGE, HERE | {"category": "noise", "per": "resident", "weekday": "1"}).text
    assert "no place is kept with its hour, so “Mon” chooses on the heatmap alone" in page
    found = links(page)
    assert len(found) == 9
    for link in found:
        answer = client.get(link, follow=True)
        assert answer.status_code == 200, link
        b"".join(answer.streaming_content)
    assert Export.objects.count() == 9
    assert {"category": ["noise"], "from": [HERE["from"]], "to": [HERE["to"]]} in [
        e.asked for e in Export.objects.all()
    ]


def test_supervisors_find_live_squares_too_and_officers_do_not(office: Office, client: Client) -> None:
    for user, there in ((office.supervisor, True), (office.officer, False)):
        client.force_login(user)
        found = links(client.get(PAGE).text)
        assert any("/cells/" in link for link in found) is there
        assert all(client.get(link, follow=True).status_code == 200 for link in found)
        assert client.get(f"{PAGE}cells/", {"format": "csv"}).status_code == (302 if there else 403)


def test_a_file_asks_who_is_there_after_a_quarter_of_an_hour(analyst: User, client: Client) -> None:
    long_ago(client)
    answer = client.get(f"{PAGE}areas/", {"category": "noise", "format": "csv"})
    assert answer["Location"] == f"/account/confirm/?next={PAGE.replace('/', '%2F')}%3Fcategory%3Dnoise"


def test_a_token_is_shown_once(analyst: User, office: Office, client: Client) -> None:
    page = client.post(f"{PAGE}tokens/", NEW)
    assert page.status_code == 200
    found = re.search(r"data-receipt>(dil_[\w-]+)<", page.text)
    assert found
    assert "no-store" in page["Cache-Control"]
    assert show(found[1]).status_code == 200
    listed = client.get(PAGE).text
    assert "QGIS" in listed
    assert found[1] not in listed


def test_making_a_token_asks_who_is_there(analyst: User, client: Client) -> None:
    analyst.set_password("correct horse battery")
    analyst.save()
    client.force_login(analyst)
    long_ago(client)
    assert client.post(f"{PAGE}tokens/", NEW)["Location"].startswith("/account/confirm/")
    assert not Token.objects.exists()


@pytest.mark.parametrize("wrong", [{"kinds": []}, {"kinds": ["live"]}, {"lasts": "3650"}, {"name": ""}])
def test_a_form_says_what_is_wrong(analyst: User, client: Client, wrong: dict[str, object]) -> None:
    assert client.post(f"{PAGE}tokens/", NEW | wrong).status_code == 422
    assert not Token.objects.exists()


def test_officers_have_no_tokens(office: Office, client: Client) -> None:
    client.force_login(office.officer)
    assert "tokens/" not in client.get(PAGE).text
    assert client.post(f"{PAGE}tokens/", NEW).status_code == 403


def test_one_revokes_ones_own_and_a_supervisor_everybodys(analyst: User, office: Office, client: Client) -> None:
    mine, _text = token_of(analyst, office)
    theirs, _text = token_of(office.supervisor, office)
    assert client.post(f"{PAGE}tokens/{theirs.pk}/revoke/").status_code == 403
    assert client.post(f"{PAGE}tokens/{mine.pk}/revoke/").status_code == 302
    assert f"tokens/{mine.pk}/" not in client.get(PAGE).text
    again, _text = token_of(analyst, office)
    client.force_login(office.supervisor)
    assert str(analyst) in client.get(PAGE).text
    assert client.post(f"{PAGE}tokens/{again.pk}/revoke/").status_code == 302
    assert not Token.objects.filter(owner=analyst, revoked_at=None).exists()


def test_a_token_that_its_owners_trouble_ended_says_so(analyst: User, office: Office, client: Client) -> None:
    token_of(analyst, office)
    assert "opens nothing any more" not in client.get(PAGE).text
    Token.objects.update(sign_outs=7)
    assert "opens nothing any more" in client.get(PAGE).text


def test_a_line_of_the_log_says_its_filters_in_words_and_a_programs_as_they_stood() -> None:
    names = {"noise": "Noise and quarrels"}
    with override("en"):
        assert asked_words({"category": ["noise", "gone"], "zoom": ["17"]}, names) == (
            "Noise and quarrels, gone; squares of about 200 m"
        )
        assert asked_words({"topics": ["protected"], "to": ["2026-06-30"]}, names) == (
            "sensitive topics; until 06/30/2026"
        )
        assert asked_words({"datetime": ["../2026-06-30"], "limit": ["7"]}, names) == "datetime=../2026-06-30; limit=7"
        twice = {"topics": ["ordinary", "protected"], "from": ["2026-02-31", "2026-01-01"], "to": ["2026-06-30"]}
        assert asked_words(twice, names) == "topics=ordinary+protected; from=2026-02-31+2026-01-01; to=2026-06-30"


def test_the_log_is_for_supervisors(analyst: User, office: Office, client: Client) -> None:
    asked = {"category": "noise", "from": "2026-06-01", "format": "csv"}
    b"".join(client.get(f"{PAGE}areas/", asked, follow=True).streaming_content)
    assert client.get(f"{PAGE}log/").status_code == 403
    assert f"{PAGE}log/" not in client.get(PAGE).text
    client.force_login(office.supervisor)
    assert f"{PAGE}log/" in client.get(PAGE).text
    page = client.get(f"{PAGE}log/").text
    assert str(analyst) in page
    assert "<div>Noise and quarrels; from 06/01/2026</div>" in page
    for day, rows in ((localdate(), 1), (localdate() - datetime.timedelta(days=1), 0)):
        assert len(client.get(f"{PAGE}log/", {"until": day}).context["rows"]) == rows
