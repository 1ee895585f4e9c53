"""A letter's whole way: written on a phone, answered on a tablet, read again with the receipt, seen as a cell."""

import datetime
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Appeal
from people.models import User
from people.second_factor import code_at, give_authenticator_app
from tests.appeals.conftest import Office, build_office
from tests.journeys.conftest import Watch, axe_violations

PASSWORD = "a long enough password 1"
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed, whose officer of the north can sign in."""
    office = build_office()
    officer = User.objects.get(pk=office.officer.pk)
    officer.set_password(PASSWORD)
    officer.save()
    return office


def browser_context(browser: Browser, live_server: LiveServer, watch: Watch, size: dict[str, int]) -> BrowserContext:
    """Return a watched browser of some size whose reader chose English."""
    context = browser.new_context(base_url=live_server.url, viewport=size)
    context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    context.set_default_timeout(10_000)
    watch.over(context)
    return context


def write_letter(page: Page) -> str:
    """Write about noise, mark the place on the map, send, and return the receipt."""
    page.goto("/navchannia/1/write/")
    page.wait_for_selector("place-mark[data-ready]")
    assert axe_violations(page) == []
    page.get_by_label("What is it about?").select_option("noise")
    page.get_by_label("What happened?").fill("Music every night after eleven.")
    page.locator("place-mark .map__canvas").click()
    expect(page.get_by_text("The place is marked.")).to_be_visible()
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_visible()
    assert axe_violations(page) == []
    return page.locator("[data-receipt]").inner_text()


def come_with_a_place(page: Page, missing_then: str = "^$") -> None:
    """Click the north on the map of the city and open the letter from the card; from then on some address fails."""
    page.goto("/navchannia/")
    page.wait_for_selector("district-map[data-ready]")
    page.get_by_role("button", name="North", exact=True).click()
    expect(page.locator("[data-answer-title]")).to_have_text("North")
    page.route(re.compile(missing_then), lambda route: route.abort())
    page.get_by_role("link", name="Write to the officer").click()


def open_letter(page: Page, receipt: str) -> None:
    """Come back with the receipt, typed carelessly."""
    page.goto("/letters/")
    assert axe_violations(page) == []
    page.get_by_label("Receipt").fill(receipt.lower().replace("-", " "))
    page.get_by_role("button", name="Open the letter").click()


def answer_letter(page: Page, officer: User) -> None:
    """Sign in with both factors, see the letter on list and map, open it, answer."""
    give_authenticator_app(officer)
    page.goto("/staff/")
    page.locator("[name=login]").fill("officer@navchannia.example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("[name=code]").fill(code_at(officer, timezone.now() + datetime.timedelta(seconds=2)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Office", exact=True)).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Letters").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator("path.letter-dot")).to_have_count(1)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Letter № 20").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.get_by_text("Music every night after eleven.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("Your answer").fill("I will come by tonight.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer is sent.")).to_be_visible()


def test_a_letter_is_written_answered_read_and_counted(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    phone = browser_context(browser, live_server, watch, PHONE).new_page()
    receipt = write_letter(phone)

    tablet = browser_context(browser, live_server, watch, TABLET).new_page()
    answer_letter(tablet, office.officer)

    open_letter(phone, receipt)
    expect(phone.get_by_text("I will come by tonight.")).to_be_visible()
    assert axe_violations(phone) == []
    phone.get_by_label("Your message").fill("Thank you, it is quiet.")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Your message is added.")).to_be_visible()
    assert not [url for url in watch.addresses if receipt in url], "the receipt got into an address"

    tablet.goto("/staff/navchannia/heatmap/")
    tablet.wait_for_selector("heat-map[data-ready]")
    expect(tablet.locator("path.heat-cell")).to_have_count(1)
    expect(tablet.locator(".heat-total")).to_have_text("1 letter")
    assert axe_violations(tablet) == []
    with tablet.expect_download() as download:
        tablet.get_by_role("link", name="Squares (GeoJSON)").click()
    exported = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [feature["properties"]["letters"] for feature in exported["features"]] == [1]
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
    assert page.url.endswith("/navchannia/1/write/")


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


def test_no_place_goes_along_where_no_script_tells_of_it(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = browser_context(browser, live_server, watch, TABLET).new_page()
    page.route(re.compile(r"/place-mark\.js"), lambda route: route.abort())
    come_with_a_place(page)
    page.get_by_label("What is it about?").select_option("noise")
    page.get_by_label("What happened?").fill("Music every night after eleven.")
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
    client = Client()
    client.force_login(User.objects.get(pk=office.officer.pk))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
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
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/navchannia/1/write/")
    page.locator("[name=category]").select_option("question")
    page.locator("[name=text]").fill("Коли прийом?")
    page.locator(".letter-form button[type=submit]").click()
    receipt = page.locator("[data-receipt]").inner_text()
    page.goto("/letters/")
    page.locator("[name=receipt]").fill(receipt)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text("Коли прийом?")).to_be_visible()
    assert Appeal.objects.get().location is None
