"""The officer's card: in another language, shared, printed, with a mistake reported."""

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import NORTH, click_district, expect_card, open_map


def test_border_note_is_not_shown_to_who_opens_a_shared_link(
    browser: Browser, on_map: Page, live_server: LiveServer
) -> None:
    click_district(on_map, NORTH, from_right=4)
    on_map.locator(".border-hint a").click()
    expect(on_map.locator(".card ~ .border-note")).to_be_in_viewport()
    stranger = browser.new_context(base_url=live_server.url).new_page()
    stranger.goto("/kvadraty/1/")
    expect_card(stranger, NORTH)
    expect(stranger.locator(".border-note")).to_have_count(0)


def test_language_is_switched_on_the_card_and_stays(on_map: Page) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    on_map.get_by_role("button", name="English").click()
    expect_card(on_map, "North")
    expect(on_map).to_have_url(re.compile(r"/kvadraty/1/$"))
    expect(on_map.get_by_role("button", name="Zoom in")).to_be_visible()
    expect(on_map.get_by_role("button", name="Middle", exact=True)).to_be_attached()
    on_map.get_by_role("button", name="Українська").click()
    expect_card(on_map, NORTH)


def test_share_copies_a_link_of_city_and_district(page: Page, context: BrowserContext, live_server: LiveServer) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share;")
    open_map(page, "/kvadraty/1/")
    page.get_by_role("button", name="Поділитися").click()
    expect(page.locator("[data-told]")).to_have_text("Посилання скопійовано.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/kvadraty/1/"


def test_print_shows_the_card_alone(on_map: Page) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    on_map.emulate_media(media="print")
    expect(on_map.get_by_role("heading", name="Тестовий Офіцер 1")).to_be_visible()
    expect(on_map.locator(".map")).to_be_hidden()
    expect(on_map.locator(".print-only")).to_contain_text("/kvadraty/1/")


def test_mistake_on_a_card_is_reported(on_map: Page) -> None:
    click_district(on_map, NORTH)
    on_map.get_by_role("link", name="Повідомити про помилку").click()
    on_map.get_by_label("Що не так?").fill("Телефон не відповідає")
    on_map.get_by_role("button", name="Надіслати").click()
    expect(on_map.get_by_role("heading", name="Дякуємо")).to_be_visible()
