"""A million addresses brought in as the command does, beside ogr2ogr's load of the same file, unread.

import_vs_ogr2ogr  ogr2ogr's time / ours (at least 1.4: ours is the faster one)

Ours reads streets and numbers, matches, checks, tells what is new and keeps every house once, in one transaction, with
the gazetteer's own indexes: the primary key, and street with number. ogr2ogr runs as its user would run it for a layer
of points: COPY, one transaction a table, a primary key and the spatial index it makes unasked. The gazetteer has no
spatial index, since nobody asks for houses by place; `ogr2ogr_without_index_s` is the peer without its own.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks._addresses import ADDRESSES, STREETS, write_csv
from benchmarks._database import libpq_url

ROUNDS = 3

OURS = """
import django, resource, sys, time
django.setup()
from pathlib import Path
from geo.addresses.importing import import_addresses
from geo.models import City
city, _ = City.objects.get_or_create(slug="bench", defaults={"name_uk": "Тернопіль", "stage": "draft"})
started = time.perf_counter()
found = import_addresses(city, Path(sys.argv[1]), commit=True)
total = time.perf_counter() - started
counts = found.counts
assert found.refused == 0 and counts.new_houses + counts.unchanged_houses == int(sys.argv[2]), found
print("new=%d total_s=%.3f memory_mb=%d" % (
    counts.new_houses, total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""


def compare_imports() -> tuple[dict[str, float], dict[str, float | int]]:
    """Load in turn, three rounds; return ratios and figures, medians. The addresses stay in the bench's database.

    Called after `use_own_database` and the migrations; needs ogr2ogr.
    """
    first: list[dict[str, float]] = []
    again: list[dict[str, float]] = []
    peer: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addresses.csv"
        write_csv(path)
        for _ in range(ROUNDS):
            with psycopg.connect(libpq_url(os.environ["DATABASE_URL"]), autocommit=True) as connection:
                connection.execute("DROP TABLE IF EXISTS peer")
            peer.append(ogr2ogr(path))
            bare.append(ogr2ogr(path, "-lco", "SPATIAL_INDEX=NONE"))
            with psycopg.connect(libpq_url(os.environ["DATABASE_URL"]), autocommit=True) as connection:
                connection.execute("DROP TABLE peer")
                connection.execute("TRUNCATE geo_street, geo_house, geo_settlement CASCADE")
            first.append(ours(path))
            again.append(ours(path))
    if first[0]["new"] != ADDRESSES or again[0]["new"]:
        sys.exit(f"The first import must bring {ADDRESSES} houses, the second none: {first[0]}, {again[0]}")
    ours_s, peer_s = statistics.median(run["total_s"] for run in first), statistics.median(peer)
    return {"import_vs_ogr2ogr": peer_s / ours_s}, {
        "addresses": ADDRESSES,
        "streets": STREETS,
        "import_s": ours_s,
        "import_rows_per_s": ADDRESSES / ours_s,
        "import_memory_mb": statistics.median(run["memory_mb"] for run in first),
        "import_again_s": statistics.median(run["total_s"] for run in again),
        "import_again_memory_mb": statistics.median(run["memory_mb"] for run in again),
        "ogr2ogr_s": peer_s,
        "ogr2ogr_without_index_s": statistics.median(bare),
    }


def ours(path: Path) -> dict[str, float]:
    """Import with commit; seconds, the largest resident memory in MB, how many houses were new."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", OURS, str(path), str(ADDRESSES)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def ogr2ogr(path: Path, *options: str) -> float:
    """Load the same rows as a layer of points with COPY; seconds."""
    started = time.perf_counter()
    subprocess.run(
        ["ogr2ogr", "-f", "PostgreSQL", f"PG:{libpq_url(os.environ['DATABASE_URL'])}", str(path), "-nln", "peer",
         "-overwrite", "-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-a_srs", "EPSG:4326",
         "-lco", "GEOMETRY_NAME=location", *options, "--config", "PG_USE_COPY", "YES"],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - started
