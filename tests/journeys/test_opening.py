"""A coordinator opens a city by keyboard alone: what is missing leads to its page, then the stage moves."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.access import as_task
from appeals.models import Appeal
from geo.models import City, House, Street
from people.models import HelpLine, Officer, Posting
from people.second_factor import give_authenticator_app
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.test_office import signed_in, tab_to
from tests.world import OPEN_ENDED

KIT = "/staff/navchannia/opening/"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A draft, committed, in which a district has nobody, and nobody has read the texts."""
    office = build_office()
    world, today = office.world, timezone.localdate()
    street = Street.objects.create(city=world.city, name_uk="вулиця Довга")
    House.objects.create(street=street, number="1", location=world.in_north)
    Officer.objects.update(checked_on=today)
    HelpLine.objects.update(checked_on=today - datetime.timedelta(days=1))
    for user in (office.supervisor, user_with_role(world, "moderator", "moderator@example.org")):
        give_authenticator_app(user)
    City.objects.filter(pk=world.city.pk).update(stage="draft")
    return office


def press(page: Page, name: str) -> None:
    """Reach a button by the tabulator and press it."""
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def follow(page: Page, name: str) -> None:
    """Reach a link by the tabulator and follow it."""
    tab_to(page, page.get_by_role("link", name=name).first)
    page.keyboard.press("Enter")


def test_a_coordinator_takes_a_city_from_draft_to_pilot_by_keyboard(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    page = signed_in(browser, live_server, watch, coordinator)
    page.goto("/staff/")
    follow(page, "Opening kit")
    expect(page.get_by_role("heading", name="Stage: draft")).to_be_visible()
    expect(page.get_by_text("In 1 district nobody answers today: 3.")).to_be_visible()
    assert axe_violations(page) == []
    press(page, "Begin the training")
    expect(page.get_by_text("The stage is now: training.")).to_be_visible()
    expect(page.get_by_role("button", name="Begin the pilot")).to_have_count(0)

    follow(page, "Texts and settings of the city")
    page.get_by_label("Welcome in Ukrainian", exact=False).focus()
    page.keyboard.type("Вітаємо в Квадратах.")
    assert axe_violations(page) == []
    press(page, "Save")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    press(page, "I have read them all today: they are right")
    expect(page.get_by_text("Written down: you have read the texts today.")).to_be_visible()

    # Somebody else posts a substitute meanwhile: the kit knows at once.
    Posting.objects.create(officer=office.world.acting, district=office.world.south, role="acting", during=OPEN_ENDED)
    page.goto(KIT)
    press(page, "Begin the pilot")
    expect(page.get_by_text("The stage is now: pilot.")).to_be_visible()
    expect(page.get_by_text("letters were answered within 90 days").first).to_be_visible()
    page.goto("/navchannia/")
    expect(page.get_by_text("Вітаємо в Квадратах.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_exercises_are_made_done_and_seen(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    City.objects.filter(pk=office.world.city.pk).update(stage="training")
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    page = signed_in(browser, live_server, watch, coordinator)
    page.goto("/staff/navchannia/training/")
    press(page, "Make the copy")
    expect(page.get_by_text("Training: nothing here is real")).to_be_visible()
    press(page, "Begin the exercises")
    expect(page.get_by_text("The exercises have begun")).to_be_visible()
    expect(page.get_by_text("0 of 4")).to_be_visible()
    assert axe_violations(page) == []

    tablet = signed_in(browser, live_server, watch, office.officer)
    tablet.goto("/staff/navchannia-training/training/")
    expect(tablet.get_by_role("heading", name="Your exercises")).to_be_visible()
    expect(tablet.get_by_label("To be done")).to_have_count(4)
    assert axe_violations(tablet) == []
    tablet.get_by_role("link", name=re.compile("Letter №")).first.click()
    expect(tablet.get_by_text("Training: nothing here is real")).to_be_visible()
    tablet.get_by_label("Your answer").fill("Навчальна відповідь.")
    tablet.get_by_role("button", name="Look it over").click()
    tablet.get_by_role("button", name="Send the answer").click()
    expect(tablet.get_by_text("The answer is sent.")).to_be_visible()
    tablet.goto("/staff/navchannia-training/letters/")
    tablet.wait_for_selector("letter-map[data-ready]")
    tablet.goto("/staff/navchannia-training/training/")
    expect(tablet.get_by_label("To be done")).to_have_count(3)

    head = signed_in(browser, live_server, watch, office.supervisor)
    head.goto("/staff/navchannia-training/training/")
    expect(head.get_by_text("1 of 4")).to_be_visible()
    assert head.goto("/navchannia-training/").status == 404  # type: ignore[union-attr]
    watch.errors.clear()

    page.reload()
    press(page, "End the exercises")
    expect(page.get_by_text("The exercises are over")).to_be_visible()
    with as_task("test"):
        assert all(letter.is_erased for letter in Appeal.objects.filter(city__copy_of=office.world.city))
