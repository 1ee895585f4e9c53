"""A city with nothing but a table of streets: commands open it, its addresses find their officers."""

import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from appeals.drafts import Draft
from appeals.services import submit_appeal
from geo.addresses.resolving import resolve_address
from geo.models import BoundaryEdition, City, House, Settlement, Street, TerritoryList, TerritoryRule
from people.models import Membership, User

pytestmark = pytest.mark.django_db

TABLE = """дільниця;населений пункт;вулиця;будинки
1;м. Полтава;вул. Соборності;1–20
1;м. Полтава;пров. Тихий;
1;м. Полтава;ТОВ "Світанок";
2;м. Полтава;вул. Соборності;від 21 до кінця
2;м. Полтава;вул.Гетьмана І. Мазепи;парні
2;м. Полтава;Мазепи;непарні
2;с. Розсошенці;вул. Кременчуцька;
1;Терешки;;
"""
OFFICERS = """ПІБ,Телефон,Дільниця
Тестова Олена,050 111 22 33,1
Тестовий Іван,050 111 22 44,2
"""


def manage(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "streets.csv").write_text(TABLE)
    (tmp_path / "officers.csv").write_text(OFFICERS)
    manage("add_city", "poltava", "--name-uk", "Полтава", "--stage", "pilot")
    return tmp_path / "streets.csv"


@pytest.fixture
def city(table: Path) -> City:
    manage("import_territories", str(table), "--city", "poltava", "--add-streets", "--commit")
    manage("import_officers", str(table.with_name("officers.csv")), "--city", "poltava", "--commit")
    return City.objects.get(slug="poltava")


def ask(client: Client, **query: str):
    return client.get("/api/v1/lookup/", query, headers={"Accept-Language": "en"})


def test_a_preview_lists_the_new_streets_and_records_none(table: Path) -> None:
    said = manage("import_territories", str(table), "--city", "poltava", "--add-streets")
    for street in (
        "вулиця Соборності",
        "провулок Тихий",
        "вулиця Гетьмана І. Мазепи",
        "Розсошенці, вулиця Кременчуцька",
    ):
        assert f"\n  {street}\n" in said
    assert "Нових вулиць: 4" in said
    assert "Нових населених пунктів: 2\n  Розсошенці\n  Терешки\n" in said
    assert "Назв, які пропущено: 1" in said and '\n  ТОВ "Світанок"' in said
    assert "Записів: 8, з них правил: 7." in said
    assert not Street.objects.exists()


def test_without_the_flag_no_street_is_recorded(table: Path) -> None:
    said = manage("import_territories", str(table), "--city", "poltava")
    assert "Вулиці, яких немає в довіднику: 8" in said
    assert not Street.objects.exists()


def test_the_same_table_twice_doubles_no_street(city: City, table: Path) -> None:
    said = manage("import_territories", str(table), "--city", "poltava", "--add-streets", "--commit")
    assert "Нових вулиць: 0" in said
    assert (Street.objects.count(), TerritoryList.objects.count()) == (4, 2)


@pytest.mark.parametrize(
    ("address", "district", "officer"),
    [
        ("Соборності 12", "1", "Тестова Олена"),
        ("вул. Соборності, 33а", "2", "Тестовий Іван"),
        ("мазепи 7", "2", "Тестовий Іван"),
        ("Тихий пров., 5", "1", "Тестова Олена"),
        ("Розсошенці, вул. Кременчуцька, 8", "2", "Тестовий Іван"),
        ("с. Терешки, вул. Будь-яка, 3", "1", "Тестова Олена"),
        ("Терешки, 3", "1", "Тестова Олена"),
        ("Терешки", "1", "Тестова Олена"),
    ],
)
def test_an_address_finds_its_officer(city: City, client: Client, address: str, district: str, officer: str) -> None:
    body = ask(client, city="poltava", address=address).json()
    assert (body["district"]["code"], body["rule"], body["edition"]) == (district, "territory_list", None)
    assert body["officers"][0]["name"] == officer
    assert body["address"]["match"] == "listed"

    client.cookies["language"] = "en"
    response = client.post("/poltava/lookup/", {"q": address}, follow=True)
    assert response.redirect_chain == [(f"/poltava/{district}/", 303)]
    page = response.content.decode()
    assert officer in page
    assert ("This house is not in our directory, but" in page) == (address != "Терешки")
    assert "Соборності" not in str(client.cookies)
    assert "This house is not in our directory" not in Client().get(f"/poltava/{district}/").content.decode()


