"""The pages by which a coordinator opens a city: the kit, the stages, the settings; a city added without a shell."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from geo.models import City
from people.models import Membership, StaffDeed, User
from tests.world import World, build_world

KIT, SETTINGS = "/staff/kvadraty/opening/", "/staff/kvadraty/city/"
NEW = {
    "name_uk": "Полтава", "name_en": "Poltava", "slug": "poltava", "katottg": "", "coordinator": "Перша Людина",
    "email": "first@example.org",
}  # fmt: skip


def typed(city: City, **changes: str) -> dict[str, str]:
    """What the form of settings sends."""
    names = ("name_uk", "name_en", "welcome_uk", "welcome_en", "accent", "data_licence")
    return {name: getattr(city, name) for name in names} | changes


@pytest.fixture
def coordinator(client: Client, world: World) -> Client:
    user = User.objects.create_user("coordinator@example.org", first_name="Пані Координаторка")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    client.force_login(user)
    return client


def test_the_kit_tells_what_is_missing_and_where_it_is_mended(coordinator: Client, world: World) -> None:
    page = coordinator.get(KIT).text
    assert "Редакція 1 перевірена і чинна" in page
    for name in ("staff_boundaries", "staff_addresses", "staff_officers", "staff_phones", "staff_people", "staff_city"):
        assert f'href="{reverse(name, args=["kvadraty"])}"' in page
    assert 'name="to" value="open"' not in page


def test_a_refused_step_names_every_missing_item(coordinator: Client, world: World) -> None:
    page = coordinator.post(f"{KIT}move/", {"to": "open"}, follow=True).text
    assert page.count('class="notice notice--error"') >= 4
    world.city.refresh_from_db()
    assert world.city.stage == "pilot"


def test_a_closed_city_has_no_page_and_the_deed_is_told(coordinator: Client, world: World) -> None:
    assert coordinator.get("/kvadraty/").status_code == 200
    page = coordinator.post(f"{KIT}move/", {"to": "closed"}, follow=True).text
    assert "Пані Координаторка" in page
    assert Client().get("/kvadraty/").status_code == 404


def test_the_admin_neither_moves_a_city_nor_adds_it_in_a_later_stage(client: Client, world: World) -> None:
    client.force_login(User.objects.create_superuser("root@example.org"))
    path = reverse("admin:geo_city_change", args=[world.city.pk])
    page = client.post(path, {"name_uk": "Квадрати", "stage": "open", "data_licence": "CC0-1.0", "accent": "teal"})
    assert page.status_code == 302
    new = {"slug": "nove", "name_uk": "Нове", "stage": "open", "data_licence": "CC0-1.0"}
    assert client.post(reverse("admin:geo_city_add"), new).status_code == 302
    assert dict(City.objects.values_list("slug", "stage")) == {"kvadraty": "pilot", "nove": "draft"}


def test_an_administrator_adds_a_city_and_hands_over_the_link(client: Client, db: None) -> None:
    client.force_login(User.objects.create_superuser("root@example.org"))
    page = client.post("/staff/add-city/", NEW)
    found = re.search(r"http://testserver(/account/invitation/\?key=[\w-]+)", page.text)
    assert found
    invitee = Client()
    invitee.get(found[1])
    words = {"password": "correct horse battery", "again": "correct horse battery"}
    assert invitee.post("/account/invitation/", words)["Location"] == reverse("mfa_activate_totp")
    assert Membership.objects.get().role == "coordinator"
    assert client.post("/staff/add-city/", NEW | {"slug": "staff"}).status_code == 422
    assert City.objects.count() == 1


def test_settings_are_seen_on_the_citys_page(coordinator: Client, world: World) -> None:
    answer = coordinator.post(SETTINGS, typed(world.city, welcome_uk="Вітаємо <b>всіх</b>.", accent="violet"))
    assert answer["Location"] == SETTINGS
    page = Client().get("/kvadraty/").text
    assert "Вітаємо &lt;b&gt;всіх&lt;/b&gt;." in page
    assert 'data-accent="violet"' in page.split("<head>")[0]
    assert StaffDeed.objects.get().facts["after"] == {"welcome_uk": "Вітаємо <b>всіх</b>.", "accent": "violet"}


def test_letters_are_not_taken_without_a_supervisor(coordinator: Client, world: World) -> None:
    page = coordinator.post(SETTINGS, typed(world.city, takes_letters="on"))
    assert page.status_code == 422
    assert "Спершу запросіть керівника" in page.text or "керівник" in page.text
    world.city.refresh_from_db()
    assert not world.city.takes_letters


def test_the_promise_and_the_reading_of_texts_are_one_button_each(coordinator: Client, world: World) -> None:
    assert coordinator.post(f"{SETTINGS}promise/", {"days": "11"}).status_code == 422
    assert coordinator.post(f"{SETTINGS}promise/", {"days": "3"}).status_code == 302
    assert 'value="3"' in coordinator.get(SETTINGS).text
    coordinator.post(f"{SETTINGS}read/")
    world.city.refresh_from_db()
    assert world.city.texts_reviewed_on is None, "nobody was shown what they say they read"
    shown = re.findall(r'name="(read-[^"]+)" value="([^"]*)"', coordinator.get(SETTINGS).text)
    coordinator.post(f"{SETTINGS}read/", dict(shown))
    world.city.refresh_from_db()
    assert world.city.texts_reviewed_on is not None


@pytest.mark.parametrize("role", ["supervisor", "moderator", "officer", "analyst"])
def test_other_roles_and_other_cities_are_kept_out(client: Client, world: World, role: str) -> None:
    user = User.objects.create_user("somebody@example.org")
    Membership.objects.create(user=user, city=world.city, role=role)
    Membership.objects.create(user=user, city=build_world("inshe", west=26.0).city, role="moderator")
    client.force_login(user)
    for path in (KIT, SETTINGS):
        assert client.get(path).status_code == 403
    for path in (f"{KIT}move/", SETTINGS, f"{SETTINGS}promise/", f"{SETTINGS}read/"):
        assert client.post(path, {"to": "closed", "days": "3"}).status_code == 403
    assert client.get("/staff/add-city/").status_code == 403
    assert not StaffDeed.objects.exists()
