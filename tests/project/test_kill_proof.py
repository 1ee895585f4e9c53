"""Proof: the database server is killed with -9 while letters are sent; no acknowledged letter is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, WRITERS = 10, 4
SEED = int(os.environ.get("PROOF_SEED", "1"))
COUNTS = "SELECT count(*), count(DISTINCT number), min(number), max(number) FROM appeals_appeal"
UNSEALABLE = "SELECT count(*) FROM appeals_appeal WHERE id NOT IN (SELECT appeal_id FROM appeals_letterkey)"
WITHOUT_HISTORY = "SELECT count(*) FROM appeals_appeal WHERE id NOT IN (SELECT appeal_id FROM appeals_event)"


@pytest.mark.prove
def test_letters_outlive_a_server_that_is_killed(
    dev: ModuleType, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(setting, raising=False)
    site = dev.environment_for(cluster) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    owner = site | {"DATABASE_URL": site["DATABASE_OWNER_URL"]}
    writer = [sys.executable, "-m", "tests.project.letter_writer"]
    dev.ensure_tables(cluster, site)
    subprocess.run([*writer, "build"], cwd=ROOT, env=owner, check=True)

    told = [tmp_path / f"writer-{number}" for number in range(WRITERS)]
    writers = [subprocess.Popen([*writer, "write"], cwd=ROOT, env=site, stdout=path.open("w")) for path in told]
    chance = random.Random(SEED)
    try:
        for _ in range(ROUNDS):
            before = acknowledged(told)
            deadline = time.monotonic() + 300  # four writers start slowly on a machine that others use too
            while len(acknowledged(told)) < len(before) + WRITERS and time.monotonic() < deadline:
                time.sleep(0.05)
            assert len(acknowledged(told)) >= len(before) + WRITERS, "letters are sent again after the kill"
            time.sleep(chance.uniform(0, 1))
            os.kill(int(cluster._living_server()[0]), signal.SIGKILL)
            while cluster._living_server():  # a killed process takes a moment to be gone
                time.sleep(0.01)
            cluster.start()
        assert [one.poll() for one in writers] == [None] * WRITERS, "every writer still writes"
    finally:
        for one in writers:
            one.kill()
            one.wait()

    lines = acknowledged(told)
    lost = subprocess.run(
        [*writer, "check"], cwd=ROOT, env=site, input="\n".join(lines), capture_output=True, text=True, check=True
    ).stdout
    assert lost == ""
    letters, numbers, first, last = map(int, cluster.ask(COUNTS, role="postgres").strip().split("|"))
    print(f"{ROUNDS} kills, {len(lines)} letters acknowledged, {letters} in the database")
    assert (letters, 1, letters) == (numbers, first, last), "numbers without gaps"
    # More would be letters that were sent twice: each writer asks for one at a time, and was ended within one.
    assert len(lines) == len(set(lines)) <= letters <= len(lines) + WRITERS
    for question in (UNSEALABLE, WITHOUT_HISTORY):
        assert cluster.ask(question, role="postgres").strip() == "0"


def acknowledged(told: list[Path]) -> list[str]:
    """Return the finished lines of all writers: one a letter that somebody was told is safe."""
    return [line for path in told for line in path.read_text().split("\n")[:-1]]
