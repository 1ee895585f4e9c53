"""Prevention in a browser: an officer on a tablet records a patrol, the supervisor comments; by keyboard, axe clean."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from tests.appeals.conftest import Office, build_office
from tests.journeys.conftest import Watch, axe_violations, sign_in
from tests.journeys.letter_pages import TABLET, browser_context
from tests.mapui.test_prevention import with_hotspot

PAGE = "/staff/navchannia/prevention/"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed, with a hotspot in the north."""
    office = build_office()
    with_hotspot(office)
    return office


def opened(browser: Browser, live_server: LiveServer, watch: Watch, user: User) -> Page:
    """Open the page of prevention as somebody, and wait for its map."""
    context = browser_context(browser, live_server, watch, TABLET)
    sign_in(context, user, live_server)
    page = context.new_page()
    page.goto(PAGE)
    return settled(page)


def settled(page: Page) -> Page:
    """Wait for the map; nothing is wrong for axe and nothing is wider than the screen."""
    page.wait_for_selector("prevention-map[data-ready]")
    whole(page)
    return page


def whole(page: Page) -> None:
    """Nothing is wrong for axe, nothing is wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_officer_records_what_was_done_and_the_supervisor_answers(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = opened(browser, live_server, watch, office.officer)
    expect(page.locator(".heat-mark .legend__number")).to_have_text(["1"])
    page.get_by_role("link", name="Plan or record a measure at hotspot 1").press("Enter")
    whole(page)
    page.get_by_role("button", name="Record").press("Enter")
    expect(page.get_by_role("link", name="Choose what it is.")).to_be_visible()
    whole(page)
    page.get_by_label("Patrol").press("Space")
    page.get_by_label("Done").press("Space")
    page.get_by_label("In a few words").fill("Щовечора, двоє")
    page.get_by_role("button", name="Record").press("Enter")
    expect(page.get_by_text("The measure is recorded.")).to_be_visible()
    settled(page)
    expect(page.locator(".heat-mark .legend__place")).to_have_text(["1"])
    page.get_by_role("link", name="Patrol").press("Enter")
    whole(page)
    page.get_by_role("button", name="Withdraw").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Put back").last.press("Enter")
    expect(page.locator(".version")).to_have_count(3)
    whole(page)

    theirs = opened(browser, live_server, watch, office.supervisor)
    theirs.get_by_role("link", name="Patrol").press("Enter")
    theirs.get_by_role("textbox", name="Comment").fill("Дякую.")
    theirs.get_by_role("button", name="Add the comment").press("Enter")
    expect(theirs.get_by_text("Дякую.")).to_be_visible()
    whole(theirs)
    expect(theirs.get_by_role("button", name="Withdraw")).to_have_count(0)
