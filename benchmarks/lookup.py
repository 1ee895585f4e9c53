"""The lookup over HTTP with 5,000 districts, 8 persistent connections, beside its limits and a peer.

vs_bare     our lookup / a view that does nothing behind the same middleware (at least 0.4)
vs_pgbench  our lookup / pgbench, prepared point-in-polygon on the same table (the database's limit)
vs_tipg     our lookup / tipg (FastAPI, asyncpg) asked for the district without geometry (at least 4)
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from benchmarks._database import libpq_arguments, libpq_url, use_own_database
from benchmarks._districts import CELL, SOUTH, WEST, write_geojson
from benchmarks._report import report, require
from benchmarks._serving import CONNECTIONS, PORT, WORKERS, Speed, serving, serving_ours, wrk

DATABASE = "dilnychnyi_bench_lookup"
COLUMNS, ROWS, SECONDS, ROUNDS = 100, 50, 8, 3
PEER_PORT = PORT + 1
AREA = (WEST + 0.1 * CELL, SOUTH + 0.1 * CELL, WEST + (COLUMNS - 0.1) * CELL, SOUTH + (ROWS - 0.1) * CELL)

WRK = """
math.randomseed({seed} + tonumber(tostring({{}}):sub(8), 16) % 100000)
request = function()
  local lon = {west} + math.random() * ({east} - {west})
  local lat = {south} + math.random() * ({north} - {south})
  return wrk.format("GET", string.format("{path}", {order}), {{["X-Forwarded-Proto"]="https", ["Host"]="localhost"}})
end
"""
PGBENCH = """
\\set lon random(%d, %d)
\\set lat random(%d, %d)
SELECT d.code FROM geo_districtboundary AS b JOIN geo_district AS d ON d.id = b.district_id
WHERE ST_Covers(b.boundary, ST_SetSRID(ST_MakePoint(:lon / 1000000.0, :lat / 1000000.0), 4326)) LIMIT 1;
"""


def fill() -> None:
    """Import the seeded city through our importer and post an officer to every district."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
    from geo.cities import add_city
    from people.models import Officer, Posting

    call_command("migrate", verbosity=0)
    now = timezone.now()
    city = add_city(slug="bench", name_uk="Bench", stage="open")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.geojson"
        write_geojson(path, COLUMNS, ROWS)
        commit_boundaries(check_file(city, path, ImportOptions(), now=now), by="bench", now=now, activate=True)
    districts = list(city.districts.order_by("code"))
    officers = Officer.objects.bulk_create(
        Officer(city=city, key=f"o{d.code}", name_uk=f"Офіцер {d.code}", checked_on=now.date(), phone="+380440000100")
        for d in districts
    )
    during = (now.date(), None)
    Posting.objects.bulk_create(
        Posting(officer=o, district=d, during=during) for o, d in zip(officers, districts, strict=True)
    )
    call_command("collectstatic", interactive=False, verbosity=0)
    with psycopg.connect(libpq_url(os.environ["DATABASE_URL"]), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def random_points(path: str, *, order: str = "lat, lon", seed: int = 1, port: int = PORT) -> Speed:
    """Measure a path with random points."""
    west, south, east, north = AREA
    script = WRK.format(west=west, south=south, east=east, north=north, path=path, order=order, seed=seed)
    return wrk(script, what=path, seconds=SECONDS, port=port)


def pgbench() -> float:
    """Return transactions/s of a prepared point-in-polygon."""
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1]
    west, south, east, north = (round(value * 1e6) for value in AREA)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(PGBENCH % (west, east, south, north))
        file.flush()
        arguments = libpq_arguments(os.environ["DATABASE_URL"])
        done = subprocess.run(
            [str(program), "-n", "-Mprepared", f"-c{CONNECTIONS}", "-j1", f"-T{SECONDS}", "-f", file.name, *arguments],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    return float(re.findall(r"tps = ([\d.]+)", done)[0])


def main() -> None:
    """Fill the database once, then measure the four in turn, three rounds, medians."""
    require("wrk")
    if use_own_database(DATABASE):
        print("filling 5,000 districts (once) …", flush=True)
        fill()
    url = os.environ["DATABASE_URL"]
    tipg = os.environ | {
        "DATABASE_URL": _asyncpg_url(url),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_ONLY_SPATIAL_TABLES": "1",
    }
    uvicorn = [sys.executable, "-m", "uvicorn", "tipg.main:app", "--workers", WORKERS, "--port", str(PEER_PORT),
               "--no-access-log"]  # fmt: skip
    lookup_path = "/api/v1/lookup/?lat=%.6f&lon=%.6f"
    tipg_path = (
        "/collections/public.geo_districtboundary/items?geom-column=none&limit=1&f=json&filter-lang=cql2-text"
        "&filter=S_INTERSECTS(boundary,POINT(%.6f%%20%.6f))"
    )
    measured: dict[str, list[Speed]] = {"ours": [], "bare": [], "tipg": []}
    prepared: list[float] = []
    with serving_ours(), serving(uvicorn, f"http://127.0.0.1:{PEER_PORT}/healthz", tipg):
        random_points(lookup_path)  # warm up
        for seed in range(ROUNDS):
            measured["ours"].append(random_points(lookup_path, seed=seed))
            measured["bare"].append(random_points("/api/v1/bare/?lat=%.6f&lon=%.6f", seed=seed))
            measured["tipg"].append(random_points(tipg_path, order="lon, lat", seed=seed, port=PEER_PORT))
            prepared.append(pgbench())
    rate = {name: statistics.median(run.per_s for run in runs) for name, runs in measured.items()}
    rate["pgbench"] = statistics.median(prepared)
    report(
        "lookup",
        ratios={f"vs_{peer}": rate["ours"] / rate[peer] for peer in ("bare", "pgbench", "tipg")},
        figures={f"{name}_per_s": round(value, 1) for name, value in rate.items()}
        | {"ours_p50_ms": statistics.median(run.p50_ms for run in measured["ours"])},
    )


def _asyncpg_url(url: str) -> str:
    """asyncpg takes the socket's folder as host."""
    host, user, database = (libpq_arguments(url)[i] for i in (1, -2, -1))
    return f"postgresql://{user}@{host.replace('/', '%2F')}/{database}"


if __name__ == "__main__":
    main()
