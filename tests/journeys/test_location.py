"""Who is my district officer, asked by «Де я зараз»: allowed, rough, outside, denied, failed."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys.conftest import NORTH, expect_card, open_map


def test_location_that_is_allowed_finds_the_officer(on_map: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 20})
    on_map.get_by_role("button", name="Де я зараз").click()
    expect_card(on_map, NORTH)


def test_location_is_asked_about_while_the_map_loads_and_the_pin_follows(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 20})
    held: list[Route] = []
    districts = re.compile(r"/api/v1/districts/")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(districts, hold)
    with page.expect_request(districts):
        page.goto("/kvadraty/")
    page.get_by_role("button", name="Де я зараз").click()
    expect_card(page, NORTH)
    held[0].continue_()
    expect(page.locator(".map-pin-icon")).to_be_visible()
    expect(page.locator("path.district.is-chosen")).to_have_attribute("aria-label", NORTH)


def test_rough_location_finds_the_officer_and_says_how_rough_it_is(on_map: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 500})
    on_map.get_by_role("button", name="Де я зараз").click()
    expect_card(on_map, NORTH)
    expect(on_map.locator("[data-message]")).to_contain_text("з точністю близько 500 м")


def test_pin_of_a_location_that_is_refused_does_not_stay(on_map: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 25.005, "longitude": 49.995, "accuracy": 20})
    on_map.get_by_role("button", name="Де я зараз").click()
    expect(on_map.locator("[data-message]")).to_contain_text("переплутано")
    expect(on_map.locator(".map-pin-icon")).to_have_count(0)


def test_location_outside_says_so(on_map: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.04, "accuracy": 20})
    on_map.get_by_role("button", name="Де я зараз").click()
    expect_card(on_map, "Це місце поза межами наших дільниць")


def test_coarse_location_is_not_asked_about(on_map: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 4000})
    on_map.get_by_role("button", name="Де я зараз").click()
    expect(on_map.locator("[data-message]")).to_contain_text("лише з точністю 4 км")
    expect(on_map).to_have_url(re.compile(r"/kvadraty/$"))


def test_location_that_is_denied_says_what_to_do(on_map: Page, context: BrowserContext) -> None:
    context.clear_permissions()
    on_map.get_by_role("button", name="Де я зараз").click()
    expect(on_map.locator("[data-message]")).to_contain_text("Браузер не дозволяє")


@pytest.mark.parametrize(("code", "told"), [(2, "не зміг визначити"), (3, "надто довго")])
def test_location_that_fails_otherwise_says_how(page: Page, code: int, told: str) -> None:
    page.add_init_script(f"navigator.geolocation.getCurrentPosition = (_, failed) => failed({{ code: {code} }});")
    open_map(page)
    page.get_by_role("button", name="Де я зараз").click()
    expect(page.locator("[data-message]")).to_contain_text(told)


def test_first_page_finds_the_city_by_location(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 20})
    page.goto("/")
    page.get_by_role("button", name="Де я зараз").click()
    expect_card(page, NORTH)
    expect(page).to_have_url(re.compile(r"/kvadraty/1/$"))


def test_first_page_does_not_ask_about_a_rough_location(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 500})
    page.goto("/")
    page.get_by_role("button", name="Де я зараз").click()
    expect(page.locator("[data-message]")).to_contain_text("лише з точністю 500 м")
    expect(page.locator("[data-message]")).to_contain_text("на карті міста")
    assert page.evaluate("location.pathname") == "/"
