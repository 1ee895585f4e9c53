"""How tests bring boundaries to the staff's pages."""

import json
from http import HTTPStatus

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from geo.models import BoundaryEdition
from people.models import Membership, User
from tests.world import World, square

SQUARES = {"1": square(25.0, 49.99), "2": square(25.01, 49.99), "3": square(25.02, 49.99)}


HOLED = SQUARES | {"2": shapely.box(25.011, 49.99, 25.02, 50.0), "4": shapely.box(25.0, 50.0, 25.03, 50.01)} | {
    "5": shapely.box(25.0, 49.98, 25.03, 49.99)
}  # fmt: skip
"""A gap of about 72 m between 1 and 2, closed all around."""


def page(name: str, *args: object) -> str:
    return reverse(name, args=["kvadraty", *args])


def sign_in(client: Client, world: World, role: str) -> Client:
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(user=user, city=world.city, role=role)
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def geojson(shapes: dict[str, shapely.Geometry], field: str = "code") -> bytes:
    features = [
        {"type": "Feature", "properties": {field: code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(client: Client, content: bytes, **options: object) -> HttpResponse:
    file = SimpleUploadedFile("межі.geojson", content)
    return client.post(page("staff_boundaries_upload"), {"file": file, "source": "Рішення 7", **options})


def draft(client: Client, shapes: dict[str, shapely.Geometry] | None = None) -> BoundaryEdition:
    response = upload(client, geojson(shapes or SQUARES))
    assert response.status_code == HTTPStatus.FOUND, response.content.decode()
    return BoundaryEdition.objects.latest("number")


def text_of(client: Client, name: str, *args: object) -> str:
    response = client.get(page(name, *args))
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()
