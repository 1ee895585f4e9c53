"""Is the service alive, and is it ready? For a proxy or a monitor; nothing about people or the machine is told."""

import datetime
import logging

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection
from django.db import Error as DriverError
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appeals.jobs import queue_age
from geo.checks import database_faults

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, has PostGIS, reads Cyrillic and has its tables, jobs are taken; else 503 with the fault."""
    faults = database_faults(DEFAULT_DB_ALIAS) or table_faults() or queue_faults(timezone.now())
    for fault in faults:
        logger.error("not ready: %s %s", fault.msg, fault.hint or "")
    said = {"status": "not ready" if faults else "ok", "faults": [str(fault.msg) for fault in faults]}
    return JsonResponse(said, status=503 if faults else 200)


def table_faults() -> list[CheckMessage]:
    """Return whether migrations are waiting."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DriverError as error:
        return [Error("The tables cannot be read.", hint=str(error))]
    return [Error("The tables are not up to date.", hint="manage.py migrate")] if waiting else []


def queue_faults(now: datetime.datetime) -> list[CheckMessage]:
    """Return whether a job has waited for too long: no worker runs, or none keeps up."""
    age = queue_age(now=now)
    if age.total_seconds() <= settings.QUEUE_AGE_MAX_S:
        return []
    waited = f"the oldest job has waited for {age.total_seconds():.0f} s"
    return [Error("No worker takes the jobs: mails wait.", hint=f"{waited}; manage.py procrastinate worker")]
