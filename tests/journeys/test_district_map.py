"""The map of districts: by keyboard and screen reader, its pin, and the page where it cannot be drawn."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import MID, NORTH, SOUTH, Watch, click_district, expect_card


def test_pin_goes_with_the_answer_it_led_to(on_map: Page) -> None:
    pin = on_map.locator(".map-pin-icon")
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    click_district(on_map, MID)
    expect_card(on_map, MID)
    expect(pin).to_be_visible()
    on_map.go_back()
    expect_card(on_map, NORTH)
    expect(pin).to_have_count(0)
    assert on_map.evaluate("document.querySelector('district-map').marked") is None


def test_click_of_a_screen_reader_opens_the_district_and_asks_about_no_place(on_map: Page) -> None:
    on_map.get_by_role("button", name=MID, exact=True).dispatch_event("click")
    expect_card(on_map, MID)
    expect(on_map).to_have_url(re.compile(r"/kvadraty/2/$"))
    expect(on_map.locator(".map-pin-icon")).to_have_count(0)


def test_crosshair_asks_by_keyboard_and_escape_brings_back(on_map: Page) -> None:
    on_map.locator("#id_q").focus()
    canvas = on_map.locator("[data-canvas]")
    for _ in range(30):
        on_map.keyboard.press("Tab")
        if canvas.evaluate("each => each === document.activeElement"):
            break
    expect(canvas).to_be_focused()
    expect(on_map.locator(".map__crosshair")).to_be_visible()
    for _ in range(4):
        on_map.keyboard.press("ArrowLeft")
        on_map.wait_for_timeout(400)  # Leaflet takes no arrow while it glides
    expect(on_map.locator("#announcer")).to_have_text(f"У центрі: {NORTH}")
    on_map.keyboard.press("Enter")
    expect_card(on_map, NORTH)
    expect(on_map.locator("[data-answer-title]")).to_be_focused()
    on_map.keyboard.press("Escape")
    expect(canvas).to_be_focused()


def test_districts_are_one_tab_stop_and_arrows_go_between_them(on_map: Page) -> None:
    on_map.locator("[data-canvas]").focus()
    on_map.keyboard.press("Tab")
    expect(on_map.get_by_role("button", name=NORTH, exact=True)).to_be_focused()
    on_map.keyboard.press("ArrowRight")
    expect(on_map.get_by_role("button", name=MID, exact=True)).to_be_focused()
    on_map.keyboard.press("End")
    expect(on_map.get_by_role("button", name=SOUTH, exact=True)).to_be_focused()
    on_map.keyboard.press("ArrowLeft")
    on_map.keyboard.press("Enter")
    expect_card(on_map, MID)
    expect(on_map.locator("[data-answer-title]")).to_be_focused()
    on_map.keyboard.press("Escape")
    expect(on_map.get_by_role("button", name=MID, exact=True)).to_be_focused()
    on_map.keyboard.press("Tab")
    expect(on_map.get_by_role("button", name="Наблизити")).to_be_focused()


@pytest.mark.parametrize("missing", [r"/api/v1/districts/", r"/leaflet/leaflet\.js", r"/district-map\.js"])
def test_where_the_map_cannot_be_drawn_it_says_so_and_the_rest_works(
    page: Page, context: BrowserContext, watch: Watch, missing: str
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 49.995, "longitude": 25.005, "accuracy": 20})
    page.route(re.compile(missing), lambda route: route.abort())
    page.goto("/kvadraty/")
    expect(page.locator("[data-map-state]")).to_have_text("Карту не вдалося завантажити. Решта сторінки працює.")
    watch.errors.clear()  # Chromium reports what is missing
    page.locator("[data-canvas]").press("Enter")
    page.get_by_role("button", name="Де я зараз").click()
    expect_card(page, NORTH)
    page.get_by_text("Усі 3 дільниці").click()
    page.get_by_role("link", name=SOUTH).click()
    expect_card(page, SOUTH)
