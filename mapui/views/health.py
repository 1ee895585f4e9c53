"""Is the service alive, and is it ready? For a proxy or a monitor; nothing about people or the machine is told."""

import datetime
import functools
import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection
from django.db import Error as DriverError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appeals.jobs import queue_age
from geo.checks import database_faults

logger = logging.getLogger(__name__)
KEPT_FOR_S = 1.0
"""An answer holds for so long in each process: a monitor that asks often, or somebody else, costs nothing more."""
MEDIA_FREE_BYTES = 200_000_000
"""Less free space where uploads lie, and the largest file that staff may bring would not fit."""
OF_THE_DATABASE = {"geo.E002": "database", "geo.E003": "postgis", "geo.E004": "locale"}
CHECKS = ("database", "postgis", "locale", "migrations", "queue", "media")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found at a moment of the process's own clock, in s: each fault under the name of its check."""

    at_s: float
    faults: dict[str, CheckMessage]

    def told(self) -> dict[str, object]:
        """Say for each check whether it passed; what needs the database is not known while it does not answer."""
        unknown = {"postgis", "locale", "migrations", "queue"} if "database" in self.faults else set()
        return {
            "status": "not ready" if self.faults else "ok",
            "checks": {
                name: "failed" if name in self.faults else "unknown" if name in unknown else "ok" for name in CHECKS
            },
            "faults": [str(fault.msg) for fault in self.faults.values()],
        }


_last: Readiness | None = None


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database has PostGIS, reads Cyrillic and has its tables, jobs are taken, uploads have room; else 503."""
    global _last  # noqa: PLW0603 - what one process knows
    now_s = time.monotonic()
    found = _last
    if found is None or now_s - found.at_s >= KEPT_FOR_S:
        found = _last = Readiness(now_s, faults_at(timezone.now()))
        for name, fault in found.faults.items():
            logger.error("not ready: %s: %s %s", name, fault.msg, fault.hint or "")
    return JsonResponse(found.told(), status=503 if found.faults else 200)


def faults_at(now: datetime.datetime) -> dict[str, CheckMessage]:
    """Return what is wrong at a moment, under the name of the check."""
    faults = {OF_THE_DATABASE[str(fault.id)]: fault for fault in database_faults(DEFAULT_DB_ALIAS)}
    found = [("media", media_faults(Path(settings.MEDIA_ROOT)))]
    if "database" not in faults:
        found = [("migrations", table_faults()), ("queue", queue_faults(now)), *found]
    return faults | {name: fault for name, some in found for fault in some}


def table_faults() -> list[CheckMessage]:
    """Return whether migrations are waiting."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DriverError as error:
        return [Error("The tables cannot be read.", hint=str(error))]
    return [Error("The tables are not up to date.", hint="manage.py migrate")] if shipped() - set(applied) else []


@functools.cache
def shipped() -> frozenset[tuple[str, str]]:
    """Return app and name of every migration that this release brings."""
    return frozenset(MigrationLoader(None).graph.nodes)


def queue_faults(now: datetime.datetime) -> list[CheckMessage]:
    """Return whether a job has waited for too long: no worker runs, or none keeps up."""
    try:
        age = queue_age(now=now)
    except DriverError as error:
        return [Error("The jobs cannot be read.", hint=str(error))]
    if age.total_seconds() <= settings.QUEUE_AGE_MAX_S:
        return []
    waited = f"the oldest job has waited for {age.total_seconds():.0f} s"
    return [Error("No worker takes the jobs: mails wait.", hint=f"{waited}; manage.py procrastinate worker")]


def media_faults(folder: Path) -> list[CheckMessage]:
    """Return whether uploads cannot be kept: the folder, or the nearest there is of those above it, is the disk's."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        return [Error("Uploads cannot be written.", hint=f"{there} belongs to another user, or is read-only")]
    if shutil.disk_usage(there).free < MEDIA_FREE_BYTES:
        return [Error("The disk of uploads is full.", hint=str(there))]
    return []
