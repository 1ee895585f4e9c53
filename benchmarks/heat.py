"""The heatmap's views over a million and ten million letters, beside tiles of points and a grid of hexagons.

vs_point_mvt             ST_AsMVT of the points / ours, with the same filters, the worst view (at least 7)
vs_point_mvt_unfiltered  the same, the worst of the views that show everything (at least 15)
vs_hexagons              a join with ST_HexagonGrid / ours, the worst view (at least 50)
growth                   a view of the city over ten million letters / over a million, the worse one (at most 6)
closing_vs_group_by      closing a month of a million letters / a plain GROUP BY over them that writes nothing; of
                         fewer letters it says nothing, for a release has its areas to look up however few there are

Every view has 256 cells: a quarter (a tile of zoom 14, cells of 100 m), the city (12) and the region (9), of three
topics and the last 90 days, or of everything there is. Ours is the one statement that counts, as a supervisor asks it;
it must count each point once. "drawn" beside it also writes the squares as GeoJSON, as the map is sent them.

BENCH_LETTERS=100000 takes fewer letters than ten million, to try it out. With fewer than a million in its tenth a
filtered view is a question of a millisecond or two for every way, and says little. Ten million want 5 GB of disk and
ten minutes to be filled, and stay for the next time.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psycopg

from benchmarks._awake import processors_awake
from benchmarks._database import libpq_url, use_own_database
from benchmarks._region import Region, fill
from benchmarks._report import report
from benchmarks._views import TILES, View

MILLION = 1_000_000
LETTERS = int(os.environ.get("BENCH_LETTERS", 10 * MILLION))
DATABASE = f"dilnychnyi_bench_heat_{LETTERS}"
MONTH = Region("month", LETTERS // 10, date(2025, 1, 1), 31)
SMALL = Region("tenth", LETTERS // 10, date(2020, 1, 1), 1_826)
LARGE = Region("whole", LETTERS, date(2020, 1, 1), 1_826)
ROUNDS = 3

GROUP_BY = f"""
SELECT count(*) FROM (
    SELECT district_id, ST_SnapToGrid(place, 100), category_id, count(*) FROM {MONTH.points} GROUP BY 1, 2, 3
) AS sums
"""
CLOSE = """
import django, resource, sys, time
django.setup()
from django.db import transaction
from django.utils import timezone
from analysis.closing import close_period
from analysis.drawing import plan_for
from analysis.models import Release, ReleaseArea
from analysis.periods import Period
from geo.models import City
from geo.moments import end_of_local_day
city, period, now = City.objects.get(slug=sys.argv[1]), Period.read(sys.argv[2]), timezone.now()
started = time.perf_counter()
plan = plan_for(city, "ordinary", at=end_of_local_day(period.last), now=now)
drawn = time.perf_counter()
with transaction.atomic():
    close_period(city=city, kind=Release.Kind.ORDINARY, period=period, now=now)
    transaction.set_rollback(True)
print("drawing_s=%.3f closing_s=%.3f areas=%d memory_mb=%d" % (
    drawn - started, time.perf_counter() - drawn, ReleaseArea.objects.filter(plan=plan).count(),
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""
"""Rolled back, so that it can be measured again: a period is released once. Its areas stay as they were drawn first."""


def close() -> dict[str, float]:
    """Close the month in a process of its own: seconds, areas, the largest resident memory in MB."""
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", CLOSE, MONTH.slug, f"{MONTH.since:%Y-%m}"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def group_by(connection: "psycopg.Connection[object]") -> float:
    """Sum the month's points by district, square of 100 m of the map and topic; seconds."""
    started = time.perf_counter()
    connection.execute(GROUP_BY).fetchall()
    return time.perf_counter() - started


def main() -> None:
    """Fill the database once, then measure each beside its peers in turn, medians."""
    is_new = use_own_database(DATABASE)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    url = libpq_url(os.environ["DATABASE_URL"])
    filling = time.perf_counter()
    if is_new:
        print(f"filling {LETTERS:,} letters (once) …", flush=True)
        fill(url, MONTH, SMALL, LARGE)
    filling = time.perf_counter() - filling
    views = [View(region, tile, filtered) for region in (SMALL, LARGE) for tile in TILES for filtered in (True, False)]
    closings, sums = [close()], list[float]()
    connected = psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)
    with processors_awake(), connected as connection:
        for view in views:
            view.check(connection)
            view.measure(connection)  # warms up
        for view in views:
            view.forget()
        for _ in range(ROUNDS):
            for view in views:
                view.measure(connection)
            closings.append(close())
            sums.append(group_by(connection))
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    drawing, *closed = closings
    closing_s = statistics.median(each["closing_s"] for each in closed)
    of_closing = {"closing_vs_group_by": closing_s / statistics.median(sums)} if MONTH.letters >= MILLION else {}
    pairs = zip(views[: len(views) // 2], views[len(views) // 2 :], strict=True)
    report(
        "heat",
        ratios={
            "vs_point_mvt": min(view.times("mvt") for view in views),
            "vs_point_mvt_unfiltered": min(view.times("mvt") for view in views if not view.filtered),
            "vs_hexagons": min(view.times("hexagons") for view in views),
            "growth": max(
                large.median("ours") / small.median("ours") for small, large in pairs if small.tile == "city"
            ),
            **of_closing,
        },
        figures={
            **{f"{view.name}_{way}_ms": view.median(way) * 1000 for view in views for way in view.took},
            "drawn_vs_point_mvt": min(view.median("mvt") / view.median("drawn") for view in views),
            "letters": LETTERS,
            "letters_of_the_month": MONTH.letters,
            "areas": int(drawing["areas"]),
            "drawing_areas_s": drawing["drawing_s"],
            "closing_s": closing_s,
            "closing_memory_mb": statistics.median(each["memory_mb"] for each in closed),
            "group_by_s": statistics.median(sums),
            "filling_s": filling,
            "database_mb": size / 1e6,
        },
    )


if __name__ == "__main__":
    main()
