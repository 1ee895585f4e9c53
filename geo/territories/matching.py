"""Find the streets and settlements that a list names in the city's gazetteer: exactly, or not at all."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import override

from geo.addresses.dictionary import Found, KnownName, StreetDictionary
from geo.addresses.folding import fold
from geo.addresses.index import gazetteer_of
from geo.addresses.search import AS_GOOD, LIKELY
from geo.addresses.streets import StreetName
from geo.models import City, Settlement
from geo.territories.reading import Entry

GUESSES = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What an entry means: a street, a settlement, or neither; then `guesses` are the names most like it.

    With `several` the guesses are streets that it names equally well.
    """

    street: int | None = None
    settlement: int | None = None
    guesses: tuple[str, ...] = ()
    several: bool = False


class Matcher:
    """Knows the names of a city at one moment."""

    def __init__(self, city: City) -> None:
        with override("uk"):
            self._gazetteer = gazetteer_of(city)
        self._answered: dict[tuple[str, str], Match] = {}
        """A list names a street once for each of its stretches."""
        self._city = {fold(city.name_uk), fold(city.name_en)}
        places = list(Settlement.objects.filter(city=city).values_list("pk", "name_uk"))
        self._settlements = {fold(name): pk for pk, name in places}
        self._names = dict(places)
        self._places = StreetDictionary(KnownName(pk, StreetName("", name)) for pk, name in places)

    def match(self, entry: Entry) -> Match:
        """Return what an entry means. Only kinds, titles, initials and first names may differ."""
        if not entry.street:
            return self._settlement(entry.settlement)
        found = self.match_name(entry.street_today, entry.settlement)
        if not found.street:
            # «Сергія Короля (Бережанська)»: the other name stands in brackets
            before = [entry.renaming.name_before(entry.street)] if entry.renaming else []
            for name in (*before, *entry.remarks):
                if (other := self.match_name(name, entry.settlement)).street:
                    return other
        return found

    def match_name(self, text: str, settlement: str = "") -> Match:
        """Return what the name of a street means, in a settlement or in the city itself."""
        asked = text, settlement
        if asked not in self._answered:
            self._answered[asked] = self._match_name(text, settlement)
        return self._answered[asked]

    def _match_name(self, text: str, settlement: str) -> Match:
        asked = StreetName.parse(text)
        found = [one for one in self._gazetteer.dictionary.find(asked) if one.score >= LIKELY]
        exact = self._there([one for one in found if one.exact and _same_kind(asked, one)], settlement)
        if not exact:
            return Match(guesses=tuple(self.label(one.known.street) for one in found[:GUESSES]))
        exact.sort(key=lambda one: (_kind_rank(asked, one), -one.score))
        best = [
            one
            for one in exact
            if _kind_rank(asked, one) == _kind_rank(asked, exact[0]) and one.score >= exact[0].score - AS_GOOD
        ]
        if len(best) > 1:
            return Match(guesses=tuple(self.label(one.known.street) for one in best), several=True)
        return Match(street=best[0].known.street)

    def _there(self, found: list[Found], settlement: str) -> list[Found]:
        """Only the streets of a settlement, or of the city itself where it is said; else those of the city, or any."""
        asked = fold(settlement)
        own = [one for one in found if not self._place(one.known.street)]
        if asked in self._city:
            return own
        return [one for one in found if fold(self._place(one.known.street)) == asked] if asked else own or found

    def _place(self, street: int) -> str:
        """The settlement of a street in Ukrainian, empty in the city itself."""
        settlement = self._gazetteer.streets[street].settlement
        return settlement.name_uk if settlement else ""

    def _settlement(self, name: str) -> Match:
        if known := self._settlements.get(fold(name)):
            return Match(settlement=known)
        found = self._places.find(StreetName("", name), limit=GUESSES)
        return Match(guesses=tuple(self._names[one.known.street] for one in found if one.score >= LIKELY))

    def labelled(self, text: str) -> int | None:
        """Return the street that a person means by its label, or by a name that only one street has."""
        return self._labels.get(fold(text)) or self.match_name(text).street

    @property
    def labels(self) -> list[str]:
        """The names of all streets, in the order of the alphabet as Python has it."""
        return sorted(self.label(street) for street in self._gazetteer.streets)

    @cached_property
    def _labels(self) -> dict[str, int]:
        return {fold(self.label(street)): street for street in self._gazetteer.streets}

    def label(self, street: int) -> str:
        """The name of a street in Ukrainian, with its settlement."""
        settlement, name = self._place(street), self._gazetteer.streets[street].name_uk
        return f"{settlement}, {name}" if settlement else name


def _same_kind(asked: StreetName, found: Found) -> bool:
    known = found.known.name.kind
    return not asked.kind or not known or asked.kind == known


def _kind_rank(asked: StreetName, found: Found) -> int:
    """A list that says no kind means a street («вулиця») before a lane or boulevard of that name."""
    return int((asked.kind or "street") != (found.known.name.kind or "street"))
