"""Record the streets that a list names and the gazetteer does not know: from the list's own words, without points."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from geo.addresses.dictionary import KnownName, StreetDictionary
from geo.addresses.folding import fold, sound
from geo.addresses.streets import StreetName, type_of
from geo.models import City, Settlement, Street
from geo.models import StreetName as OtherName
from geo.models.addresses import street_key
from geo.territories.reading import EVERY_HOUSE, Entry
from geo.territories.recording import CompiledList

LONGEST_NAME = 160
ORGANISATIONS = frozenset(
    fold(form)
    for form in (
        "ТОВ", "ТзОВ", "ПП", "ФОП", "АТ", "ПАТ", "ПрАТ", "ВАТ", "ЗАТ", "ДП", "КП", "ВКП", "УВТК", "ОСББ", "ЖБК", "ТРЦ",
        "ТЦ", "СТ", "ГК", "ЗОШ", "ЗЗСО", "ДНЗ", "ЗДО", "НВК", "АЗС", "школа", "ліцей", "гімназія",
    )
)  # fmt: skip
"""Short forms of companies, cooperatives and schools, folded: what has one in its name is no street."""


@dataclass(frozen=True, slots=True)
class NewStreet:
    """A street to be recorded; without a settlement it lies in the city. `guesses` are the known names most like it.

    `before` is the former name that the list says in brackets.
    """

    name: str
    settlement: str
    guesses: tuple[str, ...]
    before: str = ""

    def __str__(self) -> str:
        return f"{self.settlement}, {self.name}" if self.settlement else self.name


@dataclass(frozen=True, slots=True)
class NewPlaces:
    """What a list names and the gazetteer does not know. `left` are the names that may be no streets."""

    settlements: tuple[str, ...]
    streets: tuple[NewStreet, ...]
    left: tuple[str, ...]


def new_places(city: City, compiled: CompiledList) -> NewPlaces:
    """Return the streets and settlements of a list that the gazetteer does not know; nothing is written.

    A name is a street where the list says its kind («вул.») or numbers its houses: companies stand in lists
    too, as names alone. A name that one entry calls a former one is no street of its own. Of spellings that differ
    only in titles, initials and first names the fullest is taken.
    """
    here = {fold(city.name_uk), fold(city.name_en), ""}
    unknown = [
        (each.entry, each.match.guesses)
        for each in compiled.entries
        if not (each.match.street or each.match.settlement or each.match.several)
    ]
    named: dict[str, dict[str, tuple[str, ...]]] = {}
    before: dict[str, str] = {}
    former: dict[str, set[tuple[str, str]]] = defaultdict(set)
    left: list[str] = []
    for entry, guesses in unknown:
        place = "" if fold(entry.settlement) in here else entry.settlement
        if not entry.street:
            named.setdefault(place, {})
        elif is_street(entry):
            name = _whole_kind(entry.street_today)
            named.setdefault(place, {}).setdefault(name, guesses)
            if entry.renaming:
                before[name] = _whole_kind(entry.renaming.name_before(entry.street))
                former[place].add(_sounds(before[name]))
        else:
            left.append(entry.street)
    known = {fold(name) for name in Settlement.objects.filter(city=city).values_list("name_uk", flat=True)}
    settlements = {fold(place): place for place in named if place and fold(place) not in known}
    return NewPlaces(
        settlements=tuple(settlements.values()),
        streets=tuple(
            NewStreet(name, place, of_place[name], before.get(name, ""))
            for place, of_place in named.items()
            for name in _distinct(name for name in of_place if _sounds(name) not in former[place])
        ),
        left=tuple(dict.fromkeys(left)),
    )


@transaction.atomic
def add_places(city: City, places: NewPlaces) -> None:
    """Record settlements and streets in the gazetteer of a city; what is there already stays as it is."""
    Settlement.objects.bulk_create(
        [Settlement(city=city, name_uk=name) for name in places.settlements], ignore_conflicts=True
    )
    settlements = {fold(name): pk for pk, name in Settlement.objects.filter(city=city).values_list("pk", "name_uk")}
    Street.objects.bulk_create(
        [
            Street(
                city=city,
                settlement_id=settlements.get(fold(street.settlement)),
                name_uk=street.name,
                key=street_key(street.name),
            )
            for street in places.streets
        ],
        ignore_conflicts=True,
    )
    streets = {(street.settlement_id, street.key): street for street in Street.objects.filter(city=city).defer("line")}
    OtherName.objects.bulk_create(
        [
            OtherName(
                street=streets[settlements.get(fold(new.settlement)), street_key(new.name)],
                kind=OtherName.Kind.FORMER,
                name=new.before,
                key=street_key(new.before),
            )
            for new in places.streets
            if new.before
        ],
        ignore_conflicts=True,
    )


def is_street(entry: Entry) -> bool:
    """Whether an entry surely names a street."""
    read = StreetName.parse(entry.street)
    words = entry.street.split()
    if len(entry.street) > LONGEST_NAME or any(fold(word) in ORGANISATIONS for word in words):
        return False
    if any(type_of(word) for word in read.name.split()[:-1]):  # «Кристал по вул. Торговиця»
        return False
    return bool(read.kind) or bool(entry.houses.ranges and entry.houses != EVERY_HOUSE)


def _sounds(name: str) -> tuple[str, str]:
    """The kind and name of a street, the same for their spellings; a name without a kind is a street's."""
    read = StreetName.parse(name)
    return read.kind or "street", sound(read.name)


def _whole_kind(name: str) -> str:
    """«вул. Руська» as the gazetteer writes it: «вулиця Руська»."""
    first, _blank, rest = name.partition(" ")
    kind = type_of(first)
    return f"{kind.name_uk} {rest}" if kind and rest else name


def _distinct(names: Iterable[str]) -> list[str]:
    """Leave out other spellings of one street, in the order of the list."""
    listed = list(names)
    read = [StreetName.parse(name) for name in listed]
    dictionary = StreetDictionary(KnownName(at, name) for at, name in enumerate(read))
    kept: set[int] = set()
    for at in sorted(range(len(listed)), key=lambda at: (not read[at].kind, -len(read[at].name))):
        alike = (found.known for found in dictionary.find(read[at]) if found.exact)
        if not any(one.street in kept and (one.name.kind or "street") == (read[at].kind or "street") for one in alike):
            kept.add(at)
    return [listed[at] for at in sorted(kept)]
