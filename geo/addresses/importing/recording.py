"""Record what was staged: a few statements over whole tables, in the transaction of whoever calls."""

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import LineString, MultiLineString
from django.db import connection

from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.importing.matching import KnownStreets, Matches
from geo.addresses.importing.staging import Staged
from geo.models import City, Settlement, Street, StreetName
from geo.models.addresses import street_key

ONCE = """
    SELECT DISTINCT ON (street.target, house.key COLLATE "C")
           street.target, house.key, house.number, house.lon, house.lat
    FROM staged_house AS house JOIN staged_street AS street ON street.number = house.street
    ORDER BY street.target, house.key COLLATE "C", house.place
"""
"""Every house once: the one of the best rank, then the first."""
DIFFERS = "(house.number, ST_X(house.location), ST_Y(house.location)) <> (once.number, once.lon, once.lat)"
COUNT = (
    f"SELECT count(*) FILTER (WHERE house.id IS NULL), count(*) FILTER (WHERE {DIFFERS}), count(*) "  # noqa: S608
    f"FROM ({ONCE}) AS once LEFT JOIN geo_house AS house ON house.street_id = once.target AND house.key = once.key"
)
MOVE = (
    "UPDATE geo_house AS house"  # noqa: S608 - our own statements
    " SET number = once.number, location = ST_SetSRID(ST_MakePoint(once.lon, once.lat), 4326)"
    f" FROM ({ONCE}) AS once WHERE house.street_id = once.target AND house.key = once.key AND {DIFFERS}"
)
INSERT = (
    "INSERT INTO geo_house (street_id, key, number, location) "  # noqa: S608 - our own statements
    f"SELECT target, key, number, ST_SetSRID(ST_MakePoint(lon, lat), 4326) FROM ({ONCE}) AS once "
    "ON CONFLICT (street_id, key) DO NOTHING"
)


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


def point_to_streets(cursor: Any, staged: Staged, matches: Matches) -> dict[int, int]:
    """Fill the temporary table staged_street: the street that every one asked for is. Return it as a dict.

    Where houses of one name belong to several streets (a split street), staged houses get numbers of their own.
    """
    targets = {number: choices[-1][1] for number, choices in enumerate(matches.of)}
    for number, choices in enumerate(matches.of):
        for scope, street in choices[:-1]:
            cursor.execute("SELECT DISTINCT key FROM staged_house WHERE street = %s", [number])
            inside = [
                key for (key,) in cursor.fetchall() if (house := HouseNumber.parse(key)) and scope and house in scope
            ]
            extra = len(targets)
            targets[extra] = street
            cursor.execute(
                "UPDATE staged_house SET street = %s WHERE street = %s AND key = ANY(%s)", [extra, number, inside]
            )
    _copy_targets(cursor, targets)
    cursor.execute("SELECT DISTINCT street FROM staged_house")
    used = {number for (number,) in cursor.fetchall()} | set(staged.streets)
    return {number: target for number, target in targets.items() if number in used}


def _copy_targets(cursor: Any, targets: dict[int, int]) -> None:
    cursor.execute("DROP TABLE IF EXISTS staged_street")
    cursor.execute("CREATE TEMPORARY TABLE staged_street (number integer, target bigint) ON COMMIT DROP")
    with cursor.copy("COPY staged_street (number, target) FROM STDIN") as copy:
        copy.write("".join(f"{number}\t{target}\n" for number, target in targets.items()))
    cursor.execute("ANALYZE staged_street")


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
    cursor.execute("DROP TABLE IF EXISTS staged_line")
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


def record_houses(cursor: Any, staged: Staged, targets: dict[int, int], *, commit: bool) -> tuple[int, int, int]:
    """Insert and move houses, or only count; return how many are new, moved and in the file at all, each once."""
    _copy_targets(cursor, targets)
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute(COUNT)
    new, moved, different = cursor.fetchone()
    if commit and moved:
        cursor.execute(MOVE)
    if commit and new:
        cursor.execute(INSERT)
    return new, moved, different
