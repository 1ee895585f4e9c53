"""A city's own logo and map, as its coordinator gives them and everybody sees them."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile

from geo.models import City
from people.models import Membership, StaffDeed, User
from tests.appeals.pictures import CANARY, picture
from tests.mapui.test_staff_opening import SETTINGS, typed
from tests.world import World

LOGO = f"{SETTINGS}logo/"
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def coordinator(client: Client, world: World, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    settings.BASEMAP_HOSTS = ["tiles.example.org"]
    user = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    client.force_login(user)
    return client


def upload(client: Client, content: bytes, name: str = "logo.png") -> Any:
    return client.post(LOGO, {"logo": SimpleUploadedFile(name, content), "to": "save"})


def drawn(mode: str = "RGBA", size: tuple[int, int] = (900, 300)) -> bytes:
    file = io.BytesIO()
    picture(mode, size).save(file, "PNG", comment=CANARY.decode())
    return file.getvalue() + CANARY


def test_a_logo_is_drawn_anew_and_stands_in_the_header(
    coordinator: Client, world: World, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert upload(coordinator, drawn())["Location"] == SETTINGS
    [kept] = (tmp_path / "logos").iterdir()
    assert CANARY not in kept.read_bytes()
    with Image.open(kept) as logo:
        assert (logo.format, logo.mode, logo.size) == ("PNG", "RGB", (432, 144))
    page = Client().get("/kvadraty/").text
    assert re.search(r'<img class="site-logo" src="/media/logos/\w+\.png" alt="Квадрати" height="36">', page)
    assert "site-logo" not in Client().get("/").text
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(LOGO, {"to": "remove"})
    assert not list((tmp_path / "logos").iterdir())
    assert "site-logo" not in Client().get("/kvadraty/").text
    assert StaffDeed.objects.filter(deed="settings").count() == 2


def test_a_drawing_that_could_run_is_refused_in_words(coordinator: Client, world: World, tmp_path: Path) -> None:
    page = upload(coordinator, SVG, "logo.svg")
    assert page.status_code == 422
    assert "Файл SVG може містити програми" in page.text
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as WeasyPrint leaves it in a process that has printed a report
    for content in (b"", b"no picture", drawn()[:200]):
        assert upload(coordinator, content).status_code == 422
    assert not City.objects.get().logo
    assert not list(tmp_path.rglob("*.png"))


def test_pages_of_letters_show_no_logo(coordinator: Client, world: World) -> None:
    upload(coordinator, drawn())
    page = Client().get("/kvadraty/1/write/", follow=True).text
    assert "letter-flow" in page
    assert "site-logo" not in page


def test_a_city_chooses_its_map_among_the_hosts_that_the_operator_allows(
    coordinator: Client, world: World, settings: Any
) -> None:
    own = {"basemap_url": TILES, "basemap_attribution": '[© Ми](https://example.org/) <img src=x onerror="1">'}
    assert coordinator.post(SETTINGS, typed(world.city, **own))["Location"] == SETTINGS
    page = Client().get("/kvadraty/").text
    assert f'data-basemap="{TILES}"' in page
    told = page.split('data-attribution="')[1].split('"')[0]
    assert told.startswith("&lt;a href=&quot;https://example.org/&quot;")
    assert "<img src=x" not in page
    assert "&lt;img" not in told
    settings.BASEMAP_HOSTS = []
    assert 'data-basemap=""' in Client().get("/kvadraty/").text


def test_another_host_or_a_map_of_nobody_is_refused_beside_its_field(coordinator: Client, world: World) -> None:
    for own in (
        {"basemap_url": "https://elsewhere.example.org/{z}/{x}/{y}.png", "basemap_attribution": "Ми"},
        {"basemap_url": TILES, "basemap_attribution": ""},
    ):
        assert coordinator.post(SETTINGS, typed(world.city, **own)).status_code == 422
    assert not City.objects.get().basemap_url
