"""Is the service alive, and is it ready? For a proxy or a monitor; nothing about people is told."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.checks import database_faults


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, has PostGIS, reads Cyrillic, and its tables are up to date; else 503 with what is wrong."""
    faults = [str(fault.msg) for fault in database_faults(DEFAULT_DB_ALIAS)]
    if not faults:
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                faults.append("Tables are not up to date: run migrate.")
        except DatabaseError as error:
            faults.append(f"The database does not answer: {error}")
    return JsonResponse({"status": "not ready" if faults else "ok", "faults": faults}, status=503 if faults else 200)
