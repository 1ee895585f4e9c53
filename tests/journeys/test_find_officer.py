"""Who is my district officer? By mouse, by what is typed and by list; with and without script; on a phone."""

import re

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from geo.models import House, Street
from tests.journeys.conftest import MID, NORTH, SOUTH, Watch, axe_violations, click_district, expect_card, open_map
from tests.world import World


def test_click_shows_the_officer_beside_the_map(on_map: Page) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    expect(on_map).to_have_url(re.compile(r"/kvadraty/1/$"))
    expect(on_map.get_by_role("heading", name="Тестовий Офіцер 1")).to_be_visible()
    expect(on_map.get_by_role("link", name="Зателефонувати: +380 44 300 0201")).to_have_attribute(
        "href", "tel:+380443000201"
    )
    expect(on_map.locator(".card")).to_contain_text("вт 17:00–19:00")
    expect(on_map.locator("path.district.is-chosen")).to_have_attribute("aria-label", NORTH)
    expect(on_map.locator(".map-pin-icon")).to_be_visible()
    expect(on_map.locator("[data-answer-title]")).to_be_focused()


def test_back_and_forward_follow_the_cards(on_map: Page) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    on_map.get_by_text("Усі 3 дільниці").click()
    on_map.get_by_role("link", name=SOUTH).click()
    expect_card(on_map, SOUTH)
    on_map.go_back()
    expect_card(on_map, NORTH)
    on_map.go_back()
    expect_card(on_map, "Квадрати")
    expect(on_map).to_have_url(re.compile(r"/kvadraty/$"))
    on_map.go_forward()
    expect_card(on_map, NORTH)


def test_back_without_connection_shows_no_card_under_the_address_of_another(
    on_map: Page, context: BrowserContext, watch: Watch
) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    click_district(on_map, SOUTH)
    expect_card(on_map, SOUTH)
    context.set_offline(True)
    on_map.go_back()
    expect(on_map).to_have_url(re.compile(r"/kvadraty/1/$"))
    expect(on_map.locator("[data-answer-title]")).to_contain_text("Немає зв’язку")
    expect(on_map.locator("path.district.is-chosen")).to_have_count(0)
    assert axe_violations(on_map) == []
    context.set_offline(False)
    on_map.get_by_role("link", name="Спробувати ще раз").click()
    expect_card(on_map, NORTH)
    on_map.go_forward()
    expect_card(on_map, SOUTH)
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in watch.errors)
    watch.errors.clear()


def test_skip_link_leaves_the_answer_and_the_focus_alone(on_map: Page, watch: Watch) -> None:
    click_district(on_map, NORTH)
    expect_card(on_map, NORTH)
    on_map.locator(".skip-link").focus()
    asked = len(watch.addresses)
    on_map.keyboard.press("Enter")
    expect(on_map).to_have_url(re.compile(r"/kvadraty/1/#main$"))
    on_map.wait_for_load_state("networkidle")
    expect(on_map.locator("#main")).to_be_focused()
    assert not [url for url in watch.addresses[asked:] if url.endswith("/kvadraty/1/")], "it was asked for again"


def test_acting_officer_is_called_so_and_the_main_one_is_named_as_away(on_map: Page) -> None:
    click_district(on_map, MID)
    expect(on_map.locator(".card")).to_contain_text("Тимчасово виконує обов’язки")
    expect(on_map.get_by_role("heading", name="Тестовий Офіцер 3")).to_be_visible()
    expect(on_map.locator(".answer__away")).to_contain_text("Тестовий Офіцер 2")


def test_vacant_district_shows_the_duty_station_and_its_phone(on_map: Page) -> None:
    click_district(on_map, SOUTH)
    expect_card(on_map, SOUTH)
    expect(on_map.locator(".answer")).to_contain_text("Зараз у цій дільниці немає офіцера")
    expect(on_map.get_by_role("link", name="Зателефонувати: +380 44 300 0101")).to_be_visible()


def test_near_a_border_both_districts_are_shown_and_only_then(on_map: Page) -> None:
    click_district(on_map, NORTH, from_right=4)
    expect_card(on_map, NORTH)
    note = on_map.get_by_role("region", name="Ви поруч із межею дільниць")
    expect(note).to_contain_text(MID)
    expect(note.get_by_role("link", name="Тестовий Офіцер 3")).to_be_visible()
    click_district(on_map, NORTH)
    expect(note).to_have_count(0)


def test_click_outside_names_the_nearest_district_and_the_emergency_numbers(on_map: Page) -> None:
    box = on_map.get_by_role("button", name=SOUTH, exact=True).bounding_box()
    assert box
    on_map.mouse.click(box["x"] + box["width"] + 12, box["y"] + box["height"] / 2)
    expect_card(on_map, "Це місце поза межами наших дільниць")
    expect(on_map.locator(".answer")).to_contain_text(SOUTH)
    expect(on_map.locator(".answer .help-line").filter(has_text="102")).to_be_visible()
    expect(on_map).to_have_url(re.compile(r"/kvadraty/$"))


