"""The staff's page of addresses: what is known, and an import that is shown before it is done."""

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from geo.models import House, Street, StreetName
from people.models import Membership, User
from tests.world import World, build_world

LIST, PREVIEW, COMMIT = "staff_addresses", "staff_addresses_preview", "staff_addresses_commit"
GOOD = "street,house,lat,lon\nвул. Перша,1,49.995,25.005\nвул. Перша,<b>,49.995,25.005\n"
RENAMES = "old_name,new_name,scope\nПерша,Нова,\nПерша,Інша,кудись\n"


def member(city, role: str) -> User:
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(user=user, city=city, role=role)
    return user


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(member(world.city, "coordinator"))
    client.cookies["language"] = "en"
    return client


def upload(client: Client, text: str | bytes, kind: str = "addresses", name: str = "some.csv", city: str = "kvadraty"):
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse(PREVIEW, args=[city]), {"kind": kind, "file": SimpleUploadedFile(name, content)})


def commit(client: Client, response, city: str = "kvadraty"):
    data = {"kept": response.context["kept"].token, "kind": response.context["kind"]}
    return client.post(reverse(COMMIT, args=[city]), data, follow=True)


def test_who_may_open_and_who_may_change(world: World, client: Client):
    for role, may_read, may_change in (
        ("coordinator", True, True), ("supervisor", True, False), ("officer", False, False), ("analyst", False, False),
    ):  # fmt: skip
        client.force_login(member(world.city, role))
        page = client.get(reverse(LIST, args=["kvadraty"]))
        assert (page.status_code == HTTPStatus.OK) == may_read
        assert (b"multipart/form-data" in page.content) == may_change
        assert (upload(client, GOOD).status_code == HTTPStatus.OK) == may_change
        refused = client.post(reverse(COMMIT, args=["kvadraty"])).status_code == HTTPStatus.FORBIDDEN
        assert refused != may_change


def test_preview_changes_nothing_and_commit_does(coordinator: Client):
    response = upload(coordinator, GOOD)
    text = response.content.decode()
    assert "no house number" in text and "&lt;b&gt;" in text and "<b>" not in text
    assert not House.objects.exists()
    page = commit(coordinator, response).content.decode()
    assert "Done: new house: 1" in page
    assert House.objects.get().street.name_uk == "вулиця Перша"
    assert "Nothing in the file is new" in upload(coordinator, GOOD).content.decode()


def test_renames_are_shown_row_by_row_and_carried_out(coordinator: Client):
    commit(coordinator, upload(coordinator, GOOD))
    response = upload(coordinator, RENAMES, "renames")
    assert "The street is renamed." in response.content.decode()
    assert "is not understood" in response.content.decode()
    commit(coordinator, response)
    assert Street.objects.get().name_uk == "Нова"
    assert StreetName.objects.get().name == "Перша"


@pytest.mark.parametrize("kind", ["addresses", "renames"])
def test_a_file_that_is_none_is_told_on_the_page(coordinator: Client, kind: str):
    response = upload(coordinator, b"\x89PNG\0\0", kind)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The file was not read." in response.content.decode()


def test_no_file_and_a_file_too_large_are_told(coordinator: Client, settings):
    settings.IMPORT_MAX_BYTES = 10
    assert "larger than" in upload(coordinator, GOOD).content.decode()
    response = coordinator.post(reverse(PREVIEW, args=["kvadraty"]), {"kind": "addresses"})
    assert "Choose a file." in response.content.decode()


def test_a_kept_file_serves_its_city_and_person_only(coordinator: Client, world: World):
    elsewhere = build_world("inshe", west=26.0)
    Membership.objects.create(user=User.objects.get(), city=elsewhere.city, role="coordinator")
    page = commit(coordinator, upload(coordinator, GOOD), city="inshe")
    assert "no longer kept" in page.content.decode()
    assert not House.objects.exists()


def test_office_links_to_it(coordinator: Client):
    assert reverse(LIST, args=["kvadraty"]) in coordinator.get(reverse("staff_home")).content.decode()


def test_a_new_street_that_is_called_like_a_known_one_is_asked_about(coordinator: Client, world: World):
    for name in ("вулиця М.Грушевського", "провулок Зелений", "вулиця Київська"):
        Street.objects.create(city=world.city, name_uk=name)
    lines = "\n".join(f"{name},1,49.001,25.001" for name in ("вул. Грушевського", "вул. Зелена", "вул. Київська"))
    response = upload(coordinator, f"street,house,lat,lon\n{lines}\n".encode())
    assert response.context["report"].namesakes == (("вулиця Грушевського", "вулиця М.Грушевського"),)
    assert "вулиця Грушевського: is it вулиця М.Грушевського?" in response.content.decode()
