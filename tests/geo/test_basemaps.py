"""The map below the districts: of hosts that the operator allows, and of no other."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from geo.basemaps import host_of, is_allowed, refuse_basemap
from geo.checks import check_basemap_hosts
from geo.models import City
from tests.world import World

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.BASEMAP_HOSTS = ["tiles.example.org", "*.tile.example.net"]


@pytest.mark.parametrize(
    "address",
    [
        TILES,
        "https://{s}.tile.example.net/{z}/{x}/{y}{r}.png?key=abc",
        "https://a.tile.example.net/{z}/{x}/{y}.png",
    ],
)
def test_tiles_of_an_allowed_host_are_taken(address: str) -> None:
    refuse_basemap(address)
    assert is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "http://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/", "javascript:alert(1)",
        "https://tiles.example.org/{z}/{x}/{y}/{q}.png", "https://tiles.example.org/{z}/{x}/{y}.png\" onload=\"x",
        "https://elsewhere.example.com/{z}/{x}/{y}.png", "https://tiles.example.org.evil.com/{z}/{x}/{y}.png",
        "https://tiles.example.org@evil.com/{z}/{x}/{y}.png", "https://x.tiles.example.org/{z}/{x}/{y}.png",
        "https://a.b.tile.example.net/{z}/{x}/{y}.png", "https://tiles.example.org:8443/{z}/{x}/{y}.png",
    ],
)  # fmt: skip
def test_whatever_else_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        refuse_basemap(address)


def test_a_host_is_read_as_the_operator_names_it() -> None:
    assert host_of("https://{s}.tile.example.net/{z}/{x}/{y}.png") == "*.tile.example.net"
    assert host_of("https://tiles.example.org") == ""


def test_a_map_says_whose_it_is(world: World) -> None:
    with pytest.raises(IntegrityError, match="city_basemap_is_attributed"), transaction.atomic():
        City.objects.update(basemap_url=TILES)


@pytest.mark.parametrize(
    ("hosts", "faults"),
    [(["tiles.example.org", "*.a.example.org"], 0), (["*", "*.org", "a b.org", "https://a.org"], 4)],
)
def test_the_start_refuses_what_is_no_host(settings: Any, hosts: list[str], faults: int) -> None:
    settings.BASEMAP_HOSTS = hosts
    assert len(check_basemap_hosts()) == faults
