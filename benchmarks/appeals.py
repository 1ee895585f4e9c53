"""Sending a letter over HTTP, and an officer's map, in a city with a million letters that rest sealed.

vs_bare_insert  letters sent / bare inserts through the same stack, 8 connections (at least 0.5)
map_vs_no_rls   the query of an officer's map with row-level security / the same SQL without it (at least 0.4)

The bare insert is what any endpoint of REST framework does that takes the same body in: the same server, middleware,
limit of calls, parser, serializer and renderer, then one row by the ORM into a table of the same fields without foreign
keys, indexes or policies, committed durably (`benchmarks.urls.BareInsertView`). It routes, seals and counts nothing and
remembers no key. `raw_insert_per_s` says beside it how fast a view is that does not even validate what came
and inserts by plain SQL. BENCH_LETTERS=20000 fills fewer letters, in seconds, and leaves the map out.
"""

import json
import os
import statistics
import time

import psycopg

from benchmarks._database import libpq_url, use_own_database
from benchmarks._letters import CITY, LETTERS, MILLION, MINE, OFFICER, TABLES, as_officer, fill, map_query
from benchmarks._report import report, require
from benchmarks._serving import Speed, serving_ours, wrk

DATABASE = "dilnychnyi_bench_appeals" if LETTERS == MILLION else f"dilnychnyi_bench_appeals_{LETTERS}"
SECONDS, ROUNDS, MAP_RUNS = 6, 3, 5
OURS = "/api/v1/appeals/"
TEXT = "Біля під’їзду щовечора збирається гучна компанія, сусіди не можуть спати. Прошу поговорити з ними. " * 4
LETTER = {"city": CITY, "category": "other", "text": TEXT, "name": "Олена", "address": ""}

WRK = """
math.randomseed({seed} + os.time())
local run, count = string.format("%08x%08x", math.random(0, 2^31 - 1), math.random(0, 2^31 - 1)), 0
request = function()
  count = count + 1
  local headers = {{["X-Forwarded-Proto"]="https", ["Host"]="localhost", ["Content-Type"]="application/json",
    ["Idempotency-Key"]=run .. string.format("%016d", count)}}
  local place = string.format('{{"lat": "%.6f", "lon": "%.6f", ',
    {south} + math.random() * {high}, {west} + math.random() * {wide})
  return wrk.format("POST", "{path}", headers, place .. [==[{rest}]==])
end
"""


def sent(path: str, *, seed: int) -> Speed:
    """Post letters from random places to a path."""
    west, south, east, north = MINE
    rest = json.dumps(LETTER, ensure_ascii=False)[1:]
    script = WRK.format(seed=seed, path=path, rest=rest, west=west, south=south, wide=east - west, high=north - south)
    return wrk(script, what=path, seconds=SECONDS)


def seconds_of_map(connection: psycopg.Connection, *, with_policies: bool) -> list[float]:
    """Return how long an officer's map takes, fetched whole; its owner may be let past the policies."""
    query, parameters = map_query()
    seconds = []
    with connection.transaction(force_rollback=True):
        if not with_policies:
            for table in ("appeals_appeal", "appeals_letterkey"):
                connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        as_officer(connection)
        for _ in range(MAP_RUNS + 1):
            start = time.perf_counter()
            rows = connection.execute(query, parameters).fetchall()
            seconds.append(time.perf_counter() - start)
            assert len(rows) >= OFFICER.open_letters, len(rows)
    return seconds[1:]  # the first one plans


def map_seconds(url: str) -> tuple[float, float]:
    """Return the medians with the policies and without, measured in turn."""
    of_map: dict[bool, list[float]] = {True: [], False: []}
    options = "-c plan_cache_mode=force_generic_plan -c jit=off"  # and a cursor as Django has it
    with psycopg.connect(url, options=options, cursor_factory=psycopg.ClientCursor, autocommit=True) as connection:
        for _ in range(ROUNDS):
            for with_policies, seconds in of_map.items():
                seconds.extend(seconds_of_map(connection, with_policies=with_policies))
    return statistics.median(of_map[True]), statistics.median(of_map[False])


def main() -> None:
    """Fill the database once, then measure each beside its peer in turn, medians."""
    require("wrk")
    is_new = use_own_database(DATABASE)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # One address sends everything: the doors count it and let it through.
    os.environ |= {"LETTERS_PER_ADDRESS": "100000000", "LETTERS_BUSY_PER_MINUTE": "100000000"}
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    url = libpq_url(os.environ["DATABASE_URL"])
    if is_new:
        print(f"filling {LETTERS:,} letters (once) …", flush=True)
        fill(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
    of_sending: dict[str, list[Speed]] = {OURS: [], "/api/v1/bare-insert/": [], "/api/v1/raw-insert/": []}
    with serving_ours():
        for path in of_sending:
            sent(path, seed=0)  # warm up
        for seed in range(1, ROUNDS + 1):
            for path, runs in of_sending.items():
                runs.append(sent(path, seed=seed))
    ours, bare, raw = (statistics.median(run.per_s for run in runs) for runs in of_sending.values())
    ratios = {"vs_bare_insert": ours / bare}
    figures = {
        "sent_per_s": round(ours, 1),
        "bare_insert_per_s": round(bare, 1),
        "raw_insert_per_s": round(raw, 1),
        "sent_p50_ms": statistics.median(run.p50_ms for run in of_sending[OURS]),
        "load_1_min": round(os.getloadavg()[0], 1),
    }
    if LETTERS == MILLION:
        guarded, plain = map_seconds(url)
        ratios["map_vs_no_rls"] = plain / guarded
        figures |= {"map_ms": round(guarded * 1000, 1), "map_no_rls_ms": round(plain * 1000, 1)}
    report("appeals", ratios=ratios, figures=figures)


if __name__ == "__main__":
    main()
