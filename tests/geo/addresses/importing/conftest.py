"""A city to bring addresses into, and a hand that writes the files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from geo.models import City, House

GOOD = "street,house,lat,lon\nвул. Руська,1,49.55,25.59\nвул. Руська,3А,49.551,25.591\n"
Writer = Callable[..., Path]


@pytest.fixture
def city() -> City:
    return City.objects.create(slug="ternopil", name_uk="Тернопіль", name_en="Ternopil", stage="open")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a text to a file and return where."""

    def write(text: str, name: str = "addresses.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


def rows() -> list[tuple[str, str, str, float, float]]:
    """All that is known of houses."""
    return sorted(
        (str(house.street.settlement or ""), house.street.name_uk, house.number, house.location.x, house.location.y)
        for house in House.objects.select_related("street__settlement")
    )
