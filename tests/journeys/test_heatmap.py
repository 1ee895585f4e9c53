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
from tests.journeys.letter_pages import TABLET, browser_context
from tests.world import NOON

DESKTOP = {"width": 1280, "height": 800}
PAGE = "/staff/navchannia/heatmap/"
MARKS_APART = """() => {
    const marks = [...document.querySelectorAll(".heat-mark:not(.is-hidden) > span")];
    const boxes = marks.map((mark) => mark.getBoundingClientRect());
    return boxes.length > 0 && !boxes.some((a, i) => boxes.slice(i + 1).some((b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}"""

WHOLE_ON_A_SHEET = """(canvas) => {
    const sheet = canvas.getBoundingClientRect();
    const boxes = [...canvas.querySelectorAll("path.heat-cell")].map((path) => path.getBoundingClientRect());
    return sheet.width === 680 && sheet.height === 680 && boxes.length > 0 && boxes.every((box) =>
        box.left >= sheet.left && box.right <= sheet.right && box.top >= sheet.top && box.bottom <= sheet.bottom);
}"""


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
    page.goto(PAGE + query, timeout=30_000)  # the first page of a process loads the statistics too
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
    assert page.evaluate(MARKS_APART)
    assert page.locator("heat-map.is-fine").count() == 0, "close by there are lines about squares"
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(300)
    expect(page.locator("heat-map.is-fine")).to_have_count(1)
    assert page.evaluate(MARKS_APART)
    assert axe_violations(page) == []
    trend = page.get_by_role("group", name="Letters by day")
    page.locator("section", has=page.get_by_role("heading", name="Letters by day")).get_by_text("As a table").click()
    expect(trend.get_by_role("row")).to_have_count(91)  # the month, the one before it and the one after it
    page.get_by_role("link", name="District", exact=True).press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("District")
    page.locator("summary", has_text="Map:").press("Enter")
    page.get_by_label("Compare with").select_option("")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
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
    page.locator(".leaflet-container").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Zoom in")).to_be_focused()  # no area is a stop without a name
    page.locator("path.heat-cell:not(.heat-0)").first.hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("addresses")
    frame = page.locator("[data-canvas]")
    width = frame.evaluate("canvas => canvas.clientWidth")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert frame.evaluate(WHOLE_ON_A_SHEET)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert frame.evaluate("canvas => canvas.clientWidth") == width != 680
    page.get_by_label("Kind of topics").get_by_role("link", name="Sensitive topics").press("Enter")
    expect(page.get_by_text("Sensitive topics have no weekdays and hours here")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
    assert axe_violations(page) == []
    page.goto(f"{PAGE}?from=2026-06-02&to=2026-06-20")
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.get_by_text("No letter is counted here with this choice")).to_be_visible()
    page.get_by_role("link", name="Show everything that is released").press("Enter")
    expect(page.get_by_text("Counted: ")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")


def test_an_officer_chooses_a_period_on_the_chart_by_keyboard_and_by_hand(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = opened(browser, live_server, watch, office.officer, TABLET, "?from=2026-05-25&to=2026-06-05")
    first, last = page.get_by_label("First day of the period"), page.get_by_label("Last day of the period")
    expect(first).to_have_attribute("aria-valuetext", "May 25, 2026")
    expect(page.get_by_role("button", name="Show these days")).to_be_hidden()
    for _ in range(3):
        first.press("ArrowRight")
    last.press("ArrowLeft")
    assert (page.get_by_label("From", exact=True).input_value(), page.get_by_label("To", exact=True).input_value()) == (
        "2026-05-28", "2026-06-04"
    )  # fmt: skip
    last.press("Home")
    assert first.input_value() == last.input_value(), "a thumb takes the other along"
    expect(page.get_by_text("May 13, 2026 – May 13, 2026")).to_be_visible()
    assert axe_violations(page) == []
    chart = page.locator("svg.trend")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 2, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.get_by_text("May 13, 2026 – May 30, 2026")).to_be_visible()
    page.get_by_role("button", name="Show these days").press("Enter")
    page.wait_for_url("**from=2026-05-13&to=2026-05-30**")
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.get_by_label("First day of the period")).to_have_attribute("aria-valuetext", "May 13, 2026")


