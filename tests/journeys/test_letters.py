"""A letter's whole way: written on a phone, answered on a tablet, read again with the receipt, seen as a cell."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Appeal
from tests.appeals.conftest import Office
from tests.journeys.conftest import Watch, axe_violations, sign_in
from tests.journeys.letter_pages import PHONE, TABLET, browser_context, go_on, office, open_letter

__all__ = ["office"]


def write_letter(page: Page) -> str:
    """Write about noise, mark the place on the map, send, and return the receipt."""
    page.goto("/navchannia/1/write/")
    page.wait_for_selector("place-mark[data-ready]")
    assert axe_violations(page) == []
    page.locator("place-mark .map__canvas").click()
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("heading", name="What is it about?")).to_be_focused()
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("What happened?").fill("Music every night after eleven.")
    assert axe_violations(page) == []
    go_on(page)
    expect(page.get_by_role("heading", name="How will you be answered?")).to_be_focused()
    assert axe_violations(page) == []
    go_on(page)
    expect(page.get_by_role("heading", name="Check and send")).to_be_focused()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_focused()
    assert axe_violations(page) == []
    receipt = page.locator("[data-receipt]").inner_text()
    page.get_by_label("Type its last four characters").fill(receipt[-4:])
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_role("heading", name="Done. The receipt is with you")).to_be_focused()
    return receipt


def come_with_a_place(page: Page, missing_then: str = "^$") -> None:
    """Click the north on the map of the city and open the letter from the card; from then on some address fails."""
    page.goto("/navchannia/")
    page.wait_for_selector("district-map[data-ready]")
    page.get_by_role("button", name="North", exact=True).click()
    expect(page.locator("[data-answer-title]")).to_have_text("North")
    page.route(re.compile(missing_then), lambda route: route.abort())
    page.get_by_role("button", name="Write to the officer").click()


def answer_letter(page: Page) -> None:
    """See the letter on list and map, open it, answer; the officer is signed in."""
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="Office", exact=True)).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Letters").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".letter-pin")).to_have_count(1)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Letter № 20").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.get_by_text("Music every night after eleven.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("Your answer").fill("I will come by tonight.")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("I will come by tonight.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer is sent.")).to_be_visible()


def test_a_letter_is_written_answered_read_and_counted(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    phone = browser_context(browser, live_server, watch, PHONE).new_page()
    receipt = write_letter(phone)

    office_browser = browser_context(browser, live_server, watch, TABLET)
    sign_in(office_browser, office.officer, live_server)
    tablet = office_browser.new_page()
    answer_letter(tablet)

    open_letter(phone, receipt)
    expect(phone.get_by_text("I will come by tonight.")).to_be_visible()
    assert axe_violations(phone) == []
    phone.get_by_role("button", name="It helped", exact=True).click()
    expect(phone.get_by_text("Thank you: that is written down.")).to_be_visible()
    phone.get_by_label("Your message").fill("Thank you, it is quiet.")
    phone.get_by_role("button", name="Ask again").click()
    expect(phone.get_by_text("Your message is added.")).to_be_visible()
    assert not [url for url in watch.addresses if receipt in url], "the receipt got into an address"

    tablet.goto("/staff/navchannia/heatmap/")
    tablet.wait_for_selector("heat-map[data-ready]")
    expect(tablet.locator("path.heat-cell")).to_have_count(1)
    expect(tablet.locator(".heat-total")).to_have_text("1 letter")
    assert axe_violations(tablet) == []
    for page in (phone, tablet):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_place_is_marked_by_keyboard_and_can_be_taken_back(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, TABLET).new_page()
    page.goto("/navchannia/1/write/")
    page.wait_for_selector("place-mark[data-ready]")
    page.locator("place-mark .map__canvas").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    page.get_by_role("button", name="Remove the mark").click()
    expect(page.get_by_text("No place is marked.")).to_be_visible()
    assert page.locator("[name=lat]").input_value() == ""


def test_the_place_that_was_looked_up_comes_along_to_the_letter(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, TABLET).new_page()
    come_with_a_place(page)
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    assert page.locator("[name=lat]").input_value().startswith("49.99")
    assert page.url.endswith("/letters/new/")


@pytest.mark.parametrize("missing", [r"/api/v1/districts/", r"/leaflet/leaflet\.js"])
def test_place_is_told_and_can_be_taken_back_where_no_map_can_be_drawn(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office, missing: str
) -> None:
    page = browser_context(browser, live_server, watch, TABLET).new_page()
    come_with_a_place(page, missing_then=missing)
    expect(page.locator("[data-map-state]")).to_contain_text("The map could not be loaded")
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    page.get_by_role("button", name="Remove the mark").click()
    expect(page.get_by_text("No place is marked.")).to_be_visible()
    assert page.locator("[name=lat]").input_value() == ""
    watch.errors.clear()  # Chromium reports what is missing


def test_place_that_comes_along_is_told_and_taken_back_without_the_map_script(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, TABLET).new_page()
    page.route(re.compile(r"/place-mark\.js"), lambda route: route.abort())
    come_with_a_place(page)
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    page.get_by_role("button", name="Remove the mark").click()
    expect(page.get_by_text("No place is marked.")).to_be_visible()
    go_on(page)
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("What happened?").fill("Music every night after eleven.")
    go_on(page)
    go_on(page)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_visible()
    assert Appeal.objects.get().location is None
    watch.errors.clear()  # Chromium reports what is missing


@pytest.mark.parametrize(
    ("path", "missing"), [("letters", r"/api/v1/staff/appeals/"), ("heatmap", r"/api/v1/analysis/heatmap/")]
)
def test_map_that_did_not_get_its_letters_does_not_look_like_none(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office, path: str, missing: str
) -> None:
    context = browser_context(browser, live_server, watch, TABLET)
    sign_in(context, office.officer, live_server)
    context.route(re.compile(missing), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"/staff/navchannia/{path}/")
    expect(page.locator("[data-map-state]")).to_have_text(
        "The map could not be loaded. Everything else on this page works."
    )
    watch.errors.clear()  # Chromium reports what is missing


def test_writing_and_reading_work_without_script(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    watch.over(context)
    page = context.new_page()
    page.goto("/letters/new/")
    page.get_by_label("Або оберіть дільницю").select_option("1")
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("button", name="Далі").click()
    page.locator("[name=category][value=question]").check()
    page.locator("[name=text]").fill("Коли прийом?\nДякую.")
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("button", name="Далі").click()
    expect(page.get_by_text("Коли прийом?")).to_be_visible()
    page.get_by_role("button", name="Змінити тему й текст").click()
    page.locator("[name=text]").fill("Коли прийом у вівторок?")
    page.get_by_role("button", name="Далі").click()
    page.get_by_role("button", name="Надіслати лист").click()
    receipt = page.locator("[data-receipt]").inner_text()
    page.locator("[name=last]").fill("0000")
    page.get_by_role("button", name="Код збережено").click()
    page.locator("[name=last]").fill(receipt[-4:])
    page.get_by_role("button", name="Код збережено").click()
    page.get_by_role("main").get_by_role("link", name="Мій лист").click()
    page.locator("[name=receipt]").fill(receipt)
    page.get_by_role("button", name="Відкрити лист").click()
    expect(page.get_by_text("Коли прийом у вівторок?")).to_be_visible()
    assert Appeal.objects.get().location is None
    assert not [url for url in watch.addresses if receipt in url]


def test_steps_can_be_walked_by_back_and_forward(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, PHONE).new_page()
    page.goto("/navchannia/1/write/")
    go_on(page)
    page.get_by_label("Noise and quarrels").check()
    page.get_by_label("What happened?").fill("Music.")
    go_on(page)
    page.get_by_label("A formal appeal").check()
    expect(page.get_by_role("textbox", name="Place of residence")).to_be_visible()
    page.get_by_label("A message to the officer").check()
    expect(page.get_by_role("textbox", name="Place of residence")).to_be_hidden()
    page.get_by_label("Name", exact=True).fill("A neighbour")
    page.go_back()
    expect(page.get_by_label("What happened?")).to_have_value("Music.")
    page.get_by_label("What happened?").fill("Music and drums.")
    page.go_forward()
    expect(page.get_by_label("Name", exact=True)).to_have_value("A neighbour")
    go_on(page)
    expect(page.get_by_text("Music and drums.")).to_be_visible()
    assert page.url.endswith("/letters/new/")


def test_a_letter_is_written_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, PHONE).new_page()
    page.goto("/letters/new/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave this page quickly")).to_be_focused()
    page.get_by_label("Address: street and house").focus()
    page.keyboard.type("49.995, 25.005")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    page.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is it about?")).to_be_focused()
    page.get_by_label("Domestic violence").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Discrimination")).to_be_checked()
    page.keyboard.press("Tab")  # for whom
    page.keyboard.press("Tab")
    page.keyboard.type("They were refused.")
    page.get_by_role("button", name="Continue").press("Enter")
    expect(page.get_by_role("heading", name="How will you be answered?")).to_be_focused()
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Check and send")).to_be_focused()
    page.get_by_role("button", name="Send the letter").press("Enter")
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_focused()
    page.go_back()
    expect(page.get_by_text("First make sure that you have the receipt.")).to_be_visible()
    expect(page.locator("[data-receipt]")).to_be_visible()
