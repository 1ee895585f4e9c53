"""The public pages as a browser without script gets them."""

import datetime
import logging

import pytest
from django.core import signing
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from appeals.card_reports import MAX_REPORTS_PER_DAY
from appeals.models import CardReport
from geo.models import City, House, Street
from geo.names import short_name
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from mapui.forms import PlaceForm
from mapui.templatetags.mapui_tags import icon, language_names, metres
from people.models import Posting
from tests.appeals.letters import new_report
from tests.world import NOON, World, build_world

NORTH_POINT = {"lat": "49.995", "lon": "25.005"}
NEAR_MID = {"lat": "49.995", "lon": "25.0099"}
"""In the north district, 7 m from the border of the middle one."""


def test_lookup_redirects_to_the_card_and_its_address_knows_no_place(client: Client, world: World) -> None:
    response = client.post("/kvadraty/lookup/", NORTH_POINT)
    assert (response.status_code, response["Location"]) == (303, "/kvadraty/1/")


def test_border_cookie_is_signed_short_lived_and_knows_no_place(client: Client, world: World) -> None:
    response = client.post("/kvadraty/lookup/", NEAR_MID)
    cookie = response.cookies["border"]
    assert signing.loads(cookie.value, salt="/kvadraty/") == ["1", [["2", 10]], True]
    assert {key: cookie[key] for key in ("max-age", "httponly", "path", "samesite", "secure")} == {
        "max-age": 600,
        "httponly": True,
        "path": "/kvadraty/",
        "samesite": "Lax",
        "secure": "",
    }
    assert client.post("/kvadraty/lookup/", NEAR_MID, secure=True).cookies["border"]["secure"]