def test_an_officer_filters_by_topics_and_hours_by_keyboard(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    accepted(office, [Sent(category="traffic")] * 3)
    page = opened(browser, live_server, watch, office.officer, TABLET)
    page.locator("summary", has_text="Topics").press("Enter")
    page.get_by_label("Noise and quarrels").press("Space")
    page.locator("summary", has_text="Weekdays and hours").press("Enter")
    page.get_by_label("Mon", exact=True).press("Space")
    page.get_by_label("From hour").select_option("12:00")
    page.get_by_label("Until hour").select_option("13:00")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.get_by_text("letters at these hours")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.locator("path.heat-cell")).to_have_count(1)  # the officer's own district
    expect(page.locator("circle.week__dot:not(.is-faint)")).to_have_count(1)
    expect(page.locator("circle.week__dot.is-faint")).to_have_count(1)  # thirty days earlier was a Saturday
    assert axe_violations(page) == []
    page.get_by_role("link", name="Every hour, with places").press("Enter")
    expect(page.get_by_role("heading", name="By square")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.locator("summary", has_text="Topics")).to_contain_text("Noise and quarrels")


def test_the_smooth_layer_is_for_the_eye_alone_and_stays_in_the_address(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = opened(browser, live_server, watch, office.supervisor, DESKTOP)
    choice = page.get_by_label("Smooth layer")
    expect(page.locator("canvas")).to_have_count(0)
    expect(page.get_by_text("only the colours of squares mean numbers")).to_be_visible()
    choice.press("Space")
    expect(page.locator("canvas")).to_have_count(1)
    page.wait_for_url("**smooth=1**")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(600)
    painted = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    assert page.locator("canvas").evaluate(painted)
    assert axe_violations(page) == []
    page.get_by_role("link", name="last year").press("Enter")
    page.wait_for_selector("heat-map[data-ready]")
    assert "smooth=1" in page.url
    choice.press("Space")
    expect(page.locator("canvas")).to_have_count(0)
    assert "smooth" not in page.url


def test_an_analyst_compares_rates_and_hours_by_keyboard(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    close_due(now=LATE)
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    page = opened(browser, live_server, watch, analyst, DESKTOP, "?from=2026-06-01&to=2026-06-30")
    page.locator("summary", has_text="Map:").press("Enter")
    page.get_by_label("Colours show").select_option("letters per 1,000 known addresses")
    page.get_by_label("Compare with").select_option("the period before")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.get_by_text("in May 2026:")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.locator(".legend__title")).to_contain_text("Letters per 1,000 known addresses")
    page.locator("path.heat-cell:not(.heat-0)").first.hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("letters per 1,000 known addresses:")
    page.get_by_role("link", name="Before").press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("Before")
    page.wait_for_selector("heat-map[data-ready]")
    assert axe_violations(page) == []
    page.locator("summary", has_text="Weekdays and hours").press("Enter")
    page.get_by_label("Mon", exact=True).press("Space")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.get_by_text("letters at these hours")).to_be_visible()
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.locator("path.heat-cell")).to_have_count(3)
    assert axe_violations(page) == []


def test_without_script_the_dates_and_every_filter_stay(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    watch.over(context)
    sign_in(context, office.supervisor, live_server)
    page = context.new_page()
    page.goto(PAGE)
    expect(page.get_by_label("First day of the period")).to_be_hidden()
    expect(page.get_by_label("Smooth layer")).to_be_hidden()
    expect(page.locator("noscript .map__state")).to_be_visible()
    page.locator("summary", has_text="Topics").click()
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("From", exact=True).fill("2026-06-01")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-06-01")
    assert "category=noise" in page.url
