"""Processors that do not fall asleep between two questions.

To wake a halted processor of a virtual machine takes as long as our smallest question, twice for each: there, and back.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

SPIN = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"


@contextlib.contextmanager
def processors_awake() -> Iterator[None]:
    """Keep every processor busy with what gives way to anything else at once."""
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for each in spinning:
            each.kill()
            each.wait()
