"""What journeys through the pages of letters share: the office, a watched browser, a step on, coming back."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appeals.conftest import Office, build_office
from tests.journeys.conftest import Watch, axe_violations

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    """A training city, committed, whose officer of the north can sign in; quick exit stays on this site."""
    settings.LETTERS_MIN_FILL_S = 0
    settings.QUICK_EXIT_URL = "/"
    return build_office()


def browser_context(browser: Browser, live_server: LiveServer, watch: Watch, size: dict[str, int]) -> BrowserContext:
    """Return a watched browser of some size whose reader chose English."""
    context = browser.new_context(base_url=live_server.url, viewport=size)
    context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    context.set_default_timeout(10_000)
    watch.over(context)
    return context


def go_on(page: Page) -> None:
    """Press the button of a step, and come to the next."""
    before = page.locator("[data-step]").get_attribute("data-step") or ""
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-step]")).not_to_have_attribute("data-step", before)


def open_letter(page: Page, receipt: str) -> None:
    """Come back with the receipt, typed carelessly."""
    page.goto("/letters/")
    assert axe_violations(page) == []
    page.get_by_label("Receipt").fill(receipt.lower().replace("-", " "))
    page.get_by_role("button", name="Open the letter").click()
