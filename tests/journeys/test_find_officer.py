"""Who is my district officer? By mouse, keyboard, location and list; with and without script."""

import re

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from geo.models import House, Street
from tests.journeys.conftest import Watch, axe_violations, open_map
from tests.world import World

NORTH, MID, SOUTH = "Північна", "Середня", "Південна"


def click_district(page: Page, name: str, *, from_right: float | None = None) -> None:
    """Click in the middle of a district, or some pixels left of its eastern border."""
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    x = box["x"] + (box["width"] / 2 if from_right is None else box["width"] - from_right)
    page.mouse.click(x, box["y"] + box["height"] * 0.3)


def expect_card(page: Page, district: str) -> None:
    expect(page.locator("[data-answer-title]")).to_have_text(district)


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


def test_click_outside_names_the_nearest_district_and_the_emergency_numbers(on_map: Page) -> None:
    box = on_map.get_by_role("button", name=SOUTH, exact=True).bounding_box()
    assert box
    on_map.mouse.click(box["x"] + box["width"] + 12, box["y"] + box["height"] / 2)
    expect_card(on_map, "Це місце поза межами наших дільниць")
    expect(on_map.locator(".answer")).to_contain_text(SOUTH)
    expect(on_map.locator(".answer .help-line").filter(has_text="102")).to_be_visible()
    expect(on_map).to_have_url(re.compile(r"/kvadraty/$"))


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


def test_lost_connection_is_told_and_the_page_stays(on_map: Page, context: BrowserContext, watch: Watch) -> None:
    context.set_offline(True)
    click_district(on_map, NORTH)
    expect(on_map.locator("[data-message]")).to_contain_text("Немає зв’язку")
    expect(on_map.locator(".map-pin-icon")).to_have_count(0)
    context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in watch.errors)
    watch.errors.clear()


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
