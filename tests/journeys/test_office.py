"""An officer's day on a tablet: list and map, filters, a reply looked over, a letter handed on, one forwarded."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.access import as_task
from appeals.models import Appeal, Body
from geo.models import House, Street
from people.models import User
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import later, new_letter
from tests.journeys.conftest import Watch, axe_violations
from tests.world import TODAY

TABLET = {"width": 820, "height": 1180}
LETTERS = "/staff/navchannia/letters/"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed, with two letters that are overdue and one of today."""
    office = build_office()
    new_letter(office.world)
    new_letter(office.world, category="domestic-violence", received_at=later(days=1))
    new_letter(office.world, category="traffic", received_at=timezone.now(), point=None)
    Body.objects.create(
        city=office.world.city, purpose="municipal", name_uk="Міська рада", name_en="City council", contact_uk="1551",
        checked_on=TODAY,
    )  # fmt: skip
    return office


def signed_in(browser: Browser, live_server: LiveServer, watch: Watch, user: User, **more: Any) -> Page:
    """Return a page of a tablet on which somebody is signed in and reads English."""
    context = browser.new_context(base_url=live_server.url, viewport=TABLET, **more)
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for name, value in (("language", "en"), (settings.SESSION_COOKIE_NAME, session)):
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    context.set_default_timeout(10_000)
    watch.over(context)
    return context.new_page()


def test_an_officer_works_through_the_letters_on_a_tablet(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.officer, has_touch=True)
    page.goto("/staff/")
    page.get_by_role("link", name="2 overdue").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".inbox__row")).to_have_count(2)
    expect(page.locator(".letter-cluster--overdue")).to_have_text("2")
    assert axe_violations(page) == []
    page.get_by_label("Category").select_option("noise")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".inbox__row")).to_have_count(1)
    page.locator(".letter-pin").tap()
    expect(page.locator(".inbox__row")).to_have_class(re.compile("is-chosen"))
    page.locator(".letter-pin").tap()
    expect(page.get_by_role("heading", name="Letter № 2026-00001")).to_be_visible()
    page.wait_for_selector("letter-map[data-ready]")
    assert axe_violations(page) == []

    page.get_by_label("Template").select_option(label="Please say more")
    page.get_by_role("button", name="Insert").click()
    expect(page.get_by_label("Your answer")).to_have_value(re.compile("where exactly"))
    page.get_by_role("button", name="Look it over").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Your answer").fill("I come tonight.")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer is sent.")).to_be_visible()

    page.goto(f"{LETTERS}2026-00002/")
    page.locator("#deed-transfer summary").click()
    page.locator("#deed-transfer").get_by_label("To whom").select_option(label="Middle")
    page.locator("#deed-transfer").get_by_label("Why").fill("It is across the street.")
    page.locator("#deed-transfer button").click()
    expect(page.get_by_text("The letter is handed over.")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{LETTERS}(#|$)"))
    expect(page.get_by_role("link", name="2026-00002")).to_have_count(0)

    page.goto(f"{LETTERS}2026-00003/")
    page.locator("#deed-forward summary").click()
    page.locator("#deed-forward").get_by_label("To which body").select_option(label="City council")
    page.locator("#deed-forward button").click()
    expect(page.locator("#deed-forward").get_by_text("Say why: the writer reads it.")).to_be_visible()
    page.locator("#deed-forward").get_by_label("Why").fill("Parking is theirs.")
    page.locator("#deed-forward button").click()
    expect(page.get_by_text("Forwarded to another body, which will answer: City council (1551)").first).to_be_visible()
    assert axe_violations(page) == []
    with as_task("test"):
        assert [one.state for one in Appeal.objects.order_by("number")] == ["answered", "received", "forwarded"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_letter_is_found_opened_and_closed_by_keyboard(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.officer)
    page.goto(LETTERS)
    page.wait_for_selector("letter-map[data-ready]")
    page.get_by_role("link", name="Letter № 2026-00001").focus()
    expect(page.locator("[data-number='2026-00001']")).to_have_class(re.compile("is-lit"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Letter № 2026-00001")).to_be_visible()
    page.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The letter is accepted.")).to_be_visible()
    page.locator("#deed-close summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("They moved out.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The letter is closed.")).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_an_officers_day_goes_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.officer)
    page.goto("/staff/")
    tab_to(page, page.get_by_role("link", name="2 overdue"))
    page.keyboard.press("Enter")
    page.wait_for_selector("letter-map[data-ready]")
    tab_to(page, page.get_by_role("link", name="Letter № 2026-00001"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Letter № 2026-00001")).to_be_visible()
    tab_to(page, page.get_by_label("Template"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer")).not_to_have_value("")
    tab_to(page, page.get_by_label("Your answer"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" I come tonight.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look the answer over")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Send the answer"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The answer is sent.")).to_be_visible()
    tab_to(page, page.locator("nav.tabs").get_by_role("link", name="Letters"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Letter № 2026-00002"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#deed-transfer summary"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Mid")  # a list goes to what is typed
    page.keyboard.press("Tab")
    page.keyboard.type("It is across the street.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The letter is handed over.")).to_be_visible()
    with as_task("test"):
        assert [one.district.code for one in Appeal.objects.order_by("number")] == ["1", "2", "1"]


def test_the_desk_offers_addresses_and_asks_no_more_than_it_needs(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    street = Street.objects.create(city=office.world.city, name_uk="вулиця Тиха")
    House.objects.create(street=street, number="5", location=office.world.in_mid)
    page = signed_in(browser, live_server, watch, office.officer)
    page.goto(f"{LETTERS}new/")
    residence, phone = page.get_by_label("Place of residence"), page.get_by_label("Phone of the writer")
    expect(residence).to_be_hidden()
    expect(phone).to_be_hidden()
    page.get_by_label("formal appeal").check()
    page.get_by_label("by phone", exact=True).check()
    expect(residence).to_be_visible()
    expect(phone).to_be_visible()
    page.get_by_role("combobox", name="Address", exact=True).press_sequentially("тиха 5")
    expect(page.locator(".suggestion")).to_have_text(["вулиця Тиха, 5"])
    assert axe_violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Address", exact=True)).to_have_value("вулиця Тиха, 5")
    residence.fill("1 First St")
    phone.fill("+380671234567")
    page.get_by_label("Name of the writer").fill("Petrenko Olena Ivanivna")
    page.get_by_label("What is it about?").select_option("domestic-violence")
    page.get_by_label("What happened?").fill("He shouts at her every evening.")
    page.get_by_role("button", name="Send and show the receipt").click()
    expect(page.get_by_role("img", name="The receipt as a QR code")).to_be_visible()
    expect(page.get_by_text("Test Officer 3, Middle")).to_be_visible()
    assert axe_violations(page) == []
    assert "domestic" not in page.title().lower()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.title().strip() == "", "a printer's queue names the sheet"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.title().strip() != ""


def test_a_phoned_letter_is_written_down_and_its_receipt_shown_without_script(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.officer, java_script_enabled=False)
    page.goto(f"{LETTERS}new/")
    page.get_by_label("What is it about?").select_option("elderly")
    page.get_by_label("District, where there is no address").select_option(label="North")
    page.get_by_label("What happened?").fill("A man sells a filter at her door.")
    page.get_by_role("button", name="Send and show the receipt").click()
    expect(page.locator("[data-receipt]")).to_have_text(re.compile("^([0-9A-Z]{4}-?){4}"))
    with as_task("test"):
        entered = Appeal.objects.latest("pk")
        assert (entered.source, entered.events.get().by) == ("phone", office.officer)
