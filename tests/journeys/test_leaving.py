"""What a letter leaves on a device: nothing after a quick exit, no draft of a sensitive topic, else one to go on."""

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Appeal
from tests.appeals.conftest import Office
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.letter_pages import PHONE, browser_context, go_on, office

__all__ = ["office"]

KEPT = "localStorage.getItem('letter')"
"""What the device keeps of a letter."""


def write_in_fear(page: Page, words: str) -> None:
    """Go as far as the answer with a sensitive topic, from the card of the district."""
    page.goto("/navchannia/1/")
    page.get_by_role("button", name="Write to the officer").click()
    go_on(page)
    page.get_by_label("Domestic violence").check()
    page.get_by_label("What happened?").fill(words)
    go_on(page)
    expect(page.get_by_role("heading", name="How will you be answered?")).to_be_visible()


@pytest.mark.parametrize("how", ["click", "escape"])
def test_quick_exit_leaves_nothing_that_back_could_show(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office, how: str
) -> None:
    page = browser_context(browser, live_server, watch, PHONE).new_page()
    write_in_fear(page, "He is home.")
    titles = {page.title()}
    if how == "click":
        page.keyboard.press("Tab")
        page.get_by_role("link", name="Leave this page quickly").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url(live_server.url + "/")
    seen = []
    for _ in range(8):
        page.go_back()
        if page.url == "about:blank":
            break
        titles.add(page.title())
        seen.append(page.url.removeprefix(live_server.url))
        text = page.content()
        assert "He is home." not in text
        assert 'value="domestic-violence" checked' not in text.replace("required ", "")
        assert page.locator("[name=text]").count() == 0
    assert set(seen) <= {"/letters/new/", "/navchannia/1/"}
    assert not Appeal.objects.exists()


def test_quick_exit_works_without_script(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/navchannia/1/write/")
    page.get_by_role("button", name="Далі").click()
    page.locator("[name=text]").fill("Він удома.")
    page.locator("[name=category][value=domestic-violence]").check()
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("link", name="Швидко піти звідси").click()
    page.wait_for_url(live_server.url + "/")
    sent_again: list[str] = []
    page.on("request", lambda request: sent_again.append(request.url) if request.method == "POST" else None)
    for _ in range(3):
        with suppress(Error):  # Chromium asks before it sends a form again, and gives up the navigation
            page.go_back()
        page.wait_for_timeout(300)
        with suppress(Error):
            page.reload()
        page.wait_for_timeout(300)
        page.wait_for_load_state()
        expect(page.get_by_text("Він удома.")).to_have_count(0)
        expect(page.locator("[value='Він удома.']")).to_have_count(0)
    assert sent_again, "the history was not tried"


def test_an_unfinished_letter_survives_a_closed_tab(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser_context(browser, live_server, watch, PHONE)
    page = context.new_page()
    page.goto("/navchannia/1/write/")
    go_on(page)
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("What happened?").fill("Music.")
    expect(page.get_by_text("An unfinished letter is kept on this device.")).to_be_visible()
    page.close()
    page = context.new_page()
    page.goto("/letters/new/")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_label("What happened?")).to_have_value("Music.")
    page.get_by_label("Others use this device").check()
    assert page.evaluate(KEPT) is None
    page.get_by_label("Others use this device").uncheck()
    assert page.evaluate(KEPT)
    go_on(page)
    go_on(page)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_visible()
    assert page.evaluate(KEPT) is None


def test_no_draft_of_a_sensitive_topic_is_kept(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, PHONE).new_page()
    page.goto("/navchannia/1/write/")
    go_on(page)
    page.get_by_label("What happened?").fill("He is home.")
    assert page.evaluate(KEPT) is None
    page.get_by_label("Noise and quarrels").check()
    assert page.evaluate(KEPT)
    page.get_by_label("Domestic violence").check()
    assert page.evaluate(KEPT) is None
    go_on(page)
    assert page.evaluate(KEPT) is None
