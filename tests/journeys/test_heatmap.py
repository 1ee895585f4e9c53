"""The heatmap in a browser: an officer on a tablet, an analyst on a desktop; nothing wrong for axe, all by keyboard."""

import datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from analysis.closing import close_due
from people.models import User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE, june
from tests.analysis.test_live_hotspots import gathered, scattered
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.journeys.conftest import Watch, axe_violations, sign_in
from tests.journeys.test_letters import TABLET, browser_context
from tests.world import NOON

DESKTOP = {"width": 1280, "height": 800}
PAGE = "/staff/navchannia/heatmap/"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed, with letters of two months: many from one corner in the later."""
    office = build_office()
    give_houses(office.world, 60)
    earlier = NOON - datetime.timedelta(days=30)
    accepted(office, [*scattered(30, at=earlier), *scattered(30, seed=2), *gathered(30)])
    return office


def opened(
    browser: Browser, live_server: LiveServer, watch: Watch, user: User, size: dict[str, int], query: str = ""
) -> Page:
    """Open the heatmap as somebody, and wait for its map."""
    context = browser_context(browser, live_server, watch, size)
    sign_in(context, user, live_server)
    page = context.new_page()
    page.goto(PAGE + query)
    page.wait_for_selector("heat-map[data-ready]")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return page


def test_an_officer_finds_a_hotspot_and_what_changed(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    month = f"?from={NOON.date() - datetime.timedelta(days=29)}&to={NOON.date()}"
    page = opened(browser, live_server, watch, office.supervisor, TABLET, month)
    expect(page.locator(".heat-mark .legend__number")).to_have_text(["1"])
    expect(page.locator("path.hotspot")).to_have_count(1)
    page.get_by_role("button", name="Hotspot 1 on the map").press("Enter")
    page.get_by_role("link", name="with the period before").press("Enter")
    page.wait_for_selector("heat-map[data-ready]")
    more = page.locator(".spot .legend__change--more").first
    expect(more).to_have_text(page.locator(".heat-mark .legend__change--more").first.inner_text())
    assert axe_violations(page) == []
    trend = page.get_by_role("group", name="Letters by day")
    page.locator("section", has=page.get_by_role("heading", name="Letters by day")).get_by_text("As a table").click()
    expect(trend.get_by_role("row")).to_have_count(61)
    page.get_by_role("link", name="District", exact=True).press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("District")
    page.get_by_label("Compare with").select_option("")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_text("Compare these days with others:")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")


def test_an_analyst_reads_what_is_released(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    accepted(office, [Sent(category="traffic")] * 6 + [Sent((25.0251, 49.9921), district="3", at=june(2, 20))])
    close_due(now=LATE)
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    page = opened(browser, live_server, watch, analyst, DESKTOP, "?category=traffic")
    expect(page.get_by_text("Counted: ")).to_be_visible()
    assert page.locator("path.heat-cell").count() > page.locator("path.heat-0").count() > 0
    page.locator("path.heat-cell:not(.heat-0)").first.hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("addresses")
    page.get_by_label("Kind of topics").select_option("sensitive topics")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_selector("heat-map[data-ready]")
    assert axe_violations(page) == []
    page.goto(f"{PAGE}?from=2026-06-02&to=2026-06-20")
    page.wait_for_selector("heat-map[data-ready]")
    page.get_by_role("link", name="Show everything that is released").press("Enter")
    expect(page.get_by_text("Counted: ")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
