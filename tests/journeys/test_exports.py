"""Exports in a browser: an analyst downloads a file and makes a token, by keyboard; nothing is wrong for axe."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from analysis.closing import close_due
from tests.analysis.files import read_csv
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.journeys.conftest import Watch, axe_violations, sign_in
from tests.journeys.letter_pages import browser_context

PAGE = "/staff/navchannia/exports/"
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city whose June was released."""
    office = build_office()
    give_houses(office.world, 60)
    accepted(office, [Sent()] * 6)
    close_due(now=LATE)
    return office


def test_an_analyst_takes_a_file_and_makes_a_token(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office, tmp_path: Path
) -> None:
    context = browser_context(browser, live_server, watch, DESKTOP)
    sign_in(context, user_with_role(office.world, "analyst", "analyst@example.org"), live_server)
    page = context.new_page()
    page.goto(PAGE + "?from=2026-06-01&to=2026-06-30")
    assert axe_violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"^CSV\W+Release areas")).press("Enter")
    download.value.save_as(tmp_path / "areas.zip")
    assert download.value.suggested_filename == "navchannia-areas.zip"
    assert read_csv((tmp_path / "areas.zip").read_bytes()).about["periods"] == ["2026-06"]
    page.get_by_label("What is it for?").fill("QGIS")
    page.get_by_role("button", name="Make the token").press("Enter")
    expect(page.locator("#token")).to_contain_text("dil_")
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="Back to the exports").press("Enter")
    expect(page.get_by_text("QGIS", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=re.compile(r"^Revoke\W+QGIS")).press("Enter")
    expect(page.get_by_text("No tokens.")).to_be_visible()


def test_a_supervisor_reads_who_took_what(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser_context(browser, live_server, watch, DESKTOP)
    sign_in(context, office.supervisor, live_server)
    page = context.new_page()
    page.goto(PAGE)
    with page.expect_download():
        page.get_by_role("link", name=re.compile(r"^GeoJSON\W+Live squares")).press("Enter")
    page.get_by_role("link", name="Who took what").press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("live squares, GeoJSON")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []
