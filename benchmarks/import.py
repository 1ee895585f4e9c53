"""5,000 polygons read, checked and committed, beside ogr2ogr's unchecked load of the same file into PostGIS.

import_vs_ogr2ogr  our time / ogr2ogr's (at most 4)
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

from benchmarks._database import libpq_url, use_own_database
from benchmarks._districts import write_geojson
from benchmarks._report import report, require

DATABASE = "dilnychnyi_bench_import"
ROUNDS = 3

OURS = """
import django, resource, sys, time
django.setup()
from pathlib import Path
from django.utils import timezone
from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
from geo.models import City
started = time.perf_counter()
city, _ = City.objects.get_or_create(slug="bench", defaults={"name_uk": "Bench", "stage": "draft"})
checked = check_file(city, Path(sys.argv[1]), ImportOptions(), now=timezone.now())
read = time.perf_counter()
edition = commit_boundaries(checked, by="bench", now=timezone.now())
assert edition.errors == 0, edition.report["summary"]
print("checked_s=%.3f total_s=%.3f memory_mb=%d" % (
    read - started, time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""


def ours(path: Path) -> dict[str, float]:
    """Import through the door a coordinator's command uses; seconds and the largest resident memory in MB."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", OURS, str(path)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def ogr2ogr(path: Path) -> float:
    """Load the same file with COPY and an index, unchecked; seconds."""
    started = time.perf_counter()
    subprocess.run(
        ["ogr2ogr", "-f", "PostgreSQL", f"PG:{libpq_url(os.environ['DATABASE_URL'])}", str(path), "-nln", "peer",
         "-overwrite", "-lco", "GEOMETRY_NAME=boundary", "--config", "PG_USE_COPY", "YES"],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - started


def main() -> None:
    """Load in turn, three rounds, medians."""
    require("ogr2ogr:gdal-bin")
    use_own_database(DATABASE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.geojson"
        vertices = write_geojson(path)
        size_mb = path.stat().st_size / 1e6
        runs: list[dict[str, float]] = []
        peers: list[float] = []
        for _ in range(ROUNDS):
            with psycopg.connect(libpq_url(os.environ["DATABASE_URL"])) as connection:
                connection.execute("TRUNCATE geo_boundaryedition CASCADE")
                connection.execute("DROP TABLE IF EXISTS peer")
            runs.append(ours(path))
            peers.append(ogr2ogr(path))
    total = statistics.median(run["total_s"] for run in runs)
    report(
        "import",
        ratios={"import_vs_ogr2ogr": total / statistics.median(peers)},
        figures={
            "ours_s": total,
            "of_it_reading_and_checking_s": statistics.median(run["checked_s"] for run in runs),
            "ogr2ogr_s": statistics.median(peers),
            "memory_mb": statistics.median(run["memory_mb"] for run in runs),
            "vertices": vertices,
            "file_mb": size_mb,
        },
    )


if __name__ == "__main__":
    main()
