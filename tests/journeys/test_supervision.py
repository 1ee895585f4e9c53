"""A supervisor's day on a tablet: the board by keyboard, letters of who left handed over, a leave, a report signed."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.access import as_task
from appeals.models import Appeal, KeepFrom
from geo.moments import local_day
from people.models import Posting
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.test_office import signed_in

BOARD = "/staff/navchannia/board/"


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed: two letters of an officer who has left, and one that is kept from that officer."""
    office = build_office()
    world = office.world
    for _ in range(2):
        new_letter(world)
    new_letter(world, keep_from=KeepFrom.OFFICER)
    Posting.objects.filter(officer=world.officer).delete()
    Posting.objects.create(officer=world.acting, district=world.north, during=(datetime.date(2025, 1, 1), None))
    return office


def fits(page: Page) -> bool:
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting


def test_supervisor_leads_a_city_from_the_board(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.supervisor, has_touch=True)
    page.goto("/staff/")
    page.get_by_role("link", name="Board").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Board: Squares")).to_be_visible()
    expect(page.get_by_text("kept from Test Officer 1")).to_be_visible()
    expect(page.get_by_text("1 district has nobody today")).to_be_visible()
    assert axe_violations(page) == []
    assert fits(page)

    page.get_by_role("row", name="North").get_by_role("link", name="2").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".inbox__row")).to_have_count(2)
    page.go_back()

    page.get_by_role("link", name="Test Officer 1: 2 letters").tap()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    assert axe_violations(page) == []
    page.get_by_label("To whom").select_option(label="Whoever answers in the letter's own district now")
    page.get_by_label("Why").fill("She serves elsewhere now.")
    page.get_by_role("button", name="Hand them over").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 letters are handed over.")).to_be_visible()
    expect(page.get_by_text("not posted there any more")).to_have_count(0)
    with as_task("test"):
        assert Appeal.objects.filter(officer=office.world.acting).count() == 2


def test_supervisor_looks_at_statistics_and_puts_a_leave_down_after_a_second_look(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.supervisor, has_touch=True)
    page.goto(BOARD)
    page.get_by_role("link", name="Statistics").tap()
    page.get_by_label("Received from").fill("2026-06-01")
    page.get_by_label("to", exact=True).fill("2026-06-30")
    page.get_by_role("button", name="Show").tap()
    expect(page.get_by_text("too few to compare").first).to_be_visible()
    assert axe_violations(page) == []
    assert fits(page)
    page.get_by_role("link", name="Letters", exact=True).nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#table th[aria-sort=ascending]")).to_have_text("Letters ↑")

    page.get_by_role("link", name="Leaves").tap()
    expect(page.get_by_role("heading", name="Leaves: Squares")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Put a leave down").tap()
    page.get_by_label("Who is away").select_option(index=3)
    today = local_day(timezone.now())
    page.get_by_label("First day").fill(f"{today + datetime.timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Last day").fill(f"{today + datetime.timedelta(days=5):%Y-%m-%d}")
    page.get_by_role("button", name="Put it down").tap()
    expect(page.get_by_role("alert")).to_contain_text("Nobody would answer in")
    watch.errors.clear()  # the browser names every answer of 422
    assert axe_violations(page) == []
    page.get_by_role("button", name="Put it down all the same").tap()
    expect(page.get_by_text("The leave is put down.")).to_be_visible()
    assert axe_violations(page) == []
    assert fits(page)
    page.get_by_role("button", name="Undo").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("taken back").first).to_be_visible()


def test_report_is_written_signed_and_taken_along(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    page = signed_in(browser, live_server, watch, office.supervisor)
    page.goto("/staff/navchannia/report/")
    assert axe_violations(page) == []
    page.get_by_label("District").select_option(label="North")
    page.get_by_role("button", name="Open the report").click()
    page.get_by_label("What comes next").fill("Lighting in the yards.")
    page.get_by_role("button", name="Save, and look at it").click()
    expect(page.get_by_role("article").get_by_text("Lighting in the yards.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Sign the report").click(timeout=30_000)  # what lays out PDFs is loaded now
    expect(page.get_by_text("The report is signed.")).to_be_visible()
    expect(page.get_by_text("Your words")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert axe_violations(page) == []
    assert fits(page)
