"""A moderator proposes, a coordinator approves, everybody reads it, and the coordinator undoes it."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import Officer
from tests.appeals.conftest import user_with_role
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.test_office import signed_in
from tests.world import World

HOURS = "Tue 17:00–19:00 and Thu 10:00–12:00"


def press(page: Page, name: str) -> None:
    """Press a button by the keyboard alone."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def propose(page: Page) -> None:
    """Find the card from the first page, change its hours, say why."""
    page.goto("/staff/")
    page.get_by_role("link", name="Cards and texts").click()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Test Officer 1").click()
    page.get_by_label("Reception hours in English").fill(HOURS)
    page.get_by_label("Why").fill("It says so on the door.")
    assert axe_violations(page) == []
    press(page, "Propose")
    expect(page.get_by_text("Your proposal waits for a decision.")).to_be_visible()


def approve(page: Page) -> None:
    """See on the first page that something waits, look at both values, approve."""
    page.goto("/staff/")
    page.get_by_role("link", name="Changes 1 to decide").click()
    assert axe_violations(page) == []
    page.get_by_role("link", name="Тестовий Офіцер 1").click()
    expect(page.locator("ins").first).to_be_visible()
    assert axe_violations(page) == []
    press(page, "Approve")
    expect(page.get_by_text("the public reads it now")).to_be_visible()


def test_hours_are_proposed_approved_read_and_undone(
    browser: Browser, live_server: LiveServer, watch: Watch, served: World
) -> None:
    moderator, coordinator = (
        signed_in(browser, live_server, watch, user_with_role(served, role, f"{role}@example.org"))
        for role in ("moderator", "coordinator")
    )
    propose(moderator)
    approve(coordinator)
    moderator.goto("/kvadraty/1/")
    expect(moderator.get_by_text(HOURS)).to_be_visible()
    coordinator.get_by_role("link", name="All changes of it").click()
    assert axe_violations(coordinator) == []
    press(coordinator, "Undo")
    expect(coordinator.get_by_text("Put back as it was.")).to_be_visible()
    moderator.reload()
    expect(moderator.get_by_text("Tue 17:00–19:00", exact=True)).to_be_visible()
    assert Officer.objects.get(pk=served.officer.pk).reception_en == "Tue 17:00–19:00"
