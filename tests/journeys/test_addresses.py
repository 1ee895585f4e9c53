"""An address is typed: while typing, with mistakes, by keyboard, on a phone; with and without script."""

import re

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from geo.models import City, House, Street, StreetName
from tests.journeys.conftest import Watch, axe_violations, open_map
from tests.world import World


@pytest.fixture(autouse=True)
def streets(served: World) -> None:
    """First Street under a former name too, in the northern and middle districts; two streets of Shevchenko."""
    first = _street(served.city, "вулиця Перша", {"5": 25.005, "5А": 25.015, "12": 25.016})
    StreetName.objects.create(street=first, kind="former", name="вулиця Піонерська")
    _street(served.city, "вулиця Шевченка", {"3": 25.005})
    _street(served.city, "провулок Шевченка", {"3": 25.015})


def _street(city: City, name: str, houses: dict[str, float]) -> Street:
    street = Street.objects.create(city=city, name_uk=name)
    for number, lon in houses.items():
        House.objects.create(street=street, number=number, location=Point(lon, 49.995, srid=4326))
    return street


def write(page: Page, text: str) -> None:
    page.get_by_role("combobox").press_sequentially(text)


def send(page: Page, text: str) -> None:
    page.get_by_role("combobox").fill(text)
    page.keyboard.press("Enter")


def expect_card(page: Page, district: str) -> None:
    expect(page.locator("[data-answer-title]")).to_have_text(district)


@pytest.mark.parametrize("typed", ["перша 5а", "Persha 5a", "Gthif 5а", "вул. Першя 5-А"])
def test_suggestion_is_chosen_by_keyboard_alone(on_map: Page, typed: str) -> None:
    on_map.get_by_role("combobox").focus()
    write(on_map, typed)
    expect(on_map.get_by_role("option")).to_have_text(["вулиця Перша, 5А"])
    expect(on_map.locator("#announcer")).to_contain_text("Знайдено адрес: 1")
    assert axe_violations(on_map) == []
    on_map.keyboard.press("ArrowDown")
    expect(on_map.get_by_role("combobox")).to_have_attribute("aria-activedescendant", "suggestion-0")
    on_map.keyboard.press("Enter")
    expect_card(on_map, "Середня")
    expect(on_map.locator(".map-pin-icon")).to_be_visible()
    expect(on_map).to_have_url(re.compile(r"/kvadraty/2/$"))


def test_chosen_street_goes_on_to_its_houses(on_map: Page) -> None:
    write(on_map, "пер")
    on_map.get_by_role("option", name="вулиця Перша").click()
    expect(on_map.get_by_role("option")).to_have_text(["вулиця Перша, 5", "вулиця Перша, 5А", "вулиця Перша, 12"])
    on_map.get_by_role("option", name="вулиця Перша, 12").click()
    expect_card(on_map, "Середня")


def test_escape_closes_the_suggestions_and_keeps_the_words(on_map: Page) -> None:
    write(on_map, "перша")
    expect(on_map.get_by_role("listbox")).to_be_visible()
    on_map.keyboard.press("Escape")
    expect(on_map.get_by_role("listbox")).to_be_hidden()
    expect(on_map.get_by_role("combobox")).to_have_value("перша")


def test_former_name_is_said_beside_the_present_one(on_map: Page) -> None:
    write(on_map, "Піонерська 5")
    option = on_map.get_by_role("option").first
    expect(option).to_contain_text("вулиця Перша, 5")
    expect(option).to_contain_text("раніше: вул. Піонерська")
    on_map.keyboard.press("Escape")
    on_map.keyboard.press("Enter")
    expect_card(on_map, "Північна")


def test_former_name_that_is_sent_at_once_is_told_beside_the_answer(on_map: Page) -> None:
    send(on_map, "Піонерська 5")
    expect_card(on_map, "Північна")
    expect(on_map.locator("[data-message]")).to_contain_text("вул. Піонерська — нині вулиця Перша, 5")
    expect(on_map.locator(".map-pin-icon")).to_be_visible()
    expect(on_map.get_by_role("listbox", include_hidden=True)).to_be_hidden()


@pytest.mark.parametrize("typed", ["Перша 12", "49.995, 25.016", "49,995; 25,016"])
def test_place_that_was_typed_has_a_pin(on_map: Page, typed: str) -> None:
    write(on_map, typed)
    if "Перша" in typed:
        expect(on_map.get_by_role("option")).to_have_count(1)
    on_map.keyboard.press("Enter")
    expect_card(on_map, "Середня")
    expect(on_map.locator(".map-pin-icon")).to_be_visible()


def test_mistyped_address_is_asked_about_before_it_is_answered(on_map: Page) -> None:
    send(on_map, "Перва 12")
    expect_card(on_map, "Ви маєте на увазі цю адресу?")
    on_map.get_by_role("button", name="вулиця Перша, 12").click()
    expect_card(on_map, "Середня")
    expect(on_map.locator(".map-pin-icon")).to_be_visible()


def test_house_that_is_not_known_offers_its_neighbours(on_map: Page) -> None:
    send(on_map, "Перша 10")
    expect_card(on_map, "Цього будинку ми не знаємо")
    expect(on_map.locator(".choice").first).to_contain_text("вулиця Перша, 12")
    assert axe_violations(on_map) == []


def test_two_streets_of_one_name_are_both_offered(on_map: Page) -> None:
    send(on_map, "Шевченка 3")
    expect_card(on_map, "Яку адресу ви маєте на увазі?")
    on_map.get_by_role("button", name="провулок Шевченка, 3").click()
    expect_card(on_map, "Середня")


def test_street_without_a_house_asks_for_the_number(on_map: Page) -> None:
    send(on_map, "Перша")
    expect(on_map.locator("[data-message]")).to_contain_text("Додайте номер будинку: вулиця Перша.")
    expect(on_map.get_by_role("combobox")).to_be_focused()


def test_former_name_without_a_house_is_told_beside_the_present_one(on_map: Page) -> None:
    send(on_map, "Піонерська")
    expect(on_map.locator("[data-message]")).to_contain_text("вулиця Перша (раніше: вул. Піонерська)")


def test_nothing_found_leads_to_the_map(on_map: Page) -> None:
    write(on_map, "Хрещатик")
    expect(on_map.get_by_role("listbox", include_hidden=True)).to_contain_text("Нічого не знайдено")
    on_map.keyboard.press("Enter")
    expect(on_map.locator("[data-message]")).to_contain_text("Ми не знаємо такої адреси")


def test_first_page_suggests_addresses_of_every_city_served(page: Page) -> None:
    page.goto("/")
    write(page, "перша 12")
    page.get_by_role("option", name="вулиця Перша, 12").click()
    expect_card(page, "Середня")


def test_choice_works_without_script(browser: Browser, live_server: LiveServer, watch: Watch, served: World) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    watch.over(context)
    page = context.new_page()
    page.goto("/kvadraty/")
    page.locator("[name=q]").fill("Шевченка 3")
    page.locator("[name=q]").press("Enter")
    page.get_by_role("button", name="вулиця Шевченка, 3").click()
    expect_card(page, "Північна")
    context.close()


def test_suggestions_fit_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page)
    write(page, "шев")
    for option in page.get_by_role("option").all():
        box = option.bounding_box()
        assert box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert axe_violations(page) == []
