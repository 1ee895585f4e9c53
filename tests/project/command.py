"""`./dev`, called as a person would call it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def without_ours() -> dict[str, str]:
    """The environment as a person has it, without what `./dev test` has set."""
    ours = {
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "SECRET_KEY",
        "LETTER_KEYS",
        "SECOND_FACTOR_KEY",
        "READING_LOG_KEY",
        "DEBUG",
        "ALLOWED_HOSTS",
        "CHROMIUM",
    }
    return {name: value for name, value in os.environ.items() if name not in ours}


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `./dev` as a person would."""
    return subprocess.run(
        [sys.executable, ROOT / "dev", *arguments],
        env=without_ours() | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something that takes a moment, at most ten seconds."""
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline, "it did not happen within 10 s"
        time.sleep(0.02)
