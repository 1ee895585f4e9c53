"""A coordinator brings a list of streets, sees what is open on the map, decides it and takes it back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.models import City, House, Street, TerritoryList
from people.models import Membership, User
from tests.journeys.conftest import axe_violations
from tests.world import World

TERRITORIES = "/staff/kvadraty/territories/"
TEXT = """Дільниця № 1
вул. Перша: 1, 11; вул. Друва: 2
Дільниця № 2
вул. Перша: 11, 13; ТОВ "Хутір"
Дільниця № 3
вул. Третя
"""


@pytest.fixture(autouse=True)
def private_media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def streets(served: World) -> None:
    """First Street in the northern district, Second and Third in the middle and southern ones."""
    for name, numbers, at in (
        ("Перша", ("1", "11", "13", "15"), served.in_north),
        ("Друга", ("2",), served.in_mid),
        ("Третя", ("5",), served.in_south),
    ):
        street = Street.objects.create(city=served.city, name_uk=f"вулиця {name}")
        for number in numbers:
            House.objects.create(street=street, number=number, location=at)


def paste(page: Page, text: str) -> None:
    page.goto(TERRITORIES)
    page.get_by_role("link", name="Завантажити перелік").click()
    page.get_by_label("Або офіційний текст").fill(text)
    page.get_by_role("button", name="Показати, що прочитано").click()


def bring(page: Page, text: str = TEXT) -> None:
    paste(page, text)
    page.get_by_role("button", name="Ввести в дію").click()
    page.wait_for_selector("report-map[data-ready]")


def matter(page: Page, section: str, words: str):
    return page.locator(f"[aria-labelledby=group-{section}] .finding", has_text=words)


def test_pasted_text_is_shown_put_in_force_decided_and_taken_back(coordinator: Page) -> None:
    paste(coordinator, TEXT)
    expect(coordinator.locator(".source mark")).to_have_text(["вул. Друва: 2", 'ТОВ "Хутір"'])
    expect(coordinator.locator("#piece-1")).to_contain_text("вулиця Друга")
    coordinator.locator(".source mark").first.click()
    expect(coordinator.locator("#piece-1")).to_be_in_viewport()
    assert axe_violations(coordinator) == []
    assert not TerritoryList.objects.exists()
    coordinator.get_by_role("button", name="Ввести в дію").click()

    coordinator.wait_for_selector("report-map[data-ready]")
    assert axe_violations(coordinator) == []
    expect(coordinator.locator("path.finding-place--error")).not_to_have_count(0)
    twice = matter(coordinator, "twice", "вулиця Перша")
    twice.locator("[data-show]").click()
    expect(coordinator.locator("path.finding-ring")).not_to_have_count(0)
    expect(coordinator.locator(".finding.is-shown")).to_contain_text("Претендують дільниці 1 і 2")
    twice.get_by_role("radio", name=re.compile("^2")).check()
    matter(coordinator, "polygon", "13").get_by_label(re.compile("Перелік правильний")).check()
    matter(coordinator, "unknown", "Друва").get_by_label("вулиця Друга").check()
    matter(coordinator, "unassigned", "15").get_by_label("Віддати дільниці").select_option("1")
    coordinator.get_by_label("Чому?").fill("лист дільниці")
    coordinator.get_by_role("button", name="Зберегти рішення").click()

    expect(coordinator.locator(".messages")).to_contain_text("Чинний перелік № 2: 4 рішення.")
    expect(coordinator.locator("[aria-labelledby=group-twice]")).to_have_count(0)
    expect(matter(coordinator, "unknown", "Хутір")).to_have_count(1)

    coordinator.goto(TERRITORIES)
    coordinator.get_by_text("4 рішення").click()
    expect(coordinator.locator(".decided")).to_contain_text("«вул. Друва» — це вулиця Друга")
    assert axe_violations(coordinator) == []
    coordinator.get_by_text("Повернути попередній перелік…").click()
    coordinator.get_by_label("Чому?").fill("помилка")
    coordinator.get_by_role("button", name="Так, повернути").click()
    expect(coordinator.locator(".editions__now")).to_contain_text("Знову № 1")
    assert TerritoryList.objects.count() == 3


def test_table_is_uploaded_and_what_is_open_is_told_by_row(coordinator: Page, tmp_path: Path) -> None:
    table = tmp_path / "streets.csv"
    table.write_text("дільниця;вулиця;будинки\n1;Перша;всі\n2;Невідома;\n", encoding="utf-8")
    coordinator.goto(f"{TERRITORIES}bring/")
    coordinator.locator("input[type=file]").set_input_files(table)
    coordinator.get_by_role("button", name="Показати, що прочитано").click()
    expect(coordinator.locator("#piece-1")).to_contain_text("3")
    coordinator.get_by_role("button", name="Ввести в дію").click()
    expect(coordinator.locator("h1")).to_have_text("Перевірка переліку № 1")


def test_place_on_the_map_leads_to_its_matter(coordinator: Page) -> None:
    bring(coordinator)
    coordinator.locator("path.finding-place--error").first.click(force=True)
    expect(coordinator.locator(".finding.is-shown [data-show]")).to_be_focused()


def test_matters_are_decided_by_keyboard_alone(coordinator: Page) -> None:
    bring(coordinator)
    coordinator.get_by_role("link", name=re.compile("Заявлено двічі")).focus()
    coordinator.keyboard.press("Enter")
    expect(coordinator.locator("[aria-current=page]")).to_contain_text("Заявлено двічі")
    choice = coordinator.get_by_role("radio", name="Поки не вирішувати")
    choice.focus()
    coordinator.keyboard.press("ArrowDown")
    expect(coordinator.get_by_role("radio", name=re.compile("^1"))).to_be_checked()
    for _stop in range(8):
        coordinator.keyboard.press("Tab")
        if coordinator.evaluate("document.activeElement.id") == "reason":
            break
    coordinator.keyboard.type("так домовилися")
    coordinator.keyboard.press("Enter")
    expect(coordinator.locator(".messages")).to_contain_text("1 рішення")
    assert TerritoryList.objects.count() == 2


def test_decision_that_cannot_be_followed_is_told_beside_its_matter(coordinator: Page, watch) -> None:
    bring(coordinator)
    matter(coordinator, "unknown", "Хутір").get_by_label("вулиц").last.fill("Хрещатик")
    coordinator.get_by_label("Чому?").fill("так")
    coordinator.get_by_role("button", name="Зберегти рішення").click()
    expect(coordinator.get_by_role("alert")).to_contain_text("Вулиці «Хрещатик» у довіднику немає.")
    expect(matter(coordinator, "unknown", "Хутір").locator(".field__error")).to_be_visible()
    assert axe_violations(coordinator) == []
    watch.errors.clear()  # Chromium reports the 422


def test_report_fits_a_phone(coordinator: Page) -> None:
    coordinator.set_viewport_size({"width": 390, "height": 844})
    bring(coordinator)
    for path in (TERRITORIES, f"{TERRITORIES}bring/", f"{TERRITORIES}report/"):
        coordinator.goto(path)
        assert coordinator.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert axe_violations(coordinator) == [], path
    for choice in coordinator.locator("label.check").all():
        box = choice.bounding_box()
        assert box and box["height"] >= 44


def test_city_without_polygons_shows_the_places_alone(coordinator: Page, served: World) -> None:
    bare = City.objects.create(slug="bez-mezh", name_uk="Без меж", name_en="No borders", stage="pilot")
    street = Street.objects.create(city=bare, name_uk="вулиця Перша")
    House.objects.create(street=street, number="1", location=served.in_mid)
    Membership.objects.create(user=User.objects.get(), city=bare, role="coordinator")
    coordinator.goto("/staff/bez-mezh/territories/bring/")
    coordinator.get_by_label("Або офіційний текст").fill("Дільниця 1: Перша 1\nДільниця 2: Перша 1")
    coordinator.get_by_role("button", name="Показати, що прочитано").click()
    coordinator.get_by_role("button", name="Ввести в дію").click()
    coordinator.wait_for_selector("report-map[data-ready]")
    expect(coordinator.locator("path.finding-place")).to_have_count(1)
    expect(coordinator.locator("path.district")).to_have_count(0)
