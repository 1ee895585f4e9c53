"""The names of a city's streets and settlements, indexed in the process at one version of its gazetteer."""

from dataclasses import dataclass
from pathlib import Path

from geo.addresses.dictionary import KnownName, StreetDictionary
from geo.addresses.folding import fold
from geo.addresses.ranges import HouseSet
from geo.addresses.streets import StreetName as ReadName
from geo.models import City, Settlement, Street, StreetName
from geo.prepared import PreparedStatement

VERSION = PreparedStatement(Path(__file__).parent.parent / "sql" / "gazetteer_version.sql")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of a city at one version of its gazetteer."""

    version: int
    dictionary: StreetDictionary
    streets: dict[int, Street]
    scopes: dict[tuple[int, str], HouseSet]
    settlements: frozenset[str]
    places: dict[str, Settlement]


_kept: dict[int, Gazetteer] = {}
"""The newest gazetteer of each city that was searched by this process."""


def gazetteer_of(city: City) -> Gazetteer:
    """Return the index of a city's names, built anew when a name has changed since (a second for 25,000 streets)."""
    [row] = VERSION.rows(city=city.pk)
    version = row["version"]
    kept = _kept.get(city.pk)
    if kept is None or kept.version != version:
        kept = _kept[city.pk] = _read(city.pk, version)
    return kept


def forget_gazetteer(city: City) -> None:
    """Forget the index of a city's names: it was built within a transaction that is given up."""
    _kept.pop(city.pk, None)


def _read(city_id: int, version: int) -> Gazetteer:
    names: list[KnownName] = []
    streets: dict[int, Street] = {}
    scopes: dict[tuple[int, str], HouseSet] = {}
    for street in Street.objects.filter(city=city_id).select_related("settlement").defer("line"):
        streets[street.pk] = street
        names.append(KnownName(street.pk, ReadName.parse(street.name_uk)))
        if street.name_en:
            names.append(KnownName(street.pk, ReadName.parse(street.name_en)))
    for other in StreetName.objects.filter(street__city=city_id):
        read = ReadName.parse(other.name)
        names.append(KnownName(other.street_id, read, current=False))
        if other.houses:
            scopes[other.street_id, read.name] = HouseSet.parse(other.houses)
    city = City.objects.only("name_uk", "name_en").get(pk=city_id)
    places: dict[str, Settlement] = {}
    for settlement in Settlement.objects.filter(city=city_id):
        places |= {fold(name): settlement for name in (settlement.name_uk, settlement.name_en) if name}
    here = {fold(name) for name in (city.name_uk, city.name_en) if name}
    return Gazetteer(version, StreetDictionary(names), streets, scopes, frozenset({*here, *places}), places)
