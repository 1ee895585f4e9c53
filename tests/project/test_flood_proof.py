"""Proof: while a crowd floods the doors of letters and receipts, honest people write and read without waiting."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.project.flooder import PER_S, WRITERS

ROOT = Path(__file__).resolve().parents[2]
FLOOD_S = float(os.environ.get("FLOOD_S", "60"))
OPENED_BEFORE_S = 65
"""So long before the flood the crowd opens its pages: their keys have waited for longer than BUSY_WAIT_S."""
P95_MAX_S = 1.0
LETTERS = "SELECT count(*) FROM appeals_appeal"


@pytest.fixture
def port(dev: ModuleType, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The site as docs/operations.md serves it, with the training city, behind a proxy that names the addresses."""
    for setting in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(setting, raising=False)
    site = dev.environment_for(cluster) | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "localhost",
        "BEHIND_PROXY": "1",
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    dev.ensure_tables(cluster, site)
    owner = site | {"DATABASE_URL": site["DATABASE_OWNER_URL"]}
    subprocess.run([sys.executable, "-m", "tests.project.letter_writer", "build"], cwd=ROOT, env=owner, check=True)
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=site, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(number)]
    granian += ["--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
    with (tmp_path / "granian.log").open("w") as log:
        server = subprocess.Popen(granian, cwd=ROOT, env=site, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(number)
            yield number
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # with its workers, whatever they are doing
            server.wait(20)


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    url = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"})
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the site does not answer")


@pytest.mark.prove
def test_honest_writers_get_through_a_flood(port: int, cluster: Any) -> None:
    start = time.time() + OPENED_BEFORE_S
    deeds = {
        deed: subprocess.Popen(
            [sys.executable, "-m", "tests.project.flooder", deed, str(port), str(FLOOD_S), str(start)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for deed in ("flood", "write")
    }  # fmt: skip
    told = {}
    for deed, process in deeds.items():
        told[deed] = json.loads(process.communicate(timeout=OPENED_BEFORE_S + FLOOD_S + 120)[0])
    flood, honest = told["flood"], told["write"]

    print(f"\nflood: {flood['sent']} requests, {flood['per_s']:.0f}/s, all answered after {flood['ended_s']:.1f} s")
    for kind, count in sorted(flood["told"].items()):
        print(f"  {kind}: {count}")
    for what, took in honest["took"].items():
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
        print(f"{what}: {len(took)}, p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, max {max(took) * 1000:.0f} ms")
    letters = int(cluster.ask(LETTERS, role="postgres").strip())
    sent = len(honest["took"]["sending by page"]) + len(honest["took"]["sending by API"])
    print(f"{letters} letters in the database, {sent} of them honest")

    assert honest["failed"] == []
    assert sent >= WRITERS * 2
    assert flood["per_s"] >= PER_S * 0.98
    assert {kind: count for kind, count in flood["told"].items() if kind.split()[-1].startswith("5")} == {}
    for what, took in honest["took"].items():
        assert statistics.quantiles(took, n=20)[18] < P95_MAX_S, what