def test_typed_coordinates_and_a_typed_address_find_the_officer(on_map: Page, served: World) -> None:
    street = Street.objects.create(city=served.city, name_uk="вул. Перша", name_en="First St")
    House.objects.create(street=street, number="5а", location=Point(25.015, 49.995, srid=4326))
    field = on_map.get_by_label("Ваша адреса або координати")
    field.fill("49.995, 25.005")
    field.press("Enter")
    expect_card(on_map, NORTH)
    field.fill("Вул. Перша, 5А")
    field.press("Enter")
    expect_card(on_map, MID)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Введіть адресу"),
        ("вул. Невідома, 1", "Ми не знаємо такої адреси"),
        ("25.005, 49.995", "широту й довготу переплутано"),
    ],
)
def test_what_cannot_be_found_is_told_at_the_field(on_map: Page, typed: str, told: str) -> None:
    on_map.locator("#id_q").fill(typed)
    on_map.get_by_role("button", name="Знайти").click()
    expect(on_map.locator("[data-message]")).to_contain_text(told)
    expect(on_map.locator("#id_q")).to_be_focused()
    expect(on_map.locator("#id_q")).to_have_attribute("aria-invalid", "true")


def test_lost_connection_is_told_and_the_page_stays(on_map: Page, context: BrowserContext, watch: Watch) -> None:
    context.set_offline(True)
    click_district(on_map, NORTH)
    expect(on_map.locator("[data-message]")).to_contain_text("Немає зв’язку")
    expect(on_map.locator(".map-pin-icon")).to_have_count(0)
    context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in watch.errors)
    watch.errors.clear()


def test_without_script_field_list_and_card_do_everything(
    browser: Browser, served: World, watch: Watch, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    watch.over(context)
    page = context.new_page()
    page.goto("/")
    page.locator("a.city-card").click()
    expect(page.locator(".map")).to_be_hidden()
    expect(page.get_by_role("button", name="Де я зараз")).to_be_hidden()
    page.locator("#id_q").fill("49.995, 25.0099")
    page.get_by_role("button", name="Знайти").click()
    expect_card(page, NORTH)
    expect(page.locator(".border-note")).to_be_visible()
    page.locator("#id_q").fill("49.995, 25.04")
    page.get_by_role("button", name="Знайти").click()
    expect_card(page, "Це місце поза межами наших дільниць")
    page.reload()
    page.locator(".districts__link").filter(has_text=SOUTH).click()
    expect_card(page, SOUTH)
    page.get_by_role("button", name="English").click()
    expect_card(page, "South")
    context.close()


@pytest.fixture
def phone(browser: Browser, served: World, watch: Watch, live_server: LiveServer) -> Page:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        color_scheme="dark",
    )  # fmt: skip
    watch.over(context)
    page = context.new_page()
    open_map(page)
    return page


def test_on_a_dark_phone_the_sheet_never_hides_the_field(phone: Page) -> None:
    box = phone.get_by_role("button", name=NORTH, exact=True).bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_card(phone, NORTH)
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 22, 21)"
    handle = phone.locator("[data-sheet-toggle]")
    for _ in range(3):
        field, sheet = phone.locator("#id_q").bounding_box(), phone.locator("answer-panel").bounding_box()
        assert field and sheet
        assert field["y"] + field["height"] <= sheet["y"]
        assert phone.evaluate("document.scrollingElement.scrollHeight <= innerHeight"), (
            "the page itself must not scroll"
        )
        handle.click()
        phone.wait_for_timeout(300)
    assert axe_violations(phone) == []


def test_targets_on_a_phone_are_44_px(phone: Page) -> None:
    small = phone.evaluate(
        """() => [...document.querySelectorAll("a.button, button, summary, .districts__link, .urgent, .leaflet-bar a")]
            .filter(each => each.offsetParent && !each.matches("[data-sheet-toggle]"))
            .filter(each => { const box = each.getBoundingClientRect(); return box.height < 44 || box.width < 44; })
            .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/kvadraty/",
        "/kvadraty/1/",
        "/kvadraty/2/",
        "/kvadraty/3/",
        "/kvadraty/1/mistake/",
        "/account/login/",
        "/nowhere/",
    ],
)
def test_axe_finds_nothing(page: Page, watch: Watch, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    if page.locator("district-map").count():
        page.wait_for_selector("district-map[data-ready]")
    if path == "/nowhere/":
        watch.errors.clear()
    assert axe_violations(page) == []
