"""Errors of the API as `application/problem+json` (RFC 9457), mapped from exceptions in one place."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_framework_handler

from geo.lookup import AnswersByAddressOnly, BadCoordinates, NoEditionInForce, OutsideServedArea
from geo.models import City

PROBLEM_JSON = "application/problem+json"


class BadRequest(Exception):
    """A parameter cannot be understood; the message names it and says what to give."""


def problem(status: int, kind: str, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """Return a problem document: `kind` is its stable name, `title` and `detail` are for people.

    `extra` members are added as they are (RFC 9457, section 3.2).
    """
    body = {"type": f"urn:dilnychnyi:{kind}", "title": title, "status": status} | ({"detail": detail} if detail else {})
    return JsonResponse(
        body | extra, status=status, content_type=PROBLEM_JSON, json_dumps_params={"ensure_ascii": False}
    )


def _outside(exception: OutsideServedArea) -> HttpResponse:
    nearest = asdict(exception.nearest) if exception.nearest else None
    return problem(
        HTTPStatus.NOT_FOUND,
        "outside-served-area",
        str(exception),
        _("Call 102 for the police or 112 in an emergency."),
        nearest=nearest,
        call=["102", "112"],
    )


def _by_address_only(exception: AnswersByAddressOnly) -> HttpResponse:
    return problem(
        HTTPStatus.NOT_FOUND,
        "answers-by-address-only",
        str(exception),
        _("Ask with “address” and “city”. Call 102 for the police or 112 in an emergency."),
        nearest=None,
        call=["102", "112"],
    )


def _sentence(status: int, kind: str) -> Callable[[Any], HttpResponse]:
    """Map an exception whose message is a sentence."""
    return lambda exception: problem(status, kind, str(exception))


PROBLEMS: dict[type[Exception], Callable[[Any], HttpResponse]] = {
    BadCoordinates: _sentence(400, "bad-coordinates"),
    BadRequest: _sentence(400, "bad-request"),
    NoEditionInForce: _sentence(400, "no-edition-in-force"),
    OutsideServedArea: _outside,
    AnswersByAddressOnly: _by_address_only,
    City.DoesNotExist: lambda _exception: problem(
        404, "unknown-city", _("There is no such city here."), _("GET /api/v1/cities/ lists the cities we know.")
    ),
}


def register_problem(exception_type: type[Exception], status: int, kind: str, **headers: str) -> None:
    """Let an app above map its own exception (a sentence) to a status and a stable name, with headers of its own."""

    def told(exception: Exception) -> HttpResponse:
        found = problem(status, kind, str(exception))
        for name, value in headers.items():
            found[name] = value
        return found

    PROBLEMS[exception_type] = told


def as_problem(exception: Exception) -> HttpResponse | None:
    """Return the problem document of an exception that was mapped, else None: it is a fault of ours."""
    mapped = PROBLEMS.get(type(exception))
    return mapped(exception) if mapped else None


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response | HttpResponse | None:
    """Turn an exception of a view into a problem document; None for one that nobody mapped (a fault of ours)."""
    if found := as_problem(exception):
        return found
    response = rest_framework_handler(exception, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    data = response.data
    extra = {"detail": str(data["detail"])} if isinstance(data, dict) and set(data) == {"detail"} else {"errors": data}
    response.data = {
        "type": f"urn:dilnychnyi:{status.name.lower().replace('_', '-')}",
        "title": status.phrase,
        "status": response.status_code,
        **extra,
    }
    response.content_type = PROBLEM_JSON
    return response
