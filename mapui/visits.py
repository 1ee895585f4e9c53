"""A visit to the pages of letters: from the first page to leaving. What is posted counts only within its visit.

A browser keeps what was posted beside the address, and can send it again long after the writer has left: by Back, by
reload. The visit is a cookie without a date, repeated in a hidden field; leaving forgets it, so that whatever is sent
again from the history opens the neutral start. It says nothing of the writer and is kept nowhere else.
"""

import secrets

from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

COOKIE = FIELD = "visit"


def visit_of(request: HttpRequest) -> str:
    """Return the visit that goes on in this browser, or a new one; to be put into every form, and kept by `go_on`."""
    return request.COOKIES.get(COOKIE) or secrets.token_urlsafe(16)


def is_of_visit(request: HttpRequest) -> bool:
    """Whether what was posted belongs to the visit that goes on."""
    given, kept = request.POST.get(FIELD, ""), request.COOKIES.get(COOKIE, "")
    return bool(kept) and constant_time_compare(given, kept)


def go_on(request: HttpRequest, response: HttpResponseBase, visit: str) -> None:
    """Let the visit go on until the browser is closed or the writer leaves."""
    response.set_cookie(COOKIE, visit, secure=request.is_secure(), httponly=True, samesite="Lax")


def leave(response: HttpResponseBase) -> None:
    """End the visit: nothing that was posted before is shown again."""
    response.delete_cookie(COOKIE, samesite="Lax")
