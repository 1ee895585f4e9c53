"""Searching a million addresses over HTTP, 8 connections, beside trigram indexes over labels and plain SQL.

vs_label_index         ours / the faster trigram index, requests/s of full addresses with a mistake (at least 5)
hits_vs_label_index    found among ten: ours / the index that finds more (at least 1)
prefix_p95_vs_sql      p95 of type-ahead, ours / plain SQL that any view would ask (at most 3)
"""

import json
import os
import random
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from benchmarks._addresses import addresses
from benchmarks._database import libpq_url
from benchmarks._plain_sql import build
from benchmarks._serving import CONNECTIONS, PORT, Speed, ask, serving_ours, wrk
from benchmarks._typed import Typed, beginnings, with_typos

SECONDS, ROUNDS, ASKED, JUDGED, SEED = 4, 3, 2_000, 400, 20261124
PAUSE_S = 1.5
"""The servers still work on what wrk no longer waits for: up to eight slow queries of the peer before."""
PATHS = """
local paths = {{}}
for path in io.lines("{file}") do paths[#paths + 1] = path end
math.randomseed({seed})
request = function()
  return wrk.format("GET", paths[math.random(#paths)], {{["X-Forwarded-Proto"]="https", ["Host"]="localhost"}})
end
"""


def compare_searches() -> tuple[dict[str, float], dict[str, float | int | str]]:
    """Return ratios and figures for the gazetteer of the city "bench" in DATABASE_URL: three rounds, medians."""
    build(libpq_url(os.environ["DATABASE_OWNER_URL"]))
    chosen = set(random.Random(SEED).sample(range(1_000_000), ASKED))
    sample = [address for number, address in enumerate(addresses()) if number in chosen]
    random.Random(SEED).shuffle(sample)
    full, begun = with_typos(sample, SEED), beginnings(sample, SEED)
    paths = {
        "ours": [_ours(typed) for typed in full],
        "gin": [f"/labels/gin/?{urlencode({'q': typed.text})}" for typed in full],
        "gist": [f"/labels/gist/?{urlencode({'q': typed.text})}" for typed in full],
        "prefix": [_ours(typed) for typed in begun],
        "prefix_sql": [f"/begun/?{urlencode({'letters': t.letters, 'digits': t.digits})}" for t in begun],
        "bare": ["/api/v1/bare/"],
    }
    with tempfile.TemporaryDirectory() as folder, serving_ours() as server:
        memory_mb = _largest_memory_mb(server)
        found = {name: _found(paths[name], full) for name in ("ours", "gin", "gist")}
        memory_mb, bare_memory_mb = _largest_memory_mb(server), memory_mb
        files = {name: Path(folder) / name for name in paths}
        for name, file in files.items():
            file.write_text("\n".join(paths[name]))
        runs: dict[str, list[Speed]] = {name: [] for name in paths}
        for seed in range(ROUNDS):
            for name, file in files.items():
                time.sleep(PAUSE_S)
                runs[name].append(wrk(PATHS.format(file=file, seed=seed), what=name, seconds=SECONDS))
    rate = {name: statistics.median(run.per_s for run in each) for name, each in runs.items()}
    p95 = {name: statistics.median(run.p95_ms for run in each) for name, each in runs.items()}
    ratios = {
        "vs_label_index": rate["ours"] / max(rate["gin"], rate["gist"]),
        "hits_vs_label_index": found["ours"] / max(found["gin"], found["gist"]),
        "prefix_p95_vs_sql": p95["prefix"] / p95["prefix_sql"],
    }
    figures: dict[str, float | int | str] = {
        **{f"search_{name}_per_s": value for name, value in rate.items()},
        **{f"search_{name}_p95_ms": value for name, value in p95.items()},
        **{f"search_{name}_hit_at_10": value for name, value in found.items()},
        "worker_memory_mb": memory_mb,
        "worker_memory_without_dictionary_mb": bare_memory_mb,
    }
    return ratios, figures


def _ours(typed: Typed) -> str:
    return f"/api/v1/addresses/?{urlencode({'city': 'bench', 'q': typed.text})}"


def _found(paths: Sequence[str], typed: Sequence[Typed]) -> float:
    """The share of the addresses meant that stand among the answers to the first `JUDGED` texts."""

    def stands(path: str, meant: str) -> bool:
        with urllib.request.urlopen(ask(f"http://127.0.0.1:{PORT}{path}")) as answer:
            return meant in {each["label"] for each in json.load(answer)}

    with ThreadPoolExecutor(CONNECTIONS) as clients:
        hits = clients.map(stands, paths[:JUDGED], (each.label for each in typed))
        return statistics.mean(hits)


def _largest_memory_mb(server: int) -> float:
    """The resident memory in MB of the largest process among a server's workers."""
    return max(_resident_mb(child) for child in _children(server))


def _children(process: int) -> Iterable[int]:
    return map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
