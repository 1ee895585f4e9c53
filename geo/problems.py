"""Errors of the API as `application/problem+json` (RFC 9457), mapped from exceptions in one place."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"


def problem(status: int, kind: str, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """Return a problem document: `kind` is its stable name, `title` and `detail` are for people.

    `extra` members are added as they are (RFC 9457, section 3.2).
    """
    body = {"type": f"urn:dilnychnyi:{kind}", "title": title, "status": status, **({"detail": detail} if detail else {})}
    return JsonResponse(body | extra, status=status, content_type=PROBLEM_JSON, json_dumps_params={"ensure_ascii": False})


def exception_handler(exception: Exception, context: dict[str, Any]) -> Any:
    """Turn what REST framework raises into a problem document; leave the rest to Django."""
    from rest_framework.views import exception_handler as drf_handler

    response = drf_handler(exception, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    data = response.data
    detail = str(data["detail"]) if isinstance(data, dict) and set(data) == {"detail"} else ""
    response.data = {
        "type": f"urn:dilnychnyi:{status.name.lower().replace('_', '-')}",
        "title": status.phrase,
        "status": response.status_code,
        **({"detail": detail} if detail else {"errors": data}),
    }
    response.content_type = PROBLEM_JSON
    return response
