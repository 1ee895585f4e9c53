"""The doors of letters as pages show them: under load a browser works, or a person waits; nothing is lost."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appeals.doors import LETTERS, Door, TooMany, WorkNeeded
from appeals.work import LASTS
from geo.api import caller
from mapui import visits

WORK, TICKET = "work", "ticket"
"""Fields of a form: the solved challenge; when somebody without script was asked to wait."""
_OF_THE_PAGE: Final = {"csrfmiddlewaretoken", visits.FIELD, WORK, TICKET, "to"}


def turned_away(
    request: HttpRequest, door: Door, *, subject: str, waited: bool = False, changed: Mapping[str, str] | None = None
) -> HttpResponse | None:
    """Let a request through a door, or return the page that says how it opens.

    The page carries all that was posted, with what `changed`, and its button does what the one pressed before did.
    It asks the database nothing. `subject` is the letter's key or the receipt; `waited`: the writer took long enough.
    """
    given = request.POST
    now = timezone.now()
    ticket = _ticket(given.get(TICKET, ""), subject)
    waited = waited or _is_older(ticket, subject, settings.BUSY_WAIT_S)
    try:
        door.enter(caller=caller(request), subject=subject, at=now, work=given.get(WORK, ""), waited=waited)
    except (TooMany, WorkNeeded) as refusal:
        visit = visits.visit_of(request)
        carried = {name: value for name, value in given.items() if name not in _OF_THE_PAGE} | dict(changed or {})
        context = {
            "step": "busy",
            "visit": visit,
            "carried": list(carried.items()),
            "to": given.get("to", ""),
            "is_letter": door is LETTERS,
            "challenge": getattr(refusal, "challenge", None),
            "minutes": -(-refusal.wait_s // 60),
            "ticket": ticket,
        }
        response = render(request, "mapui/letters/busy.html", context, status=429)
        response["Retry-After"] = str(refusal.wait_s)
        visits.go_on(request, response, visit)
        return response
    return None


def _signer(subject: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"waiting\0{subject}")


def _ticket(given: str, subject: str) -> str:
    """Return the ticket that was given, where it is one of ours for this letter or receipt; else one of now."""
    try:
        _signer(subject).unsign(given, max_age=LASTS)
    except signing.BadSignature:
        return _signer(subject).sign("")
    return given


def _is_older(ticket: str, subject: str, seconds: int) -> bool:
    try:
        _signer(subject).unsign(ticket, max_age=seconds)
    except signing.SignatureExpired:
        return True
    return False