def test_streets_are_offered_while_an_address_is_typed(city: City, client: Client) -> None:
    def offered(q: str) -> list[tuple[str, str, float | None]]:
        found = client.post("/api/v1/addresses/", {"q": q, "city": "poltava"}).json()
        return [(each["label"], each["match"], each["lat"]) for each in found]

    assert offered("собор") == [("вулиця Соборності", "street", None)]
    assert offered("вулиця Соборності, ") == [("вулиця Соборності", "street", None)]
    assert offered("вулиця Соборності, 12") == [("вулиця Соборності, 12", "listed", None)]


def test_a_mistyped_street_is_asked_about_and_the_choice_is_answered(city: City, client: Client) -> None:
    assert ask(client, city="poltava", address="Соборнсті 12").status_code == 300
    response = client.post("/poltava/lookup/", {"q": "Соборнсті 12"})
    [choice] = response.context["form"].choices
    assert choice.label == "вулиця Соборності, 12"
    street = Street.objects.get(name_uk="вулиця Соборності")
    assert choice.place == f"@{street.pk} | вулиця Соборності, 12"
    assert client.post("/poltava/lookup/", {"q": choice.place})["Location"] == "/poltava/1/"


def test_one_of_two_streets_of_a_name_is_chosen(city: City, client: Client, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text(f"{TABLE}1;м. Полтава;вул. Кременчуцька;\n")
    manage("import_territories", str(tmp_path / "more.csv"), "--city", "poltava", "--add-streets", "--commit")
    choices = client.post("/poltava/lookup/", {"q": "Кременчуцька, 8"}).context["form"].choices
    went = {choice.label: client.post("/poltava/lookup/", {"q": choice.place})["Location"] for choice in choices}
    assert went == {"вулиця Кременчуцька, 8": "/poltava/1/", "Розсошенці, вулиця Кременчуцька, 8": "/poltava/2/"}


def test_a_known_house_in_the_street_answers_nobody_who_asks_for_the_lane(city: City, client: Client) -> None:
    street = Street.objects.create(city=city, name_uk="вулиця Тихий")
    House.objects.create(street=street, number="5", location=Point(34.55, 49.59, srid=4326))
    body = ask(client, city="poltava", address="пров. Тихий, 5").json()
    assert (body["address"]["street"], body["district"]["code"]) == ("провулок Тихий", "1")


def test_a_known_street_of_the_city_is_found_where_its_microdistrict_is_said(city: City, client: Client) -> None:
    Settlement.objects.filter(name_uk="Терешки").update(kind=Settlement.Kind.QUARTER)
    body = ask(client, city="poltava", address="Терешки, вул. Соборності, 33").json()
    assert (body["address"]["street"], body["district"]["code"]) == ("вулиця Соборності", "2")
    assert ask(client, city="poltava", address="Терешки, вул. Будь-яка, 3").json()["district"]["code"] == "1"


def test_a_house_that_no_rule_names_is_not_guessed(city: City, table: Path, client: Client) -> None:
    table.write_text(TABLE.replace("2;м. Полтава;вул. Соборності;від 21 до кінця\n", ""))
    manage("import_territories", str(table), "--city", "poltava", "--commit")
    assert ask(client, city="poltava", address="Соборності 33").status_code == 404
    client.cookies["language"] = "en"
    page = client.post("/poltava/lookup/", {"q": "Соборності 33"})
    assert "We know the street, but not this house: вулиця Соборності." in page.content.decode()
    unknown = client.post("/poltava/lookup/", {"q": "Небувала 33"}).context["form"].errors["q"]
    assert unknown == ["We do not know this address. Check the spelling, or find your district in the list."]
    assert page.status_code == 200


def test_a_village_whose_street_another_district_serves_is_answered_by_its_known_streets_only(
    city: City, client: Client, tmp_path: Path
) -> None:
    for street in ("вул. Нова", "Нова"):  # the second is left out: nothing says that it is a street
        (tmp_path / "next.csv").write_text(f"{TABLE}2;Терешки;{street};\n")
        manage("import_territories", str(tmp_path / "next.csv"), "--city", "poltava", "--add-streets", "--commit")
        assert ask(client, city="poltava", address="Терешки, вул. Новаторська, 3").status_code != 200
        Street.objects.filter(name_uk="вулиця Нова").delete()


def test_a_point_is_answered_with_the_way_to_ask(city: City, client: Client) -> None:
    response = ask(client, city="poltava", lat="49.59", lon="34.55")
    assert (response.status_code, response.json()["type"]) == (404, "urn:dilnychnyi:answers-by-address-only")
    assert "by address only" in response.json()["title"]
    client.cookies["language"] = "en"
    page = client.post("/poltava/lookup/", {"lat": "49.59", "lon": "34.55"}).content.decode()
    assert "answers by address only" in page


def test_the_citys_page_lists_its_districts_and_says_that_no_borders_are_drawn(city: City, client: Client) -> None:
    client.cookies["language"] = "en"
    page = client.get("/poltava/").content.decode()
    assert 'href="/poltava/1/"' in page
    assert 'href="/poltava/2/"' in page
    assert "The borders of the districts are not drawn yet: type your address." in page
    assert 'data-districts=""' in page
    assert client.get("/poltava/3/").status_code == 404


def test_its_coordinator_reads_that_people_are_answered_without_an_edition(city: City, client: Client) -> None:
    user = User.objects.create_user("coordinator@example.org")
    without_list = City.objects.create(slug="nova", name_uk="Нова")
    for each in (city, without_list):
        Membership.objects.create(user=user, city=each, role="coordinator")
        BoundaryEdition.objects.create(city=each, number=1, source="Чернетка", recorded_at=timezone.now())
    client.force_login(user)
    client.cookies["language"] = "en"
    told = "people find their officer by the address alone"
    assert told in client.get("/staff/poltava/boundaries/").content.decode()
    assert told not in client.get("/staff/nova/boundaries/").content.decode()


def test_a_list_that_is_replaced_takes_its_districts_away(city: City, client: Client, tmp_path: Path) -> None:
    (tmp_path / "next.csv").write_text("дільниця;вулиця\n1;вул. Соборності\n")
    manage("import_territories", str(tmp_path / "next.csv"), "--city", "poltava", "--commit")
    assert client.get("/poltava/1/").status_code == 200
    assert client.get("/poltava/2/").status_code == 404


def test_a_letter_goes_to_the_officer_of_a_listed_district_without_a_map(city: City, client: Client) -> None:
    City.objects.update(stage="training")
    assert "<place-mark" not in client.get("/poltava/1/write/").content.decode()
    sent = submit_appeal(
        city=City.objects.get(),
        draft=Draft(district="1", category="noise", text="Гучно щоночі."),
        idempotency_key=str(uuid.uuid4()),
        received_at=timezone.now(),
    )
    assert (sent.appeal.edition, sent.appeal.officer and sent.appeal.officer.name_uk) == (None, "Тестова Олена")


def test_a_street_with_initials_behind_it_is_asked_about_beside_its_namesake_in_a_village(
    city: City, client: Client, tmp_path: Path
) -> None:
    table = tmp_path / "namesakes.csv"
    table.write_text("дільниця;вулиця\n1;вул. Шевченка Т.Г.\n2;с. Петрівка: вул. Шевченка\n")
    manage("import_territories", str(table), "--city", "poltava", "--add-streets", "--commit")
    page = client.post("/poltava/lookup/", {"q": "Шевченка 14"})
    assert [choice.label for choice in page.context["form"].choices] == [
        "Петрівка, вулиця Шевченка, 14", "вулиця Шевченка Т.Г., 14"
    ]  # fmt: skip


def test_a_list_that_says_two_names_records_the_present_one_and_finds_both(
    city: City, client: Client, tmp_path: Path
) -> None:
    table = "дільниця;вулиця;будинки\n1;вул. Гагаріна (нині Героїв Крут);1-9\n2;вул. Злуки (колишня Жовтнева);\n"
    path = tmp_path / "two_names.csv"
    path.write_text(table)
    manage("import_territories", str(path), "--city", "poltava", "--add-streets", "--commit")
    names = set(Street.objects.filter(city=city).values_list("name_uk", flat=True))
    assert {"вулиця Героїв Крут", "вулиця Злуки"} <= names and "вулиця Гагаріна" not in names
    for typed, code in (("Героїв Крут, 5", "1"), ("вул. Гагаріна, 5", "1"), ("Жовтнева 3", "2")):
        assert ask(client, address=typed, city="poltava").json()["district"]["code"] == code


def test_a_name_that_a_list_calls_former_is_no_street_of_its_own(city: City, tmp_path: Path) -> None:
    path = tmp_path / "former.txt"
    path.write_text("вул. Гагаріна: 1-9; вул. Гагаріна, нині Героїв Крут: 11; вул. Злуки кол. Жовтнева 2; Жовтнева: 4")
    manage("import_territories", str(path), "--district", "1", "--city", "poltava", "--add-streets", "--commit")
    named = dict(TerritoryRule.objects.filter(territory_list__number=2).values_list("text", "street__name_uk"))
    assert named == {
        "вул. Гагаріна: 1-9": "вулиця Героїв Крут",
        "вул. Гагаріна, нині Героїв Крут: 11": "вулиця Героїв Крут",
        "вул. Злуки кол. Жовтнева 2": "вулиця Злуки",
        "Жовтнева: 4": "вулиця Злуки",
    }
    assert not Street.objects.filter(city=city, name_uk__in=["вулиця Гагаріна", "вулиця Жовтнева", "Жовтнева"]).exists()


def test_a_known_house_is_asked_about_where_the_list_names_a_lane_of_that_name_too(city: City, tmp_path: Path) -> None:
    street = Street.objects.create(city=city, name_uk="вулиця Шевченка")
    House.objects.create(street=street, number="5", location=Point(34.5, 49.6, srid=4326))
    path = tmp_path / "two.csv"
    path.write_text("дільниця;вулиця;будинки\n1;вул. Шевченка;\n2;пров. Шевченка;\n")
    manage("import_territories", str(path), "--city", "poltava", "--add-streets", "--commit")
    now = timezone.now()
    asked = resolve_address(city, "Шевченка 5", at=now)
    assert asked.match is None
    assert {one.street for one in asked.candidates} == {"вулиця Шевченка", "провулок Шевченка"}
    said = resolve_address(city, "провулок Шевченка 5", at=now).match
    assert said and said.district == "2"
    lane = Street.objects.get(city=city, name_uk="провулок Шевченка")
    House.objects.create(street=lane, number="1", location=Point(34.5, 49.6, srid=4326))
    sure = resolve_address(city, "Шевченка 5", at=now).match
    assert sure and sure.street == "вулиця Шевченка"  # the lane's houses are known, and it has no number 5
    path.write_text("дільниця;вулиця;будинки\n1;вул. Шевченка;\n2;пров. Шевченка;1, 5\n")
    manage("import_territories", str(path), "--city", "poltava", "--commit")
    asked = resolve_address(city, "Шевченка 5", at=timezone.now())
    assert [(one.street, one.district) for one in asked.candidates] == [
        ("вулиця Шевченка", ""),
        ("провулок Шевченка", "2"),
    ]


def test_a_known_house_is_asked_about_where_the_list_names_a_lane_that_nobody_knows(city: City, tmp_path: Path) -> None:
    street = Street.objects.create(city=city, name_uk="вулиця Шевченка")
    House.objects.create(street=street, number="5", location=Point(34.5, 49.6, srid=4326))
    path = tmp_path / "two.csv"
    path.write_text("дільниця;вулиця;будинки\n1;вул. Шевченка;\n2;пров. Шевченка;1-9\n2;пров. Шевченкові;\n")
    manage("import_territories", str(path), "--city", "poltava", "--commit")
    now = timezone.now()
    asked = resolve_address(city, "Шевченка 5", at=now)
    assert (asked.match, [one.street for one in asked.candidates]) == (None, ["вулиця Шевченка"])
    House.objects.create(street=street, number="11", location=Point(34.5, 49.6, srid=4326))
    for typed in ("вул. Шевченка 5", "Шевченка 11"):
        assert (match := resolve_address(city, typed, at=now).match) and match.sure
