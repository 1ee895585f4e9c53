"""A coordinator writes a page of the city, looks at it, publishes it; everybody reads it; it is brought back."""

import re

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from people.models import Membership, User
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.test_office import signed_in
from tests.world import World


def test_a_page_is_written_looked_at_published_read_and_brought_back(
    browser: Browser, live_server: LiveServer, watch: Watch, served: World
) -> None:
    coordinator = User.objects.create_user("coordinator@example.org", first_name="Olena")
    Membership.objects.create(user=coordinator, city=served.city, role="coordinator")
    page = signed_in(browser, live_server, watch, coordinator)
    page.goto("/staff/")
    page.get_by_role("link", name="Pages of text").click()
    assert axe_violations(page) == []
    page.get_by_role("link", name=re.compile("Change.*About the service")).click()
    for words in ("Наша громада.", "Наше місто."):
        page.get_by_label("Text in Ukrainian").fill(words)
        page.get_by_label("Text in English").fill(f"## Who we are\n\nWe say {words}")
        assert axe_violations(page) == []
        page.get_by_role("button", name="Look at it before it is published").click()
        expect(page.get_by_role("article").get_by_text(words, exact=True)).to_be_visible()
        assert axe_violations(page) == []
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Published: everybody reads the new text now.")).to_be_visible()

    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("Published by Olena")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Bring this version back").click()
    page.get_by_role("button", name="Publish").click()

    page.goto("/kvadraty/")
    page.get_by_role("link", name="About the service").click()
    expect(page.get_by_role("heading", name="Who we are")).to_be_visible()
    expect(page.get_by_text("We say Наша громада.")).to_be_visible()
    assert axe_violations(page) == []
