"""How a benchmark ends: a table for people, or one line of JSON."""

import json
import os
import platform
import shutil
import sys


def require(*tools: str) -> None:
    """Exit with what to type when a peer's tool is missing. `tools` are "program:debian-package"."""
    missing = [tool.partition(":") for tool in tools if shutil.which(tool.partition(":")[0]) is None]
    if missing:
        packages = " ".join(sorted({package or program for program, _, package in missing}))
        sys.exit(f"This bench measures beside {packages}. Type: apt-get install {packages}")


def report(bench: str, *, ratios: dict[str, float], figures: dict[str, float | int | str]) -> None:
    """Print figures and ratios; with --json, end with one line of JSON."""
    for name, value in figures.items():
        print(f"{name:42} {value:,.2f}" if isinstance(value, float) else f"{name:42} {value}")
    for name, ratio in ratios.items():
        print(f"{name:42} {ratio:.2f}")
    if "--json" in sys.argv:
        machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
        document = {
            "bench": bench,
            "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
            "figures": figures,
            "machine": machine,
        }
        print(json.dumps(document, ensure_ascii=False))
