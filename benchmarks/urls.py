"""The site's addresses and, for comparison, views that do nothing or ask plain SQL behind the same middleware."""

import os

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.api import NewAppealSerializer
from benchmarks._bare import BareLetter
from benchmarks._plain_sql import begun, labels_by_gin, labels_by_gist
from geo.api import PublicView


def bare(request: HttpRequest) -> JsonResponse:
    """Answer without any work: the ceiling of the framework."""
    return JsonResponse({"district": {"code": "1", "name": "bare"}})


class BareInsertView(PublicView):
    """Take in what a writer sends and keep it as it came: one row, by the ORM, committed, and nothing else."""

    def post(self, request: Request) -> Response:
        """Read and validate the letter as the API does, insert it, and answer once it is committed."""
        form = NewAppealSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = {name: value for name, value in form.validated_data.items() if name != "work"}
        with transaction.atomic(durable=True):
            letter = BareLetter.objects.create(received_at=timezone.now(), **given)
        return Response({"number": letter.pk}, status=201)


class RawInsertView(PublicView):
    """The least that could be: nothing is validated, and one row of the same size goes in by plain SQL."""

    def post(self, request: Request) -> Response:
        """Read the body, insert a row, and answer once it is committed."""
        size = len(request.data["text"].encode()) + 400
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO raw_letter (received_at, letter) VALUES (now(), %s) RETURNING id", [os.urandom(size)]
            )
            [number] = cursor.fetchone()
        return Response({"number": number}, status=201)


urlpatterns = [
    path("api/v1/bare/", bare),
    path("api/v1/bare-insert/", BareInsertView.as_view()),
    path("api/v1/raw-insert/", RawInsertView.as_view()),
    path("labels/gin/", labels_by_gin),
    path("labels/gist/", labels_by_gist),
    path("begun/", begun),
    path("", include("config.urls")),
]
