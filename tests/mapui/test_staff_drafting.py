"""The staff's page of drafting: what each district would be drawn from, and a draft that opens in the editor."""

import io
from http import HTTPStatus

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from geo.models import BoundaryEdition, EditionPeriod, House, Street
from geo.territories.files import read_territories
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from people.models import Membership, User
from tests.world import LONG_AGO, World

DRAFT = "/staff/kvadraty/territories/draft/"


@pytest.fixture
def listed(world: World) -> World:
    """Twenty houses of the first district, three of the second, none of the third."""
    made = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in range(1, 24):
        House.objects.create(street=made, number=str(number), location=Point(25 + number / 1000, 49.995, srid=4326))
    text = "Дільниця № 1\nвул. Перша: 1–20\nДільниця № 2\nвул. Перша: 21–23\nДільниця № 3\nвул. Невідома: всі"
    record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="перелік", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip
    return world


def sign_in(world: World, client: Client, role: str) -> Client:
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(user=user, city=world.city, role=role)
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def words(client: Client) -> str:
    return " ".join(client.get(DRAFT).content.decode().split())


def test_who_may_open_and_who_may_draw(listed: World, client: Client) -> None:
    for role, may_read, may_draw in (
        ("supervisor", True, False), ("officer", False, False), ("analyst", False, False), ("coordinator", True, True),
    ):  # fmt: skip
        sign_in(listed, client, role)
        assert (client.get(DRAFT).status_code == HTTPStatus.OK) == may_read
        assert (client.get("/staff/kvadraty/territories/streets.csv").status_code == HTTPStatus.OK) == may_read
        assert (client.post(DRAFT).status_code == HTTPStatus.FOUND) == may_draw
    assert BoundaryEdition.objects.count() == 2


def test_the_page_says_what_each_district_would_be_drawn_from(listed: World, client: Client) -> None:
    shown = words(sign_in(listed, client, "coordinator"))
    assert "<strong>23</strong> addresses to draw from" in shown
    assert "<strong>1</strong> district with fewer than 10 addresses" in shown
    assert "<strong>1</strong> district without an address" in shown
    assert shown.index("hardly more than a guess") < shown.index("not drawn: no address")
    assert "no outline yet" in shown


def test_the_draft_opens_in_the_editor_and_is_not_in_force(listed: World, client: Client) -> None:
    response = sign_in(listed, client, "coordinator").post(DRAFT)
    edition = BoundaryEdition.objects.get(number=2)
    assert response["Location"] == reverse("staff_boundary_edit", args=["kvadraty", 2])
    assert edition.recorded_by == "coordinator@example.org"
    assert not EditionPeriod.objects.filter(edition=edition).exists()
    report = client.get(reverse("staff_boundary_report", args=["kvadraty", 2])).content.decode()
    assert "District 2 is drawn from few addresses: 3." in report
    assert "District 3 has no known address: it is not drawn." in report


def test_without_a_list_the_page_says_what_to_do(world: World, client: Client) -> None:
    sign_in(world, client, "coordinator")
    assert "No list of streets is in force" in words(client)
    refused = client.post(DRAFT)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No draft was recorded." in refused.content.decode()
    assert BoundaryEdition.objects.count() == 1


def test_the_lists_of_all_districts_are_downloaded_and_read_again(listed: World, client: Client) -> None:
    sign_in(listed, client, "coordinator")
    table = client.get("/staff/kvadraty/territories/streets.csv")
    assert table.content.startswith(b"\xef\xbb\xbfdistrict;settlement;street;houses;rule\r\n")
    assert [entry.district for entry in read_territories(table.content, name="streets.csv").entries] == ["1", "2"]
    sheet = load_workbook(io.BytesIO(client.get("/staff/kvadraty/territories/streets.xlsx").content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["1", None, "вулиця Перша", "1–20", "list"],
        ["2", None, "вулиця Перша", "21–23", "list"],
    ]


def test_a_formula_in_a_street_name_is_not_run(listed: World, client: Client) -> None:
    Street.objects.filter(city=listed.city).update(name_uk="=HYPERLINK(1)")
    sign_in(listed, client, "coordinator")
    sheet = load_workbook(io.BytesIO(client.get("/staff/kvadraty/territories/streets.xlsx").content)).active
    assert sheet["C2"].value == "'=HYPERLINK(1)"
    assert b";'=HYPERLINK(1);" in client.get("/staff/kvadraty/territories/streets.csv").content
    Street.objects.filter(city=listed.city).update(name_uk="\t=HYPERLINK(1)")
    assert b"'\t=HYPERLINK(1)" in client.get("/staff/kvadraty/territories/streets.csv").content
    for before in ("\u200b", "\ufeff", "\xad\t"):  # nobody sees them, and some programs drop them
        Street.objects.filter(city=listed.city).update(name_uk=f"{before}=HYPERLINK(1)")
        assert f"'{before}=HYPERLINK(1)" in client.get("/staff/kvadraty/territories/streets.csv").content.decode()
