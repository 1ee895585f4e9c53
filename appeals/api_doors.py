"""The doors of the letters' API: what it asks under load, how it says so, and answers that nobody may keep."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from appeals.doors import RECEIPTS, Door, TooMany, WorkNeeded, receipt_tried
from appeals.work import PAYLOAD_MAX
from geo.api import PublicView, caller
from geo.problems import PROBLEM_JSON, PROBLEMS, problem


def _work_needed(refusal: WorkNeeded) -> HttpResponse:
    detail = _("Solve “challenge” (ALTCHA) and send the same again with the solution as “work” in the body.")
    return problem(429, "work-needed", str(refusal), detail, challenge=refusal.challenge)


def _too_many(refusal: TooMany) -> HttpResponse:
    response = problem(429, "too-many", str(refusal), _("Wait until the time in Retry-After has passed."))
    response["Retry-After"] = str(refusal.wait_s)
    return response


PROBLEMS[WorkNeeded] = _work_needed
PROBLEMS[TooMany] = _too_many


class WorkField(serializers.CharField):
    """A solved challenge; asked for by a problem “work-needed” alone."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            default="",
            allow_blank=True,
            write_only=True,
            max_length=PAYLOAD_MAX,
            help_text="Only where the problem work-needed asked for it: its “challenge” with the “number” found, "
            "as JSON in base64 (the payload of ALTCHA).",
        )


class ChallengeSerializer(serializers.Serializer[Any]):
    """Find the number, at most `maxnumber`, whose SHA-256 after `salt` is `challenge` (ALTCHA, version 1)."""

    algorithm = serializers.CharField()
    challenge = serializers.CharField()
    maxnumber = serializers.IntegerField()
    salt = serializers.CharField()
    signature = serializers.CharField()


class DoorProblemSerializer(serializers.Serializer[Any]):
    """Too many requests; `challenge` stands there where work opens the door, as the type `work-needed` says."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    challenge = ChallengeSerializer(required=False)


DOOR_PROBLEM = {(429, PROBLEM_JSON): DoorProblemSerializer}


class PrivateView(PublicView):
    """A public view whose answers belong to one writer: kept nowhere, readable from this site only."""

    def enter(self, door: Door, subject: str) -> None:
        """Go through a door with the work that the request brings. Raises TooMany and WorkNeeded."""
        door.enter(caller=caller(self.request), subject=subject, work=self._word("work"), at=timezone.now())

    def enter_with_receipt(self) -> None:
        """Count a try of the receipt that the request brings. Raises TooMany and WorkNeeded."""
        self.enter(RECEIPTS, receipt_tried(self._word("receipt")))

    def _word(self, name: str) -> str:
        """Return a text of the body before the body is checked; empty where there is none."""
        given = self.request.data.get(name) if isinstance(self.request.data, Mapping) else None
        return given if isinstance(given, str) else ""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbid every cache to keep the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response
