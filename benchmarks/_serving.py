"""Servers that are measured, and wrk that asks them from eight persistent connections."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = 8
WORKERS = str(os.cpu_count() or 1)
"""One process a core, for ours and the peers: with more, all are slower."""
HEADERS = {"X-Forwarded-Proto": "https", "Host": "localhost"}
PORT = 8991

DONE = """
done = function(_, latency)
  io.write(string.format("p50_us=%d p95_us=%d\\n", latency:percentile(50), latency:percentile(95)))
end
"""


class Speed(NamedTuple):
    """What wrk saw: requests a second, and the latencies in ms that half and 95 of 100 stayed under."""

    per_s: float
    p50_ms: float
    p95_ms: float


@contextlib.contextmanager
def serving(command: list[str], url: str, env: dict[str, str]) -> Iterator[int]:
    """Run a server until the block ends and give its process id; it must answer `url` within 30 s."""
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(150):
            with contextlib.suppress(OSError), urllib.request.urlopen(ask(url), timeout=2) as answer:
                if answer.status == 200:
                    break
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.2)
        else:
            sys.exit(f"{url} did not answer")
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a worker left behind would answer in the next run
        process.wait()


def ask(url: str) -> urllib.request.Request:
    """Return a request as a proxy would pass it on."""
    return urllib.request.Request(url, headers=HEADERS)


def serving_ours() -> contextlib.AbstractContextManager[int]:
    """Serve the site as in production, the views of `benchmarks.urls` beside it, without a limit of calls."""
    env = os.environ | {
        "DEBUG": "0", "ALLOWED_HOSTS": "localhost", "BEHIND_PROXY": "1", "PUBLIC_API_RATE_PER_MINUTE": "1000000000",
        "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", WORKERS, "--blocking-threads", "1",
               "--no-ws", "--port", str(PORT), "benchmarks.wsgi:application"]  # fmt: skip
    return serving(granian, f"http://127.0.0.1:{PORT}/api/v1/bare/", env)


def wrk(script: str, *, what: str, seconds: int, port: int = PORT, connections: int = CONNECTIONS) -> Speed:
    """Measure with a Lua script that makes the requests; `what` names them where one was not answered with 200."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + DONE)
        file.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", file.name, f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    if "Non-2xx" in done or "Socket errors" in done:
        sys.exit(f"{what}: not every request was answered with 200:\n{done}")
    [per_s] = re.findall(r"Requests/sec:\s+([\d.]+)", done)
    [(p50_us, p95_us)] = re.findall(r"p50_us=(\d+) p95_us=(\d+)", done)
    return Speed(float(per_s), int(p50_us) / 1000, int(p95_us) / 1000)
