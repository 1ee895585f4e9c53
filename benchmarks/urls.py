"""The site's addresses and, for comparison, a view that does nothing behind the same middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path


def bare(request: HttpRequest) -> JsonResponse:
    """Answer without any work: the ceiling of the framework."""
    return JsonResponse({"district": {"code": "1", "name": "bare"}})


urlpatterns = [path("api/v1/bare/", bare), path("", include("config.urls"))]
