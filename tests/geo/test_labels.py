"""A code stands in the address of its district's page: it breaks none, and every part that keeps one agrees on it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from geo.labels import RESERVED_CODES, is_code
from geo.models import District
from mapui import urls
from tests.world import World

USABLE = ["1", "Д-1", "12/1", "12/1а", "100%", "a b", "№ 7", "+1", "...", "lookups", "x" * 40, "'\"<&"]
UNUSABLE = [
    "", "12/a", "12/", "/12", "1/2/3", "1;2", "1,2", "1?", "1#", "1\\2", "1\n2", "1\t", "\x7f", "\u2028", ".", "..",
    "../1", "./1", "lookup", "write", "mistake", "write/1", "12/write",
]  # fmt: skip


@pytest.mark.parametrize("code", USABLE)
def test_usable_code_has_a_page_an_address_and_a_place_in_the_database(world: World, client: Client, code: str) -> None:
    assert is_code(code)
    District.objects.filter(pk=world.north.pk).update(code=code)
    for name in ("district", "write", "report_mistake"):
        address = reverse(name, args=["kvadraty", code])
        assert client.get(address).status_code == 200, address
    assert client.get("/kvadraty/").status_code == 200


@pytest.mark.parametrize("code", UNUSABLE)
def test_unusable_code_is_refused_by_python_the_database_the_form_and_the_addresses(world: World, code: str) -> None:
    assert not is_code(code)
    with pytest.raises(IntegrityError, match="district_code_usable"), transaction.atomic():
        District.objects.filter(pk=world.north.pk).update(code=code)
    with pytest.raises(ValidationError):
        District(city=world.city, code=code, name_uk="Дільниця").full_clean()
    with pytest.raises(NoReverseMatch):
        reverse("district", args=["kvadraty", code])


def test_words_that_a_city_page_uses_are_reserved() -> None:
    used = set()
    for pattern in urls.urlpatterns:
        first, *rest = str(pattern.pattern).split("/")
        used |= {part for part in rest if part and "<" not in part and first == "<slug:slug>"}
    assert used == RESERVED_CODES


def test_code_with_a_slash_hides_no_page() -> None:
    assert resolve("/kvadraty/12/1/write/").url_name == "write"
    assert resolve("/kvadraty/12/1/").kwargs["code"] == "12/1"
    assert resolve("/kvadraty/lookup/").url_name == "lookup"
