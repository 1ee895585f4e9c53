"""A million addresses: brought in from CSV beside ogr2ogr (`_address_import`), then searched (`_address_search`)."""

import subprocess
import sys

from benchmarks._address_import import compare_imports
from benchmarks._address_search import compare_searches
from benchmarks._database import use_own_database
from benchmarks._report import report, require

DATABASE = "dilnychnyi_bench_addresses"


def main() -> None:
    """Measure and report."""
    require("ogr2ogr:gdal-bin", "wrk")
    use_own_database(DATABASE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    ratios, figures = compare_imports()
    search_ratios, search_figures = compare_searches()
    report("addresses", ratios=ratios | search_ratios, figures={**figures, **search_figures})


if __name__ == "__main__":
    main()
