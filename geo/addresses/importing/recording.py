"""Record what was staged: a few statements over whole tables, in the transaction of whoever calls."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.gis.geos import LineString, MultiLineString
from django.db import connection
from numpy.typing import NDArray

from geo.addresses.folding import fold
from geo.addresses.importing.matching import KnownStreets, Matches
from geo.addresses.importing.staging import Staged
from geo.models import City, Settlement, Street, StreetName
from geo.models.addresses import street_key

DIFFERS = (
    "(house.number, ST_X(house.location), ST_Y(house.location))"
    " <> (staged.number, ST_X(staged.location), ST_Y(staged.location))"
)
COUNT = (
    f"SELECT count(*) FILTER (WHERE house.id IS NULL), count(*) FILTER (WHERE {DIFFERS})"  # noqa: S608 - our own
    " FROM staged_house AS staged LEFT JOIN geo_house AS house USING (street_id, key)"
)
MOVE = (
    "UPDATE geo_house AS house SET number = staged.number, location = staged.location"  # noqa: S608 - our own
    " FROM staged_house AS staged"
    f" WHERE house.street_id = staged.street_id AND house.key = staged.key AND {DIFFERS}"
)
INSERT = (
    "INSERT INTO geo_house (street_id, key, number, location) SELECT street_id, key, number, location"
    " FROM staged_house ON CONFLICT (street_id, key) DO NOTHING"
)
HOUSE_HEAD = np.dtype([("fields", ">i2"), ("street_bytes", ">i4"), ("street", ">i8")])
HOUSE_TAIL = np.dtype(
    [("bytes", ">i4"), ("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("lon", "<f8"), ("lat", "<f8")]
)
"""How a row of binary COPY begins and ends: its four fields and its street; its point as EWKB with the SRID.

