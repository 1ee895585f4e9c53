"""Which street a file means does not depend on how often, or in what order, it is read."""

from hypothesis import example, given
from hypothesis import strategies as st

from geo.addresses.importing.matching import Asked, KnownStreets, Matches, match_streets
from geo.addresses.ranges import HouseSet

Named = list[tuple[HouseSet | None, str]]

asked = st.lists(
    st.builds(Asked, st.just(""), st.sampled_from(["", "вулиця", "проспект", "провулок"]), st.sampled_from("аб")),
    unique=True,
    max_size=7,
)
known_streets = st.tuples(
    asked, st.lists(st.tuples(asked.filter(bool).map(lambda some: some[0]), st.sampled_from(["", "2-100"])), max_size=2)
)


A, STREET_A, AVENUE_A, STREET_B = (
    Asked("", kind, bare) for kind, bare in (("", "а"), ("вулиця", "а"), ("проспект", "а"), ("вулиця", "б"))
)


def known_from(official: dict[str, Asked], others: list[tuple[Asked, str]]) -> KnownStreets:
    """Return streets that are known under their names; the first of them had the others."""
    known = KnownStreets({name: number + 1 for number, name in enumerate(official.values())})
    for name, houses in others:
        known.others.setdefault(name, []).append((HouseSet.parse(houses) if houses else None, 1))
    return known


def chosen(names: list[Asked], known: KnownStreets, matches: Matches) -> dict[Asked, Named]:
    """Return the choices by name, each street under the official name it has after the import."""
    title = {street: repr(name) for name, street in known.official.items()}
    title |= {street: repr(names[number]) for street, number in matches.fuller.items()}
    return {
        name: [
            (scope, title.get(street, "former") if street > 0 else repr(names[-1 - street])) for scope, street in some
        ]
        for name, some in zip(names, matches.of, strict=True)
    }


@given(known_streets, asked)
@example(([STREET_B], [(STREET_A, "")]), [A, AVENUE_A])
@example(([A, STREET_A], []), [AVENUE_A, A])
@example(([STREET_A], []), [AVENUE_A, A])
@example(([STREET_B, A], [(A, "")]), [A, STREET_A])
def test_file_read_again_means_the_same_streets(
    before: tuple[list[Asked], list[tuple[Asked, str]]], names: list[Asked]
) -> None:
    titles = {repr(name): name for name in before[0]}
    others = before[1] if before[0] else []
    known = known_from(titles, others)
    matches = match_streets(names, known)
    first = chosen(names, known, matches)
    assert chosen(names[::-1], known, match_streets(names[::-1], known)) == first

    title = {street: name for name, street in known.official.items()}
    title |= {street: names[number] for street, number in matches.fuller.items()}
    created = [names[-1 - street] for some in matches.of for _scope, street in some if street < 0]
    after = known_from({repr(name): name for name in [*title.values(), *created]}, others)
    again = match_streets(names, after)
    assert not again.fuller
    assert chosen(names, after, again) == first
