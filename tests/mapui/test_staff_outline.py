"""The page of a city's outline: looked at before it is set, taken from the districts, brought back, taken away."""

import json
import re
from http import HTTPStatus
from pathlib import Path

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from geo.models import BoundaryEdition, City, CityOutline
from people.models import Membership, User
from tests.mapui.boundary_pages import page, sign_in
from tests.world import World

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    return sign_in(client, world, "coordinator")


def looked_at(client: Client, shape: shapely.Geometry) -> HttpResponse:
    file = SimpleUploadedFile("місто.geojson", shapely.to_geojson(shape).encode())
    return client.post(page("staff_outline"), {"file": file, "source": "Рішення 7"})


def agreed(client: Client, looked: HttpResponse) -> HttpResponse:
    """Press what the preview offers, with what its form holds."""
    html = looked.content.decode()
    form = html[html.index(f'action="{page("staff_outline_use")}"') :]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))
    return client.post(page("staff_outline_use"), fields)


def outline_of(world: World) -> object:
    return City.objects.get(pk=world.city.pk).outline


def test_a_file_is_looked_at_and_then_set(world: World, coordinator: Client) -> None:
    looked = looked_at(coordinator, shapely.box(25.0, 49.99, 25.015, 50.0))
    html = looked.content.decode()
    assert looked.status_code == HTTPStatus.OK
    assert "Рішення 7" in html and "1.2</strong> km²" in html
    assert "District 3" in html  # it lies outside
    assert outline_of(world) is None
    assert agreed(coordinator, looked).status_code == HTTPStatus.FOUND
    assert outline_of(world).extent == (25.0, 49.99, 25.015, 50.0)  # type: ignore[attr-defined]
    told = coordinator.get(page("staff_outline")).content.decode()
    assert "Рішення 7" in told and "coordinator@example.org" in told


def test_the_outline_comes_from_the_districts_and_an_earlier_one_comes_back(world: World, coordinator: Client) -> None:
    agreed(coordinator, looked_at(coordinator, shapely.box(25.0, 49.99, 25.015, 50.0)))
    looked = coordinator.post(page("staff_outline"), {"taken": "districts"})
    assert "It agrees with the districts in force everywhere." in looked.content.decode()
    agreed(coordinator, looked)
    assert outline_of(world).extent == (25.0, 49.99, 25.03, 50.0)  # type: ignore[attr-defined]
    agreed(coordinator, coordinator.post(page("staff_outline"), {"taken": "1"}))
    assert outline_of(world).extent == (25.0, 49.99, 25.015, 50.0)  # type: ignore[attr-defined]
    agreed(coordinator, coordinator.post(page("staff_outline"), {"taken": "nothing"}))
    assert outline_of(world) is None
    assert CityOutline.objects.filter(city=world.city).count() == 4


def test_districts_that_were_not_looked_at_are_not_taken(world: World, coordinator: Client) -> None:
    looked = coordinator.post(page("staff_outline"), {"taken": "districts"})
    BoundaryEdition.objects.update(number=7)  # another one came into force meanwhile
    refused = agreed(coordinator, looked)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Another edition is in force by now, № 7." in refused.content.decode()
    assert outline_of(world) is None


def test_the_page_says_what_changes_at_once(world: World, coordinator: Client) -> None:
    looked = coordinator.post(page("staff_outline"), {"taken": "districts"})
    assert "tells the bounds of the city by it" in looked.content.decode()
    agreed(coordinator, looked)
    assert "tells no bounds" in coordinator.post(page("staff_outline"), {"taken": "nothing"}).content.decode()


def test_what_cannot_be_taken_says_why_and_changes_nothing(world: World, coordinator: Client) -> None:
    bow_tie = shapely.Polygon([(25.0, 49.99), (25.03, 50.0), (25.03, 49.99), (25.0, 50.0)])
    answers = [
        (looked_at(coordinator, bow_tie), "crosses itself"),
        (coordinator.post(page("staff_outline"), {}), "Choose a file."),
        (coordinator.post(page("staff_outline"), {"taken": "7"}), "never had this outline"),
        (coordinator.post(page("staff_outline"), {"kept": "forged"}), "no longer kept"),
    ]
    for answer, says in answers:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert says in answer.content.decode()
    assert outline_of(world) is None


def test_a_city_without_districts_is_offered_a_file_alone(world: World, coordinator: Client) -> None:
    empty = City.objects.create(slug="inshe", name_uk="Інше")
    Membership.objects.create(user=User.objects.get(email="coordinator@example.org"), city=empty, role="coordinator")
    html = coordinator.get(page("staff_outline").replace("kvadraty", "inshe")).content.decode()
    assert 'name="file"' in html and 'value="districts"' not in html and "has no outline yet" in html


def test_supervisors_look_and_set_nothing(world: World, client: Client) -> None:
    sign_in(client, world, "supervisor")
    assert 'name="file"' not in client.get(page("staff_outline")).content.decode()
    for name in ("staff_outline", "staff_outline_use"):
        assert client.post(page(name), {"taken": "districts"}).status_code == HTTPStatus.FORBIDDEN


def test_the_map_draws_the_outline_over_the_districts(world: World, coordinator: Client) -> None:
    looked = coordinator.post(page("staff_outline"), {"taken": "districts"}).content.decode()
    (drawn,) = re.findall(r'id="report-outline"[^>]*>([^<]+)<', looked)
    assert json.loads(drawn)["type"] == "Polygon"
    number = BoundaryEdition.objects.get().number
    assert f'data-districts="{page("staff_boundary_districts", number)}"' in looked
