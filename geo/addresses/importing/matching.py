"""Which street of the gazetteer a file means. Pure: names in, choices out; the same whatever the order of the rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from geo.addresses.folding import fold
from geo.addresses.ranges import HouseSet
from geo.addresses.streets import StreetName


class Asked(NamedTuple):
    """A street as a file names it: a folded settlement (empty: the city itself), a kind (empty: not said), a name."""

    settlement: str
    kind: str
    bare: str

    @classmethod
    def parse(cls, settlement: str, name: str) -> Self:
        """Read a name as written; `settlement` is folded."""
        read = StreetName.parse(name)
        return cls(settlement, read.kind, fold(read.name))

    @property
    def key(self) -> str:
        """The key that the gazetteer keeps with a name."""
        return f"{self.kind} {self.bare}".strip()


@dataclass(slots=True)
class KnownStreets:
    """The streets of a city by what they are called."""

    official: dict[Asked, int] = field(default_factory=dict)
    others: dict[Asked, list[tuple[HouseSet | None, int]]] = field(default_factory=dict)

    def add(self, street: int, settlement: str, name: str) -> None:
        """Remember a street under its official name."""
        self.official[Asked.parse(settlement, name)] = street

    def add_other(self, street: int, settlement: str, name: str, houses: str) -> None:
        """Remember another name, which perhaps only some houses had."""
        scope = HouseSet.parse(houses) if houses else None
        self.others.setdefault(Asked.parse(settlement, name), []).append((scope, street))


@dataclass(slots=True)
class Matches:
    """`of[n]` are the choices for the street asked n-th: the first whose houses hold the number, None holds all.

    A choice below zero, -1 - n, is a new street under the n-th name. `fuller` gives a known street that had no kind the
    name asked n-th.
    """

    of: list[list[tuple[HouseSet | None, int]]]
    fuller: dict[int, int]


def match_streets(asked: Sequence[Asked], known: KnownStreets) -> Matches:
    """Find every street a file asks for: under its present name, a former one, without or with its kind.

    «Злуки» is the one known street of that name whatever its kind; where there are several, it is a street of its own.
    """
    kinds = _by_bare((each, street) for each, street in known.official.items() if each.kind)
    kinds_in_file = Counter((each.settlement, each.bare) for each in asked if each.kind)
    formers = _by_bare((each, street) for each, some in known.others.items() for scope, street in some if scope is None)
    fuller: dict[int, int] = {}
    of: list[list[tuple[HouseSet | None, int]]] = [[] for _ in asked]
    for number, each in sorted(enumerate(asked), key=lambda pair: not pair[1].kind):  # with a kind first
        place = (each.settlement, each.bare)
        former = {street for scope, street in known.others.get(each, ()) if scope is None}
        target = known.official.get(each)
        if target is None and not each.kind:
            target = _only(kinds[place])
        if target is None:
            target = _only(former) or (None if each.kind else _only(formers[place]))
        if target is None and each.kind:
            if place not in kinds and kinds_in_file[place] == 1:
                target = known.official.get(each._replace(kind=""))
            if target is None:
                kinds[place].add(-1 - number)  # new, and known from now on: the same file read again finds it so
            else:
                fuller[target] = number
        scoped = [(scope, street) for scope, street in known.others.get(each, ()) if scope is not None]
        of[number] = [*scoped, (None, -1 - number if target is None else target)]
    return Matches(of, fuller)


def _by_bare(named: Iterable[tuple[Asked, int]]) -> defaultdict[tuple[str, str], set[int]]:
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for each, street in named:
        found[each.settlement, each.bare].add(street)
    return found


def _only(streets: set[int]) -> int | None:
    """The one street, or None."""
    return next(iter(streets)) if len(streets) == 1 else None
