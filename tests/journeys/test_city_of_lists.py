"""A city with nothing but a table of streets, in the browser: there are no borders, an address finds the officer."""

import re

import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from geo.models import City, Street
from geo.territories.adding import add_places, new_places
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from tests.journeys.conftest import Watch, axe_violations
from tests.world import LONG_AGO

LIST = """Дільниця № 1
вул. Соборності: 1–20; пров. Тихий
Дільниця № 2
вул. Соборності: від 21 до кінця
"""


@pytest.fixture
def listed(transactional_db: None) -> City:
    city = City.objects.create(slug="poltava", name_uk="Полтава", stage="pilot")
    reading = read_text(LIST)
    add_places(city, new_places(city, compile_reading(city, reading)))
    record_territories(
        city=city,
        compiled=compile_reading(city, reading),
        source="test",
        sha256="",
        recorded_at=LONG_AGO,
        recorded_by="test",
    )
    return city


@pytest.fixture
def on_page(page: Page, listed: City) -> Page:
    page.goto("/poltava/")
    page.wait_for_selector("district-map[data-ready]")
    return page


def expect_officer_of(page: Page, code: str) -> None:
    expect(page.locator("[data-answer-title]")).to_have_text(f"Дільниця №\N{NO-BREAK SPACE}{code}")
    expect(page.locator(".answer")).to_contain_text("Такого будинку в нашому довіднику немає")
    expect(page).to_have_url(re.compile(rf"/poltava/{code}/$"))


def test_the_page_says_that_no_borders_are_drawn_and_lists_the_districts(on_page: Page) -> None:
    expect(on_page.locator("[data-map-state]")).to_contain_text("Межі дільниць ще не накреслено")
    expect(on_page.locator(".districts a")).to_have_count(2)
    assert axe_violations(on_page) == []


def test_an_address_is_typed_and_chosen_by_keyboard_alone(on_page: Page) -> None:
    field = on_page.get_by_role("combobox")
    field.focus()
    field.press_sequentially("собор")
    expect(on_page.get_by_role("option")).to_have_text(["вулиця Соборності"])
    on_page.keyboard.press("ArrowDown")
    on_page.keyboard.press("Enter")
    expect(field).to_have_value("вулиця Соборності, ")
    field.press_sequentially("12")
    expect(on_page.get_by_role("option")).to_have_text(["вулиця Соборності, 12"])
    on_page.keyboard.press("ArrowDown")
    on_page.keyboard.press("Enter")
    expect_officer_of(on_page, "1")
    assert axe_violations(on_page) == []


def test_a_typed_address_is_answered(on_page: Page) -> None:
    on_page.get_by_role("combobox").fill("соборності 33")
    on_page.keyboard.press("Enter")
    expect_officer_of(on_page, "2")


def test_a_mistyped_street_is_asked_about_first(on_page: Page) -> None:
    on_page.get_by_role("combobox").fill("Соборнсті 33")
    on_page.keyboard.press("Enter")
    on_page.get_by_role("button", name="вулиця Соборності, 33").click()
    expect_officer_of(on_page, "2")


def test_a_click_on_the_map_asks_for_the_address(on_page: Page) -> None:
    on_page.locator("[data-canvas]").click(position={"x": 200, "y": 120})
    expect(on_page.locator("[data-message]")).to_contain_text("дільничного шукають лише за адресою")
    expect(on_page.get_by_role("combobox")).to_be_focused()
    expect(on_page.locator(".map-pin-icon")).to_have_count(0)


def test_first_page_answers_for_a_city_of_lists_too(page: Page, listed: City) -> None:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("Соборності 12")
    page.get_by_role("option", name="вулиця Соборності, 12").click()
    expect_officer_of(page, "1")


def test_a_choice_works_without_script(browser: Browser, live_server: LiveServer, watch: Watch, listed: City) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    watch.over(context)
    page = context.new_page()
    page.goto("/poltava/")
    page.locator("[name=q]").fill("Соборнсті 12")
    page.locator("[name=q]").press("Enter")
    page.get_by_role("button", name="вулиця Соборності, 12").click()
    expect_officer_of(page, "1")
    context.close()


def test_streets_with_lines_are_drawn_without_borders(page: Page, listed: City) -> None:
    line = LineString((34.54, 49.58), (34.56, 49.6), srid=4326)
    Street.objects.filter(city=listed, name_uk="вулиця Соборності").update(line=MultiLineString(line, srid=4326))
    page.goto("/poltava/")
    expect(page.locator("district-map .street")).to_have_count(1)
    expect(page.locator("[data-map-state]")).to_be_visible()
    expect(page.locator(".leaflet-control-zoom")).to_be_visible()
