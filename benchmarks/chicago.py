"""Real input: Chicago's aggravated assaults of 2010 to 2018 as 133,000 accepted letters, closed month by month.

loss_1_year_200_m, loss_8_years_200_m  PAI at 5 % of the city that is lost where areas are told instead of live cells of
                                       the size that hotspots are looked for in (stay under 0.15)
loss_…_100_m, protected_loss_…         the same beside the finest cells, and for protected topics (stated)

Places are ranked by the letters of 2017, or of 2010 to 2017, and judged by those of 2018: cells by what officers see
live, areas by what analysts are told, sums of masked months. Protected topics go by quarter and in their larger areas,
beside cells of the same letters, which nobody sees. `unmasked` tells the masks' part of the loss.
The database is made anew each time, in some four minutes, and stays, to be looked at: the last lines say how.
"""

import datetime
import os
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks._database import how_to_look, libpq_url, use_own_database
from benchmarks._incidents import SINCE, Loaded, load, require_data
from benchmarks._report import report

if TYPE_CHECKING:
    from geo.models import City

DATABASE, CITY = "dilnychnyi_bench_chicago", "chicago"
CLOSED_ON = datetime.datetime(2019, 2, 2, 12, tzinfo=datetime.UTC)
"""All of 2018 is due then."""
BEFORE = {"1_year": datetime.date(2017, 1, 1), "8_years": SINCE}
UNTIL, TEST = datetime.date(2017, 12, 31), (datetime.date(2018, 1, 1), datetime.date(2018, 12, 31))
ZOOMS = {"200_m": 17, "100_m": 18}
SHARE = 0.05


def close_all(city: "City") -> dict[str, float]:
    """Release every period, and return how long they took: the first one draws its areas."""
    from analysis.closing import close_period
    from analysis.models import Release
    from analysis.periods import periods_due
    from geo.moments import local_day

    figures = {}
    for kind in Release.Kind:
        took = []
        for period in periods_due(kind.span, since=SINCE, today=local_day(CLOSED_ON), delay=1):
            started = time.perf_counter()
            close_period(city=city, kind=kind, period=period, now=CLOSED_ON)
            took.append(time.perf_counter() - started)
        figures |= {f"closing_{kind}_first_s": took[0], f"closing_{kind}_ms": statistics.median(took[1:]) * 1000}
    return figures


def costs(city: "City", *, protected: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Return what is lost at 5 % for each time of learning, and the figures it rests on."""
    from analysis.models import Release
    from benchmarks import _release_areas as areas

    kind = Release.Kind.PROTECTED if protected else Release.Kind.ORDINARY
    releases = Release.objects.filter(city=city, kind=kind)
    plan = releases.latest("first").plan
    assert plan is not None
    m2 = areas.m2_by_area(plan)
    city_m2 = sum(m2.values())
    later = areas.places_of_letters(city, TEST, protected=protected)
    losses, figures = {}, {"areas": len(m2), **areas.shares_by_side(areas.by_area(later, plan), plan)}
    for name, first in BEFORE.items():
        earlier = areas.places_of_letters(city, (first, UNTIL), protected=protected)
        after, unmasked = areas.by_area(later, plan), areas.by_area(earlier, plan)
        told = areas.told_by_area(releases.whole_within(first, UNTIL))
        released = areas.pai(told, after, m2, city_m2=city_m2, share=SHARE)
        figures[f"pai_released_{name}"] = released
        figures[f"pai_unmasked_{name}"] = areas.pai(unmasked, after, m2, city_m2=city_m2, share=SHARE)
        for size, zoom in ZOOMS.items():
            before, after = areas.by_cell(earlier, zoom), areas.by_cell(later, zoom)
            m2_of_cells = areas.m2_by_cell({*before, *after}, zoom)
            live = areas.pai(before, after, m2_of_cells, city_m2=city_m2, share=SHARE)
            figures[f"pai_cells_{name}_{size}"] = live
            losses[f"loss_{name}_{size}"] = 1 - released / live
    return losses, figures


def loaded_figures(loaded: Loaded) -> dict[str, float | int]:
    """Return what the loading made and took."""
    return {
        "letters": loaded.letters,
        "incidents_in_no_beat": loaded.outside,
        "houses": loaded.houses,
        "inserting_s": loaded.inserting_s,
        "accepting_s": loaded.accepting_s,
        "accepting_ms_a_letter": loaded.accepting_s / loaded.letters * 1000,
    }


def main() -> None:
    """Make the city, close everything, tell what it took and what is lost."""
    require_data()
    look = how_to_look(DATABASE)
    use_own_database(DATABASE, anew=True)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from analysis.counting import differences
    from benchmarks._readers import give_readers
    from mapui.demo import load_demo

    call_command("migrate", verbosity=0)
    load_demo(now=timezone.now())
    print("letting 133,000 letters in, then closing every period …", flush=True)
    loaded = load(libpq_url(os.environ["DATABASE_URL"]), slug=CITY)
    give_readers(loaded.city)
    assert not differences("default"), "the counts are not those of a recount"
    closing = close_all(loaded.city)
    losses, ordinary = costs(loaded.city, protected=False)
    protected_losses, protected = costs(loaded.city, protected=True)
    print(f"to look: {look}, then /staff/{CITY}/heatmap/?from=2018-01-01&to=2018-12-31")
    report(
        "chicago",
        ratios=losses | {f"protected_{name}": loss for name, loss in protected_losses.items()},
        figures={
            **loaded_figures(loaded),
            **closing,
            **{f"ordinary_{name}": value for name, value in ordinary.items()},
            **{f"protected_{name}": value for name, value in protected.items()},
        },
    )


if __name__ == "__main__":
    main()
