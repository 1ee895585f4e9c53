"""A pilot's year: 1,460 made-up letters of 365 days, as many as the predecessor had, sent and answered by the services.

within_200_m, within_400_m, within_800_m  the share of letters in release areas of that side or less

Told for ordinary and protected topics, over the demonstration's gazetteer of Ternopil and over one as dense as a
register is, a house every 25 m on both sides of the same streets. The database is made anew each time, in some three
minutes, and stays, to be looked at: the last lines say how.
"""

import math
import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import shapely

from benchmarks._database import how_to_look, use_own_database
from benchmarks._report import report

if TYPE_CHECKING:
    from geo.models import City

DATABASE = "dilnychnyi_bench_pilot"
LETTERS, DAYS, SEED = 1_460, 365, 2026
DENSE = "ternopil-dense"
EVERY_M, ASIDE_M = 25, 20
DEGREE_M = 111_195
"""Of latitude, on a sphere of 6,371 km."""


def give_dense_gazetteer(city: "City") -> None:
    """Put houses on both sides of every street of the city in the place of those it has."""
    from django.contrib.gis.geos import Point

    from geo.models import House

    House.objects.filter(street__city=city).delete()
    for street in city.streets.exclude(line=None):
        line = shapely.from_wkb(bytes(street.line.wkb))
        House.objects.bulk_create(
            House(street=street, number=str(number), key=f"{number:05d}", location=Point(lon, lat, srid=4326))
            for number, (lon, lat) in enumerate(beside(line), start=1)
        )


def beside(lines: shapely.MultiLineString) -> Iterator[tuple[float, float]]:
    """Yield a place on each side every 25 m along the lines, 20 m off them; degrees."""
    wide = math.cos(math.radians(lines.centroid.y)) * DEGREE_M
    for line in shapely.get_parts(shapely.transform(lines, lambda at: at * (wide, DEGREE_M))):
        for step in range(int(line.length // EVERY_M)):
            here, ahead = line.interpolate((step + 0.5) * EVERY_M), line.interpolate((step + 0.6) * EVERY_M)
            length = math.dist((here.x, here.y), (ahead.x, ahead.y)) or 1
            across = (here.y - ahead.y) / length * ASIDE_M, (ahead.x - here.x) / length * ASIDE_M
            for side in (1, -1):
                yield (here.x + side * across[0]) / wide, (here.y + side * across[1]) / DEGREE_M


def figures_of(city: "City", prefix: str) -> dict[str, float | int]:
    """Write the year's letters into a city, release what is due, and tell where they lie."""
    from django.utils import timezone

    from analysis.models import Release
    from benchmarks import _release_areas as areas
    from geo.models import House
    from geo.moments import local_day
    from mapui.demo_letters import write_demo_letters

    now, started = timezone.now(), time.perf_counter()
    written = write_demo_letters(city, letters=LETTERS, days=DAYS, now=now, chance=random.Random(SEED))
    figures: dict[str, float | int] = {
        f"{prefix}_houses": House.objects.filter(street__city=city).count(),
        f"{prefix}_letters": written,
        f"{prefix}_writing_s": time.perf_counter() - started,
    }
    year = local_day(now - timedelta(days=DAYS + 1)), local_day(now)
    for kind in (Release.Kind.ORDINARY, Release.Kind.PROTECTED):
        plan = Release.objects.filter(city=city, kind=kind).latest("first").plan
        assert plan is not None
        letters = areas.by_area(areas.places_of_letters(city, year, protected=kind == Release.Kind.PROTECTED), plan)
        figures |= {f"{prefix}_{kind}_areas": plan.areas.count(), f"{prefix}_{kind}_letters": sum(letters.values())}
        figures |= {f"{prefix}_{kind}_{name}": share for name, share in areas.shares_by_side(letters, plan).items()}
    return figures


def main() -> None:
    """Make both cities, fill them, tell the shares."""
    look = how_to_look(DATABASE)
    use_own_database(DATABASE, anew=True)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks._readers import give_readers
    from geo.models import City
    from mapui.demo import CITIES, load_city, load_demo

    call_command("migrate", verbosity=0)
    load_demo(now=timezone.now())
    [training] = (demo for demo in CITIES if demo.stage == City.Stage.TRAINING)
    dense = load_city(replace(training, slug=DENSE, name_uk="Тернопіль, щільний реєстр"), now=timezone.now())
    give_readers(dense)
    give_dense_gazetteer(dense)
    figures = figures_of(City.objects.get(slug=training.slug), "demonstration") | figures_of(dense, "dense")
    print(f"to look: {look}, then /staff/{DENSE}/heatmap/ or /staff/{training.slug}/heatmap/")
    report("pilot", ratios={}, figures=figures)


if __name__ == "__main__":
    main()
