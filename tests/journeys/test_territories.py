"""Streets of a district on a sheet for a door; polygons drafted from a list; in a real browser."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone
from playwright.sync_api import Page, expect

from geo.models import BoundaryEdition, House, Street
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from tests.journeys.conftest import axe_violations
from tests.world import LONG_AGO, World

LIST = """Дільниця № 1
вул. Перша: 1–11; вул. Лесі Українки: непарні
Дільниця № 2
вул. Перша: 12–28; вул. Лесі Українки: парні
Дільниця № 3
вул. Довга: 1, 3
"""


@pytest.fixture(autouse=True)
def listed(served: World) -> World:
    """Houses along three streets, and a list in force for them; the third district has two houses."""
    for name, numbers, lat in (
        ("вулиця Перша", range(1, 29), 49.995), ("вулиця Лесі Українки", range(1, 20), 49.997),
        ("вулиця Довга", range(1, 4, 2), 49.993),
    ):  # fmt: skip
        street = Street.objects.create(city=served.city, name_uk=name)
        for number in numbers:
            lon = 25.02 + number / 1000 if name == "вулиця Довга" else 25.0005 + number / 1000
            House.objects.create(street=street, number=str(number), location=Point(lon, lat, srid=4326))
    served.city.outline = MultiPolygon(Polygon.from_bbox((25.0, 49.99, 25.03, 50.0)), srid=4326)
    served.city.save()
    record_territories(
        city=served.city, compiled=compile_reading(served.city, read_text(LIST)), source="перелік 2026 року", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip
    return served


def test_a_card_leads_to_the_streets_and_they_print_on_a_sheet(page: Page) -> None:
    page.goto("/kvadraty/1/")
    link = page.get_by_role("link", name="Вулиці дільниці")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kvadraty/1/streets/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Північна")
    expect(page.locator(".streets__one")).to_have_text([
        re.compile(r"вулиця Лесі Українки\s+непарні"), re.compile(r"вулиця Перша\s+1–11\s*$"),
    ])  # fmt: skip
    assert axe_violations(page) == []
    expect(page.get_by_role("button", name="Друкувати")).to_be_visible()
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("link", name="Картка дільничного")).to_be_hidden()
    expect(page.locator(".serving")).to_contain_text("Тестовий Офіцер 1")
    expect(page.locator(".streets__one")).to_have_count(2)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheet)) == 1
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", sheet)


def test_a_district_without_houses_says_so(page: Page, listed: World) -> None:
    House.objects.all().delete()
    page.goto("/kvadraty/3/streets/")
    expect(page.get_by_text("вулиця Довга")).to_be_visible()  # the list tells of it
    record_territories(
        city=listed.city, compiled=compile_reading(listed.city, read_text("Дільниця № 1\nвул. Перша")), source="",
        sha256="", recorded_at=timezone.now(), recorded_by="tests",
    )  # fmt: skip
    page.reload()
    expect(page.get_by_text("Жодного будинку цієї дільниці ще не відомо")).to_be_visible()
    expect(page.get_by_role("link", name="Показати дільницю на карті")).to_be_visible()
    assert axe_violations(page) == []


def test_a_coordinator_drafts_polygons_from_the_list_and_comes_to_the_editor(coordinator: Page) -> None:
    coordinator.goto("/staff/kvadraty/boundaries/")
    coordinator.get_by_role("link", name="За переліком вулиць").click()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Накреслити полігони за переліком")
    expect(coordinator.get_by_role("row", name=re.compile("3 Південна"))).to_contain_text("радше здогад")
    assert axe_violations(coordinator) == []
    button = coordinator.get_by_role("button", name="Накреслити чернетку")
    button.focus()
    coordinator.keyboard.press("Enter")
    expect(coordinator).to_have_url(re.compile(r"/staff/kvadraty/boundaries/2/edit/$"))
    expect(coordinator.get_by_role("status").filter(has_text="Чернетку № 2 записано")).to_be_visible()
    expect(coordinator.locator(".leaflet-interactive").first).to_be_visible()
    assert BoundaryEdition.objects.get(number=2).boundaries.count() == 3


def test_a_city_without_a_list_is_told_what_to_do_first(coordinator: Page, served: World) -> None:
    served.city.territory_lists.update(period=(LONG_AGO, LONG_AGO + datetime.timedelta(days=1)))
    coordinator.goto("/staff/kvadraty/territories/draft/")
    expect(coordinator.get_by_text("Немає чинного переліку вулиць")).to_be_visible()
    expect(coordinator.get_by_role("button", name="Накреслити чернетку")).to_have_count(0)
    assert axe_violations(coordinator) == []


def test_the_lists_of_all_districts_are_downloaded(coordinator: Page) -> None:
    coordinator.goto("/staff/kvadraty/territories/draft/")
    for kind in ("XLSX", "CSV"):
        with coordinator.expect_download() as download:
            coordinator.get_by_role("link", name=kind).click()
        assert download.value.suggested_filename == f"kvadraty-streets.{kind.lower()}"
        assert Path(download.value.path()).stat().st_size > 100
