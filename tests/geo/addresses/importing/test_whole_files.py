"""Real lists of addresses, and any list at all: twice is once."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.addresses.importing import import_addresses
from geo.models import City, House, Street, StreetName
from tests.geo.addresses.importing.conftest import rows

pytestmark = pytest.mark.django_db


def test_every_address_of_ternopil_comes_in_once(city: City, shared_data: Path) -> None:
    path = shared_data / "ternopil" / "addresses.csv"
    report = import_addresses(city, path, commit=True)
    with path.open(encoding="utf-8") as file:
        assert House.objects.count() + report.refused + report.counts.repeated_houses == len(list(csv.DictReader(file)))
    assert report.refused == 0
    assert import_addresses(city, path, commit=True).counts.is_nothing


def test_addresses_of_kyiv_in_one_column(shared_data: Path) -> None:
    kyiv = City.objects.create(slug="kyiv", name_uk="Київ", name_en="Kyiv", stage="open")
    path = shared_data / "kyiv" / "addresses_2016.csv"
    report = import_addresses(kyiv, path, commit=True)
    assert report.refused <= 260  # bus stops and crossroads, which have no number
    assert any("far from the city" in refusal.reason for refusal in report.refusals)
    assert Street.objects.filter(name_uk__iexact="Андріївський узвіз").exists()
    assert import_addresses(kyiv, path, commit=True).counts.is_nothing


names = st.builds(
    "{}{}{}".format,
    st.sampled_from(["вул. ", "вулиця ", "проспект ", "", "пров. "]),
    st.sampled_from(["Руська", "Злуки", "Миру", "Лесі Українки"]),
    st.sampled_from(["", " вулиця"]),
)
numbers = st.sampled_from(["1", "2", "2а", "2-А", "3/5", "4 корп. 1", "б/н", "12-26"])
coordinates = st.sampled_from(["49.55", "49.56", "25.6", "x"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(names, numbers, coordinates), max_size=12), scope=st.sampled_from(["", "2-100"]))
@example(lines=[("Злуки", "1", "49.55"), ("проспект Злуки", "1", "49.56")], scope="")
def test_importing_twice_changes_nothing(
    city: City, tmp_path: Path, lines: list[tuple[str, str, str]], scope: str
) -> None:
    House.objects.all().delete()
    Street.objects.all().delete()
    street = Street.objects.create(city=city, name_uk="вулиця Гузара")
    StreetName.objects.create(street=street, kind="former", name="вулиця Злуки", houses=scope)
    path = tmp_path / "some.csv"
    path.write_text("street,house,lat,lon\n" + "".join(f"{a},{b},{c},25.6\n" for a, b, c in lines), "utf-8")
    preview = import_addresses(city, path, commit=False)
    assert import_addresses(city, path, commit=True) == preview
    before = rows(), list(Street.objects.values_list("name_uk", flat=True))
    assert import_addresses(city, path, commit=True).counts.is_nothing
    assert (rows(), list(Street.objects.values_list("name_uk", flat=True))) == before