@pytest.mark.parametrize(
    ("lon", "told"), [("25.00999999", "5 м"), ("25.0099", "10 м"), ("25.00988", "10 м"), ("25.0097", "25 м")]
)
def test_distance_to_a_border_is_told_in_steps_of_five_metres(
    client: Client, world: World, lon: str, told: str
) -> None:
    client.post("/kvadraty/lookup/", {"lat": "49.995", "lon": lon})
    page = client.get("/kvadraty/1/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Середня, щонайбільше за {told} звідси" in page


def test_answer_that_repeats_the_typed_place_is_kept_nowhere(client: Client, world: World) -> None:
    for path in ("/", "/kvadraty/lookup/"):
        response = client.post(path, {"q": "вул. Таємна, 7"})
        assert "вул. Таємна, 7" in response.text
        assert "no-store" in response["Cache-Control"]


def test_border_is_told_on_its_own_card_only_and_not_from_a_forged_cookie(client: Client, world: World) -> None:
    client.post("/kvadraty/lookup/", NEAR_MID)
    assert "Ви поруч із межею" in client.get("/kvadraty/1/").text
    assert "Ви поруч із межею" not in client.get("/kvadraty/3/").text
    client.cookies["border"] = signing.dumps(["1", [["2", 5]], True], salt="other")
    assert "Ви поруч із межею" not in client.get("/kvadraty/1/").text


def test_next_lookup_away_from_borders_forgets_the_former(client: Client, world: World) -> None:
    client.post("/kvadraty/lookup/", NEAR_MID)
    client.post("/kvadraty/lookup/", {"lat": "49.995", "lon": "25.004"})
    assert "Ви поруч із межею" not in client.get("/kvadraty/1/").text


def test_lookup_leaves_no_place_in_the_log(client: Client, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/kvadraty/lookup/", {"q": "49.9951, 25.0051"})
    client.post("/kvadraty/lookup/", {"q": "вул. Таємна, 7"})
    client.post("/kvadraty/lookup/", {"lat": "49.9951", "lon": "25.9"})
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "49.9951" not in said
    assert "Таємна" not in said


@pytest.mark.parametrize(
    "typed", ["49.995, 25.005", "49.995 25.005", "49,995; 25,005", " 49.995,25.005 ", "49,995, 25,005"]
)
def test_coordinates_are_understood_as_maps_write_them(world: World, typed: str) -> None:
    form = PlaceForm({"q": typed})
    assert form.is_valid()
    assert form.place([world.city], NOON) == (25.005, 49.995)


@pytest.mark.parametrize(
    "place", [{"q": "NaN, NaN"}, {"lat": "nan", "lon": "25"}, {"lat": "95", "lon": "200"}, {"q": ""}]
)
def test_what_is_no_place_is_told_at_the_field(client: Client, world: World, place: dict[str, str]) -> None:
    response = client.post("/kvadraty/lookup/", place)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.text


def test_reloading_the_lookup_goes_to_the_city(client: Client, world: World) -> None:
    assert client.get("/kvadraty/lookup/")["Location"] == "/kvadraty/"


def test_first_page_finds_a_place_in_any_served_city_but_not_in_training(client: Client, world: World) -> None:
    build_world(slug="training-city", stage="training", west=26.0)
    assert client.post("/", NORTH_POINT)["Location"] == "/kvadraty/1/"
    outside = client.post("/", {"lat": "49.995", "lon": "26.005"})
    assert "поза межами" in outside.text
    build_world("daleki", west=30.0)
    elsewhere = client.post("/kvadraty/lookup/", {"lat": "49.995", "lon": "30.005"}).text
    assert "Це місце в іншому місті: Квадрати" in elsewhere and 'href="/daleki/1/"' in elsewhere
    assert client.post("/training-city/lookup/", {"lat": "49.995", "lon": "26.005"})["Location"] == "/training-city/1/"


@pytest.mark.parametrize("stage", [City.Stage.DRAFT, City.Stage.CLOSED])
def test_city_that_is_not_shown_gets_a_helpful_404(client: Client, world: World, stage: str) -> None:
    City.objects.filter(pk=world.city.pk).update(stage=stage)
    for path in ("/kvadraty/", "/kvadraty/1/", "/nowhere/"):
        response = client.get(path)
        assert response.status_code == 404
        assert 'href="tel:102"' in response.text
        assert "Такої сторінки немає" in response.text


def test_unknown_district_is_a_404(client: Client, world: World) -> None:
    assert client.get("/kvadraty/99/").status_code == 404


def test_city_without_boundaries_in_force_shows_whom_to_call(client: Client, db: None) -> None:
    City.objects.create(slug="new-city", name_uk="Нове", stage="pilot")
    page = client.get("/new-city/").text
    assert "ще не опубліковано" in page
    assert 'href="tel:102"' in page


def test_district_without_anybody_names_the_duty_station_or_else_the_help_lines(client: Client, world: World) -> None:
    assert "tel:+380443000101" in client.get("/kvadraty/3/").text
    world.station.is_duty = False
    world.station.save()
    page = client.get("/kvadraty/3/").text.split("data-answer-body")[1]
    assert 'href="tel:102"' in page.split("districts__")[0]


def test_no_district_of_the_world_has_an_empty_card(client: Client, world: World) -> None:
    Posting.objects.all().delete()
    for code in "123":
        answer = client.get(f"/kvadraty/{code}/").text.split('class="answer"')[1].split('class="districts"')[0]
        assert 'href="tel:' in answer


def test_card_offers_letters_where_they_are_taken(client: Client, world: World) -> None:
    build_world(slug="training-city", stage="training", west=26.0)
    assert "Навчальне місто" in client.get("/training-city/1/").text
    assert "Листи через цей сайт ще не приймають" in client.get("/kvadraty/1/").text
    for takes, offering in ((False, ["training-city"]), (True, ["training-city", "kvadraty"])):
        City.objects.filter(slug="kvadraty").update(takes_letters=takes)
        offered = [slug for slug in ("training-city", "kvadraty") if "<write-link>" in client.get(f"/{slug}/1/").text]
        assert offered == offering


def test_page_is_ukrainian_until_its_reader_chooses(client: Client, world: World) -> None:
    english_browser = {"Accept-Language": "en-US,en;q=0.9"}
    assert '<html lang="uk">' in client.get("/kvadraty/1/", headers=english_browser).text
    chosen = client.post("/language/", {"language": "en", "next": "/kvadraty/1/"})
    assert chosen["Location"] == "/kvadraty/1/"
    page = client.get("/kvadraty/1/").text
    assert '<html lang="en">' in page
    assert "Test Officer 1" in page


def test_no_page_has_inline_style_or_script(client: Client, world: World) -> None:
    for path in ("/", "/kvadraty/", "/kvadraty/1/", "/kvadraty/1/mistake/", "/account/login/", "/nowhere/"):
        page = client.get(path)
        assert " style=" not in page.text, path
        scripts = [tag.split(">")[0] for tag in page.text.split("<script")[1:]]
        assert all("src=" in tag or "application/json" in tag for tag in scripts), path
        assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_report_of_a_mistake_is_kept_without_anything_about_the_reader(client: Client, world: World) -> None:
    assert "Дякуємо" in client.post("/kvadraty/1/mistake/", {"text": "Не той телефон"}).text
    report = CardReport.objects.get()
    assert (report.city, report.district_code, report.text) == (world.city, "1", "Не той телефон")
    assert (report.state, report.email, report.by) == ("new", "", None)


def test_program_that_fills_the_trap_is_thanked_and_forgotten(client: Client, world: World) -> None:
    client.post("/kvadraty/1/mistake/", {"text": "spam", "website": "https://example.org"})
    assert not CardReport.objects.exists()


def test_flood_of_reports_is_stopped(client: Client, world: World) -> None:
    now = datetime.datetime.now(datetime.UTC)
    for _ in range(MAX_REPORTS_PER_DAY):
        new_report(world.city, reported_at=now)
    page = client.post("/kvadraty/1/mistake/", {"text": "ще одне"}).text
    assert "забагато повідомлень" in page
    assert CardReport.objects.count() == MAX_REPORTS_PER_DAY


def test_error_page_needs_no_database(rf: RequestFactory) -> None:
    with translation.override("uk"):
        response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "102" in response.content.decode()


def test_names_and_distances_read_well() -> None:
    with translation.override("uk"):
        told = [metres(n).replace("\N{NO-BREAK SPACE}", " ") for n in (0.2, 7.4, 137, 994, 1240)]
        assert told == ["менш ніж 1 м", "7 м", "140 м", "990 м", "1,2 км"]
        assert language_names(("uk", "en", "xyz")) == "українська, англійська, xyz"
    assert short_name("Дільниця № 12 · Дружба · Схід") == "Дружба · Схід"
    assert short_name("Північна") == "Північна"


def test_icon_is_hidden_from_readers_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in icon("phone")
    assert 'role="img" aria-label="a&lt;b"' in icon("phone", "a<b")
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_the_list_of_streets_decides_for_an_address_that_was_typed_or_chosen(client: Client, world: World) -> None:
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    House.objects.create(street=street, number="1", location=world.in_mid)
    record_territories(
        city=world.city,
        compiled=compile_reading(world.city, read_text("Дільниця 1: вул. Перша")),
        source="test",
        sha256="",
        recorded_at=NOON,
        recorded_by="test",
    )
    for asked, card in (
        ({"q": "Перша 1"}, "1"),
        ({"q": "49.995000, 25.015000 | вулиця Перша, 1"}, "1"),
        ({"q": "вулиця Перша, 1", "lat": "49.995000", "lon": "25.015000"}, "1"),
        ({"lat": "49.995", "lon": "25.015"}, "2"),
        ({"q": "вулиця Перша, 1", "lat": "49.995", "lon": "25.025"}, "3"),
    ):
        for page in ("/kvadraty/lookup/", "/"):
            assert client.post(page, asked)["Location"] == f"/kvadraty/{card}/", asked


def test_a_choice_of_addresses_sends_the_address_with_its_place(client: Client, world: World) -> None:
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    House.objects.create(street=street, number="1", location=world.in_mid)
    assert 'value="49.995000, 25.015000 | вулиця Перша, 1"' in client.post("/kvadraty/lookup/", {"q": "Перша 2"}).text
