"""While very many write, a letter goes by itself after the browser's sum; where a browser cannot, waiting is enough."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Appeal
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.letter_pages import PHONE, browser_context, go_on, office, open_letter

__all__ = ["office"]


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, watch: Watch, office: Office, settings: Any) -> Page:
    """A watched phone; every letter and every try is one too many."""
    settings.LETTERS_BUSY_PER_MINUTE = settings.RECEIPTS_BUSY_PER_MINUTE = 0
    settings.WORK_SIZE = 20_000
    return browser_context(browser, live_server, watch, PHONE).new_page()


def come_to_the_last_page(page: Page) -> None:
    """Write a letter about noise, all but the sending."""
    page.goto("/navchannia/1/write/")
    page.wait_for_selector("letter-flow")
    go_on(page)
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("What happened?").fill("Music every night after eleven.")
    go_on(page)
    go_on(page)
    expect(page.get_by_role("heading", name="Check and send")).to_be_focused()


def said_429(watch: Watch) -> bool:
    """Tell whether the browser noted that it was turned away, and nothing else went wrong; forget it."""
    noted = bool(watch.errors) and all("429" in error for error in watch.errors)
    watch.errors.clear()
    return noted


def test_a_letter_goes_by_itself_after_the_sum_of_the_browser(phone: Page, watch: Watch) -> None:
    come_to_the_last_page(phone)
    assert phone.locator("spare-work").count() == 0
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_role("heading", name="The letter is sent")).to_be_focused()
    assert said_429(watch)
    assert Appeal.objects.get().text == "Music every night after eleven."


def test_once_busy_the_last_page_works_ahead_and_nobody_is_turned_away(phone: Page, watch: Watch) -> None:
    for _ in range(2):
        come_to_the_last_page(phone)
        phone.get_by_role("button", name="Send the letter").click()
        expect(phone.get_by_role("heading", name="The letter is sent")).to_be_focused()
        phone.get_by_label("Type its last four characters").fill(phone.locator("[data-receipt]").inner_text()[-4:])
        phone.get_by_role("button", name="I have kept it").click()
        expect(phone.get_by_role("heading", name="Done. The receipt is with you")).to_be_focused()
    assert len(watch.errors) == 1
    assert said_429(watch)
    assert Appeal.objects.count() == 2


def test_going_back_while_the_browser_works_loses_nothing(phone: Page, watch: Watch) -> None:
    hold = hold_the_work(phone)
    come_to_the_last_page(phone)
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_text("Your browser is doing a short sum")).to_be_visible()
    assert axe_violations(phone) == []
    phone.go_back()
    expect(phone.get_by_role("heading", name="Check and send")).to_be_focused()
    expect(phone.get_by_text("Music every night after eleven.")).to_be_visible()
    for route in hold:
        route.abort()
    assert said_429(watch) or not watch.errors
    watch.errors.clear()
    assert not Appeal.objects.exists()


def test_where_the_browser_cannot_work_waiting_is_enough(phone: Page, watch: Watch, settings: Any) -> None:
    phone.route("**/solve*.js", lambda route: route.abort())
    come_to_the_last_page(phone)
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_text("Wait a minute and press the button again.")).to_be_visible()
    expect(phone.get_by_role("progressbar")).to_be_hidden()
    assert axe_violations(phone) == []
    settings.BUSY_WAIT_S = -1
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_role("heading", name="The letter is sent")).to_be_focused()
    watch.errors.clear()  # a script that did not come, and 429


def test_a_receipt_is_read_after_the_sum_of_the_browser(phone: Page, watch: Watch, office: Office) -> None:
    open_letter(phone, new_letter(office.world).receipt)
    expect(phone.get_by_role("heading", name="Letter №")).to_be_focused()
    phone.get_by_label("Your message").fill("Again tonight.")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Your message is added.")).to_be_visible()
    assert len(watch.errors) == 1
    assert said_429(watch)


def hold_the_work(page: Page) -> list[Route]:
    """Let the script of the sum never come."""
    held: list[Route] = []
    page.route("**/solve*.js", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks its handlers
    return held
