"""A million addresses: brought in from CSV, beside ogr2ogr's load of the same file (see `_address_import`)."""

import subprocess
import sys

from benchmarks._address_import import compare_imports
from benchmarks._database import use_own_database
from benchmarks._report import report, require

DATABASE = "dilnychnyi_bench_addresses"


def main() -> None:
    """Measure and report."""
    require("ogr2ogr:gdal-bin")
    use_own_database(DATABASE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    ratios, figures = compare_imports()
    report("addresses", ratios=ratios, figures={**figures})


if __name__ == "__main__":
    main()
