"""A million addresses: imported from CSV with streets, keys and every index, beside ogr2ogr's plain load of the file.

import_vs_ogr2ogr  ogr2ogr's time / ours (at least 1.4: ours is the faster one)
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks._database import libpq_url, use_own_database
from benchmarks._report import report, require

DATABASE = "dilnychnyi_bench_addresses"
ADDRESSES, STREETS, ROUNDS = 1_000_000, 25_800, 3
SYLLABLES = ("ка", "ро", "лен", "ми", "до", "ста", "вич", "гор", "піль", "сон", "ча", "бу", "ши", "тер", "юк")

OURS = """
import django, resource, sys, time
django.setup()
from pathlib import Path
from geo.addresses.importing import import_addresses
from geo.models import City
city, _ = City.objects.get_or_create(slug="bench", defaults={"name_uk": "Bench", "stage": "draft"})
started = time.perf_counter()
found = import_addresses(city, Path(sys.argv[1]), commit=True)
total = time.perf_counter() - started
assert found.refused == 0 and found.counts.new_houses == int(sys.argv[2]), found
print("total_s=%.3f memory_mb=%d" % (total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""


def write_addresses(path: Path, addresses: int = ADDRESSES, streets: int = STREETS, seed: int = 20261123) -> None:
    """Write a seeded gazetteer as CSV: street, house, lat, lon; the houses of a street follow one another."""
    chance = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < streets:
        kind = chance.choice(["вулиця"] * 8 + ["провулок", "проспект"])
        words = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(chance.randint(1, 2)))
        names[f"{kind} {' '.join(words).title()}"] = None
    each, left = divmod(addresses, streets)
    with path.open("w", encoding="utf-8") as file:
        file.write("street,house,lat,lon\n")
        for position, name in enumerate(names):
            lat, lon = chance.uniform(49.4, 49.7), chance.uniform(25.4, 25.8)
            for number in range(1, each + 1 + (position < left)):
                letter = chance.choice(("", "", "", "А", "/2"))
                file.write(f"{name},{number}{letter},{lat + number * 1e-4:.6f},{lon + number * 1e-4:.6f}\n")


def ours(path: Path) -> dict[str, float]:
    """Import as the command does, with commit; seconds and the largest resident memory in MB."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", OURS, str(path), str(ADDRESSES)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def ogr2ogr(path: Path) -> float:
    """Load the same rows as points with COPY and a spatial index, unread; seconds."""
    started = time.perf_counter()
    subprocess.run(
        ["ogr2ogr", "-f", "PostgreSQL", f"PG:{libpq_url(os.environ['DATABASE_URL'])}", str(path), "-nln", "peer",
         "-overwrite", "-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-a_srs", "EPSG:4326",
         "-lco", "GEOMETRY_NAME=location", "--config", "PG_USE_COPY", "YES"],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - started


def main() -> None:
    """Load in turn, three rounds, medians."""
    require("ogr2ogr:gdal-bin")
    use_own_database(DATABASE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    runs: list[dict[str, float]] = []
    peers: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addresses.csv"
        write_addresses(path)
        for _ in range(ROUNDS):
            with psycopg.connect(libpq_url(os.environ["DATABASE_URL"]), autocommit=True) as connection:
                connection.execute("TRUNCATE geo_street CASCADE")
                connection.execute("DROP TABLE IF EXISTS peer")
            runs.append(ours(path))
            peers.append(ogr2ogr(path))
    ours_s, peer_s = statistics.median(run["total_s"] for run in runs), statistics.median(peers)
    report(
        "addresses",
        ratios={"import_vs_ogr2ogr": peer_s / ours_s},
        figures={
            "addresses": ADDRESSES,
            "streets": STREETS,
            "import_s": ours_s,
            "import_rows_per_s": ADDRESSES / ours_s,
            "import_memory_mb": statistics.median(run["memory_mb"] for run in runs),
            "ogr2ogr_s": peer_s,
        },
    )


if __name__ == "__main__":
    main()
