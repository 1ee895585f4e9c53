"""A coordinator keeps the days off of a city on a phone: a mistake told at its field, a day put down and put back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Holiday
from geo.moments import local_day
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.test_office import signed_in
from tests.journeys.test_supervision import fits

YEAR = local_day(timezone.now()).year + 1


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A training city, committed."""
    return build_office()


def test_coordinator_puts_a_day_off_down_takes_it_away_and_undoes_it(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    page = signed_in(browser, live_server, watch, coordinator)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/staff/navchannia/city/")
    page.get_by_role("link", name="Days off and moved working days").click()
    page.get_by_role("link", name="Add a day off").click()
    page.get_by_label("Day", exact=True).fill(f"{YEAR}-12-25")
    page.get_by_label("name in Ukrainian").fill("День міста")
    page.get_by_label("source").fill("Council, No. 7")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"25.12.{YEAR} stands in the list already")).to_be_visible()
    watch.errors.clear()  # the refusal itself

    page.get_by_label("Day", exact=True).fill(f"{YEAR}-09-15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=str(YEAR))).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Council, No. 7")).to_have_count(1)
    assert axe_violations(page) == []
    assert fits(page)

    page.get_by_role("button", name=re.compile(rf"Take away ?: 15.09.{YEAR}")).click()
    expect(page.get_by_text("Council, No. 7")).to_have_count(0)
    page.get_by_role("button", name="Undo").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Council, No. 7")).to_be_visible()
    assert Holiday.objects.filter(city=office.world.city, day=f"{YEAR}-09-15").exists()
