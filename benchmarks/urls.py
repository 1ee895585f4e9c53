"""The site's addresses and, for comparison, views that do nothing or ask plain SQL behind the same middleware."""

import os

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from benchmarks._plain_sql import begun, labels_by_gin, labels_by_gist


def bare(request: HttpRequest) -> JsonResponse:
    """Answer without any work: the ceiling of the framework."""
    return JsonResponse({"district": {"code": "1", "name": "bare"}})


@csrf_exempt
def bare_insert(request: HttpRequest) -> JsonResponse:
    """Commit one row of the size of a sealed letter, and nothing else: the ceiling of framework and disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_letter (received_at, letter) VALUES (now(), %s) RETURNING id", [os.urandom(1600)]
        )
        [number] = cursor.fetchone()
    return JsonResponse({"number": number}, status=201)


urlpatterns = [
    path("api/v1/bare/", bare),
    path("api/v1/bare-insert/", bare_insert),
    path("labels/gin/", labels_by_gin),
    path("labels/gist/", labels_by_gist),
    path("begun/", begun),
    path("", include("config.urls")),
]
