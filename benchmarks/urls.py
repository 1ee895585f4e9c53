"""The site's addresses and, for comparison, views that do nothing or ask plain SQL behind the same middleware."""

import os

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from benchmarks._plain_sql import begun, labels_by_gin, labels_by_gist
from geo.api import PublicView


def bare(request: HttpRequest) -> JsonResponse:
    """Answer without any work: the ceiling of the framework."""
    return JsonResponse({"district": {"code": "1", "name": "bare"}})


class BareInsertView(PublicView):
    """Commit one row of the size of a sealed letter behind the API's own limit, parser and renderer, and no more."""

    def post(self, request: Request) -> Response:
        """Read the letter as the API does, insert a row, and answer once it is committed."""
        size = len(request.data["text"].encode()) + 400
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bare_letter (received_at, letter) VALUES (now(), %s) RETURNING id", [os.urandom(size)]
            )
            [number] = cursor.fetchone()
        return Response({"number": number}, status=201)


urlpatterns = [
    path("api/v1/bare/", bare),
    path("api/v1/bare-insert/", BareInsertView.as_view()),
    path("labels/gin/", labels_by_gin),
    path("labels/gist/", labels_by_gist),
    path("begun/", begun),
    path("", include("config.urls")),
]
