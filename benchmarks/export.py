"""A million release areas as GeoJSON over HTTP, beside ogr2ogr from the same table.

vs_ogr2ogr  our rows a second / ogr2ogr's (at least 2.5)
memory_mb   the most that a process of the server ever held, and beside it what it held before (under 150)

Ours goes through the whole site, with a script's token and a line in the log of exports; it sums what was released of
each area, and tells a point inside. ogr2ogr reads the bare columns of the areas. Both write a file.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks._database import libpq_url, use_own_database
from benchmarks._report import report, require
from benchmarks._serving import HEADERS, PORT, serving_ours

DATABASE = "dilnychnyi_bench_export"
ROWS = int(os.environ.get("EXPORT_ROWS", "1000000"))
ROUNDS = 3
URL = f"http://127.0.0.1:{PORT}/api/v1/analysis/export/?city=bench&what=areas&format=geojson"
PEER = "SELECT id, number, addresses, cells, reason, district_id, shape FROM analysis_releasearea"

AREAS = """
    INSERT INTO analysis_releasearea (plan_id, district_id, number, addresses, cells, reason, shape)
    SELECT %(plan)s, %(first)s + n / 1000 %% 50, n + 1, 8 + n %% 9, 1 + n %% 7, '',
        ST_Multi(ST_MakeEnvelope(22 + x * 0.0014, 47 + y * 0.0009, 22 + (x + 1) * 0.0014, 47 + (y + 1) * 0.0009, 4326))
    FROM generate_series(0, %(rows)s - 1) AS n CROSS JOIN LATERAL (SELECT n %% 1000 AS x, n / 1000 AS y) AS place
"""
FIGURES = """
    INSERT INTO analysis_areafigure (release_id, area_id, category, at_least, at_most)
    SELECT %(release)s, id, 'noise', n, greatest(4, n)
    FROM analysis_releasearea CROSS JOIN LATERAL (SELECT 1 + (id %% 3 = 0)::integer * (4 + id %% 20) AS n) AS letters
    WHERE id %% 4 = 0
"""
FILL = """
import django, sys
django.setup()
import datetime
from django.db import connection, transaction
from django.utils import timezone
from analysis.models import AreaPlan, Release
from analysis.tokens import make_token
from benchmarks.export import AREAS, FIGURES
from geo.models import BoundaryEdition, City, District
from people.models import Membership, User
now, rows = timezone.now(), int(sys.argv[1])
with transaction.atomic():
    city, is_new = City.objects.get_or_create(slug="bench", defaults={"name_uk": "Bench", "stage": "open"})
    if is_new:
        owner = User.objects.create_user("bench@example.org")
        Membership.objects.create(user=owner, city=city, role="analyst")
        districts = [District.objects.create(city=city, code=str(n), name_uk=str(n)) for n in range(1, 51)]
        edition = BoundaryEdition.objects.create(
            city=city, number=1, source="bench", recorded_at=now, recorded_by="bench")
        plan = AreaPlan.objects.create(
            city=city, sensitivity="ordinary", number=1, edition=edition, addresses=rows * 12,
            addresses_sha256="0" * 64, min_addresses=8, min_side=1, min_side_without_addresses=4, drawn_at=now)
        with connection.cursor() as cursor:
            cursor.execute(AREAS, {"plan": plan.pk, "first": districts[0].pk, "rows": rows})
        first, last = datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)
        release = Release.objects.create(
            city=city, kind="ordinary", first=first, last=last, plan=plan, categories=["noise"], small=4)
        with connection.cursor() as cursor:
            cursor.execute(FIGURES, {"release": release.pk})
        release.closed_at = now
        release.save()
    owner = User.objects.get(email="bench@example.org")
    given = {"city": city, "name": "bench", "kinds": ["releases"], "lasts": datetime.timedelta(days=1), "at": now}
    print(make_token(owner=owner, **given)[1])
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE analysis_releasearea, analysis_areafigure")
"""


def filled() -> str:
    """Make the areas where there are none yet, and return a token for them."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(ROWS)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip()


def ours(token: str, path: Path) -> float:
    """Download the file; seconds."""
    headers = [f"{name}: {value}" for name, value in (HEADERS | {"Authorization": f"Bearer {token}"}).items()]
    started = time.perf_counter()
    subprocess.run(
        ["curl", "-sSf", "-o", str(path), *(part for header in headers for part in ("-H", header)), URL], check=True
    )
    return time.perf_counter() - started


def ogr2ogr(path: Path) -> float:
    """Write the same areas to a file; seconds."""
    path.unlink(missing_ok=True)
    source = f"PG:{libpq_url(os.environ['DATABASE_URL'])}"
    started = time.perf_counter()
    subprocess.run(["ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=YES", str(path), source, "-sql", PEER], check=True)
    return time.perf_counter() - started


def features_in(path: Path) -> int:
    """Count the features of a file, which stand one a line."""
    with path.open("rb") as file:
        return sum(b'"type":"Feature"' in line.replace(b": ", b":").replace(b" }", b"}") for line in file)


def most_memory_mb(parent: int) -> float:
    """Return the most memory that any child of a process ever held."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    held = [
        int(line.split()[1]) / 1024
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max(held)


def main() -> None:
    """Export in turn, three rounds, medians."""
    require("ogr2ogr:gdal-bin", "curl:curl")
    use_own_database(DATABASE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    token = filled()
    with psycopg.connect(libpq_url(os.environ["DATABASE_URL"])) as connection:
        [rows] = connection.execute("SELECT count(*) FROM analysis_releasearea").fetchone() or [0]
    mine: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder, serving_ours() as pid:
        path, peer = Path(folder) / "ours.geojson", Path(folder) / "peer.geojson"
        before_mb = most_memory_mb(pid)
        for _ in range(ROUNDS):
            mine.append(ours(token, path))
            theirs.append(ogr2ogr(peer))
        found = features_in(path), features_in(peer)
        if found != (rows, rows):
            sys.exit(f"the files hold {found} of {rows} areas")
        memory_mb, size_mb = most_memory_mb(pid), path.stat().st_size / 1e6
    rate, peer_rate = rows / statistics.median(mine), rows / statistics.median(theirs)
    report(
        "export",
        ratios={"vs_ogr2ogr": rate / peer_rate},
        figures={
            "rows": rows,
            "rows_per_s": rate,
            "ogr2ogr_rows_per_s": peer_rate,
            "memory_mb": memory_mb,
            "memory_before_mb": before_mb,
            "file_mb": size_mb,
        },
    )


if __name__ == "__main__":
    main()
