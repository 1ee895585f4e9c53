"""The site's addresses and, for comparison, views that do nothing or ask plain SQL behind the same middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from benchmarks._plain_sql import begun, labels_by_gin, labels_by_gist


def bare(request: HttpRequest) -> JsonResponse:
    """Answer without any work: the ceiling of the framework."""
    return JsonResponse({"district": {"code": "1", "name": "bare"}})


urlpatterns = [
    path("api/v1/bare/", bare),
    path("labels/gin/", labels_by_gin),
    path("labels/gist/", labels_by_gist),
    path("begun/", begun),
    path("", include("config.urls")),
]
