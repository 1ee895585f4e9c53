"""One line for each request: which route, how it was answered, how long it took, who asked as far as it matters.

No path, which may name a letter; no query, no address of the network, no browser, no person.
"""

import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger("requests")
PROBES = {"healthz", "readyz"}
"""What a monitor asks every few seconds: told only where the answer is not 200."""


@dataclass(slots=True)
class Asked:
    """The request that is answered now: an id made up for it, and the name of its route once that is known."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    route: str = ""


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asked_now() -> Asked | None:
    """Return the request that is answered now; None outside of one."""
    return _asked.get()


class RequestLog:
    """Log each request once it is answered, and tell its id in `X-Request-ID`. Static files are answered before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked, began = Asked(), time.perf_counter()
        token = _asked.set(asked)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = asked.id
            asked.route = asked.route or _route(request)
            if _is_told(asked.route, response.status_code):
                took_ms = round((time.perf_counter() - began) * 1000, 1)
                facts = {
                    "method": request.method if request.method in METHODS else "other",
                    "status": response.status_code,
                    "ms": took_ms,
                    "role": role_of(request),
                }
                logger.info("answered", extra={"facts": facts})
        finally:
            _asked.reset(token)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Name the route, for what is logged while the view works."""
        if asked := _asked.get():
            asked.route = _route(request)


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""A method is whatever the caller wrote."""


def role_of(request: HttpRequest) -> str:
    """Return who asked: visitor, staff or superuser; empty where nothing needed to know. Nothing is asked for it."""
    user = getattr(request, "_cached_user", None)
    if user is None:
        return ""
    if not user.is_authenticated:
        return "visitor"
    return "superuser" if user.is_superuser else "staff"


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name or "") if match else ""


def _is_told(route: str, status: int) -> bool:
    return status != HTTPStatus.TOO_MANY_REQUESTS and not (route in PROBES and status == HTTPStatus.OK)