https://www.postgresql.org/docs/current/sql-copy.html, Binary Format; a fifth faster than text.
"""
POINT_WITH_SRID = 0x20000001
COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"
ROWS = 5_000
"""Rows that go to the database together."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import does: houses and streets that are new or change; `unchanged` and `repeated` count houses."""

    new_houses: int = 0
    moved_houses: int = 0
    unchanged_houses: int = 0
    repeated_houses: int = 0
    new_streets: int = 0
    changed_streets: int = 0
    new_names: int = 0
    new_settlements: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether everything is there already."""
        return not (
            self.new_houses
            or self.moved_houses
            or self.new_streets
            or self.changed_streets
            or self.new_names
            or self.new_settlements
        )


def known_streets(city: City) -> KnownStreets:
    """Return the streets of a city under all their names."""
    known = KnownStreets()
    settlements = {pk: fold(name) for pk, name in city.settlements.values_list("pk", "name_uk")}
    settlements[0] = ""
    where: dict[int, str] = {}
    for pk, settlement, name in city.streets.values_list("pk", "settlement_id", "name_uk"):
        where[pk] = settlements[settlement or 0]
        known.add(pk, where[pk], name)
    others = StreetName.objects.filter(street__city=city).order_by("pk")
    for street, name, houses in others.values_list("street_id", "name", "houses"):
        known.add_other(street, where[street], name, houses)
    return known


def point_to_streets(staged: Staged, matches: Matches) -> dict[int, int]:
    """Return the street that every one asked for is, as far as anything lies there.

    Where houses of one name belong to several streets (a split street), they get numbers of their own.
    """
    targets = {number: choices[-1][1] for number, choices in enumerate(matches.of)}
    houses = staged.houses
    for number, choices in enumerate(matches.of):
        for scope, street in choices[:-1]:
            there = np.flatnonzero(houses["street"] == number)
            inside = [scope is not None and staged.numbers[house] in scope for house in houses["number"][there]]
            extra = len(targets)
            targets[extra] = street
            houses["street"][there[inside]] = extra
    used = set(np.unique(houses["street"]).tolist()) | set(staged.streets)
    return {number: target for number, target in targets.items() if number in used}


def record_streets(city: City, staged: Staged, fuller: dict[int, int], targets: dict[int, int]) -> dict[int, int]:
    """Make the settlements and streets that are new, name fully those that had no kind; return all targets as keys."""
    settlements = {fold(name): pk for pk, name in city.settlements.values_list("pk", "name_uk")}
    for row in new_settlements(city, staged):
        settlement = Settlement.objects.create(
            city=city, name_uk=row.name, name_en=row.name_en, kind=row.kind or Settlement.Kind.VILLAGE
        )
        settlements[fold(row.name)] = settlement.pk
    for street, number in fuller.items():
        name = staged.names[number]
        Street.objects.filter(pk=street).update(name_uk=name, key=street_key(name))
    new = sorted({-1 - target for target in targets.values() if target < 0})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO geo_street (city_id, settlement_id, name_uk, key, name_en, is_main)"
            " SELECT %s, settlement, name, key, '', false"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS new (settlement, name, key, place)"
            " ORDER BY place RETURNING id",
            [
                city.pk,
                [settlements.get(staged.asked[number].settlement) for number in new],
                [staged.names[number] for number in new],
                [staged.asked[number].key for number in new],
            ],
        )
        made = [street for (street,) in cursor.fetchall()]
    keys = {-1 - number: street for number, street in zip(new, made, strict=True)}
    return {number: keys.get(target, target) for number, target in targets.items()}


def new_settlements(city: City, staged: Staged) -> list[Any]:
    """The settlements of the file that the city does not know."""
    known = {fold(name) for name in city.settlements.values_list("name_uk", flat=True)}
    return [row for folded, row in staged.settlements.items() if folded not in known]


def record_drawing(cursor: Any, staged: Staged, targets: dict[int, int]) -> tuple[set[int], int]:
    """Record lines, English names and other names; return the streets that change and how many names are new."""
    cursor.execute(
        "CREATE TEMPORARY TABLE staged_line"
        " (target bigint, name_en text, is_main boolean, line geometry(MultiLineString, 4326)) ON COMMIT DROP"
    )
    drawn: dict[int, list[Any]] = {}
    for number, rows in staged.streets.items():
        drawn.setdefault(targets[number], []).extend(rows)
    with cursor.copy("COPY staged_line (target, name_en, is_main, line) FROM STDIN") as copy:
        for target, rows in drawn.items():
            pieces = [LineString(row.line) for row in rows if len(row.line) > 1]
            line = MultiLineString(pieces, srid=4326).hexewkb.decode() if pieces else None
            name_en = next((row.name_en for row in rows if row.name_en), "")
            copy.write_row((target, name_en, any(row.is_main for row in rows), line))
    cursor.execute(
        """
        UPDATE geo_street AS street
        SET line = coalesce(drawn.line, street.line), is_main = street.is_main OR drawn.is_main,
            name_en = coalesce(nullif(drawn.name_en, ''), street.name_en)
        FROM staged_line AS drawn
        WHERE drawn.target = street.id AND (
            drawn.line IS NOT NULL AND drawn.line IS DISTINCT FROM street.line OR drawn.is_main AND NOT street.is_main
            OR drawn.name_en NOT IN ('', street.name_en)
        )
        RETURNING street.id
        """
    )
    changed = {street for (street,) in cursor.fetchall()}
    cursor.execute("DROP TABLE staged_line")
    official = dict(Street.objects.filter(pk__in=drawn).values_list("pk", "key"))
    known = set(StreetName.objects.filter(street__in=drawn).values_list("street_id", "kind", "key"))
    new: dict[tuple[int, str, str], StreetName] = {}
    for target, rows in drawn.items():
        for kind, name in (other for row in rows for other in row.others):
            key = street_key(name)
            if key and key != official[target] and (target, kind, key) not in known:
                new.setdefault((target, kind, key), StreetName(street_id=target, kind=kind, name=name, key=key))
    StreetName.objects.bulk_create(new.values())
    return changed, len(new)


def record_houses(
    cursor: Any, staged: Staged, targets: dict[int, int], new_streets: Collection[int], *, commit: bool
) -> tuple[int, int, int]:
    """Insert and move houses, or only count; return how many are new, moved and in the file at all, each once.

    The houses of a new street go straight in; those of a known one are first staged and compared.
    """
    houses, streets, keys = _each_once(staged, targets)
    is_new = np.isin(streets, list(new_streets))
    cursor.execute("SET LOCAL work_mem = '256MB'")
    if commit:
        _copy(cursor, "geo_house", houses[is_new], streets[is_new], keys)
    new, moved = int(is_new.sum()), 0
    if new < len(houses):
        cursor.execute(
            "CREATE TEMPORARY TABLE staged_house ON COMMIT DROP AS"
            " SELECT street_id, key, number, location FROM geo_house WITH NO DATA"
        )
        _copy(cursor, "staged_house", houses[~is_new], streets[~is_new], keys)
        cursor.execute("ANALYZE staged_house")
        cursor.execute(COUNT)
        further, moved = cursor.fetchone()
        new += further
        if commit and moved:
            cursor.execute(MOVE)
        if commit and further:
            cursor.execute(INSERT)
        cursor.execute("DROP TABLE staged_house")
    return new, moved, len(houses)


def _each_once(staged: Staged, targets: dict[int, int]) -> tuple[NDArray[Any], NDArray[Any], list[bytes]]:
    """Every house once, the one of the best rank, then the first; its street; what a row of COPY says of a number.

    In the order of the index that they go into, which is a fifth faster.
    """
    ordered = sorted(range(len(staged.numbers)), key=lambda number: staged.numbers[number].key)
    numbers = map(staged.numbers.__getitem__, ordered)
    texts = [_text_field(number.key) + _text_field(str(number)) for number in numbers]
    place = np.empty(len(ordered), "i8")
    place[ordered] = np.arange(len(ordered))
    target = np.zeros(max(targets, default=-1) + 1, "i8")
    target[list(targets)] = list(targets.values())
    houses = staged.houses
    street = target[houses["street"]]
    code = street * len(ordered) + place[houses["number"]]
    order = np.lexsort((houses["rank"], code))  # stable: of two that are alike the first comes first
    chosen = order[np.diff(code[order], prepend=-1) != 0]
    houses = houses[chosen]
    houses["number"] = place[houses["number"]]
    return houses, street[chosen], texts


def _text_field(text: str) -> bytes:
    written = text.encode()
    return len(written).to_bytes(4) + written


def _copy(cursor: Any, table: str, houses: NDArray[Any], streets: NDArray[Any], texts: Sequence[bytes]) -> None:
    """Copy houses into a table; their numbers are those of `texts`."""
    with cursor.copy(f"COPY {table} (street_id, key, number, location) FROM STDIN (FORMAT binary)") as copy:
        copy.write(COPY_HEAD)
        for start in range(0, len(houses), ROWS):
            some = houses[start : start + ROWS]
            heads, tails = np.empty(len(some), HOUSE_HEAD), np.empty(len(some), HOUSE_TAIL)
            heads["fields"], heads["street_bytes"], heads["street"] = 4, 8, streets[start : start + ROWS]
            tails["bytes"], tails["order"] = HOUSE_TAIL.itemsize - 4, 1
            tails["type"], tails["srid"] = POINT_WITH_SRID, 4326
            tails["lon"], tails["lat"] = some["lon"], some["lat"]
            numbers = map(texts.__getitem__, some["number"].tolist())
            copy.write(b"".join(itertools.chain.from_iterable(zip(_rows(heads), numbers, _rows(tails), strict=True))))
        copy.write(COPY_END)


def _rows(table: NDArray[Any]) -> list[bytes]:
    """The bytes of each row."""
    rows: list[bytes] = table.view(f"V{table.itemsize}").tolist()
    return rows
