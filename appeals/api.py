"""The API of letters: send one. `api_conversations` opens it again, `api_staff` is the map of the office."""

import copy
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import errors, services
from appeals.api_doors import DOOR_PROBLEM, WorkField
from appeals.api_photos import PhotosSerializer, PhotosView
from appeals.doors import LETTERS
from appeals.drafts import Draft
from appeals.models import AnswerBy, Category, KeepFrom, Lane, Source, Stance
from appeals.receipts import IDEMPOTENCY_KEY_SHAPE
from appeals.uploads import taken_in
from geo.api import visible_city
from geo.lookup import parse_point
from geo.problems import PROBLEM_JSON, register_problem

for refusal, status, kind in (
    (errors.BadIdempotencyKey, 400, "bad-idempotency-key"),
    (errors.KeyUsedForAnotherLetter, 422, "key-used-for-another-letter"),
    (errors.KeyUsedForAnotherMessage, 422, "key-used-for-another-message"),
    (errors.LettersNotOpen, 409, "letters-not-open"),
    (errors.BadDraft, 400, "bad-draft"),
    (errors.UnknownCategory, 400, "unknown-category"),
    (errors.UnknownAddressee, 400, "unknown-addressee"),
    (errors.PlaceInAnotherDistrict, 409, "place-in-another-district"),
    (errors.TextMissing, 400, "text-missing"),
    (errors.NeedsIdentity, 400, "needs-identity"),
    (errors.NobodyAbove, 409, "nobody-above"),
    (errors.UnknownReceipt, 404, "unknown-receipt"),
    (errors.ConversationClosed, 409, "conversation-closed"),
    (errors.NotPossibleNow, 409, "not-possible-now"),
):
    register_problem(refusal, status, kind)

BAD_REQUEST = {(400, PROBLEM_JSON): OpenApiTypes.OBJECT}


class NewAppealSerializer(serializers.Serializer[Any]):
    """What a writer sends: a place, a district, or both (the place decides)."""

    city = serializers.CharField(help_text="Slug of the city.")
    district = serializers.CharField(required=False, default="", allow_blank=True, help_text="Code of the district.")
    lat = serializers.CharField(required=False, default="", allow_blank=True, help_text="Latitude in degrees WGS 84.")
    lon = serializers.CharField(required=False, default="", allow_blank=True, help_text="Longitude in degrees WGS 84.")
    lane = serializers.ChoiceField(Lane.choices, default=Lane.MESSAGE)
    category = serializers.CharField(help_text="Key of the category.")
    text = serializers.CharField(trim_whitespace=False, max_length=services.TEXT_MAX * 2)
    address = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    stance = serializers.ChoiceField(Stance.choices, default=Stance.MYSELF)
    answer_by = serializers.ChoiceField(
        AnswerBy.choices,
        required=False,
        help_text="Left out: by e-mail where one is given, else by the receipt alone; in a protected category by the "
        "receipt alone. Ask for a contact there only after you have said that others may see it.",
    )
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    residence = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    email = serializers.EmailField(required=False, default="", allow_blank=True, max_length=services.EMAIL_MAX)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    keep_from = serializers.ChoiceField(KeepFrom.choices, default=KeepFrom.NOBODY)
    kept_supervisor = serializers.IntegerField(required=False, allow_null=True, default=None)
    work = WorkField()


class NewAppealFormSerializer(NewAppealSerializer, PhotosSerializer):
    """A new letter with its photos."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields, copied as they stand: REST framework builds each anew, longer than all it then checks."""
        return {name: copy.copy(field) for name, field in self._declared_fields.items()}


AS_WRITTEN = ("address", "stance", "name", "residence", "email", "phone", "keep_from", "kept_supervisor")
"""Fields of a new letter that mean the same in `Draft`."""


class SentSerializer(serializers.Serializer[Any]):
    """What the writer keeps."""

    receipt = serializers.CharField()
    number = serializers.CharField()
    lane = serializers.CharField()
    answer_due_on = serializers.DateField()


def _answer_by_left_out(category: str, email: str) -> AnswerBy:
    """Return how a writer learns of an answer who said nothing of it: in a protected category nobody contacts them."""
    is_safe = bool(email) and not Category.objects.filter(slug=category, protected=True).exists()
    return AnswerBy.EMAIL if is_safe else AnswerBy.RECEIPT


class AppealsView(PhotosView):
    """Letters from outside."""

    @extend_schema(
        summary="Send a letter; the same Idempotency-Key returns the same letter and receipt",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="16 to 128 visible characters that nobody can guess, such as a random UUID.",
            )
        ],
        request={"application/json": NewAppealSerializer, "multipart/form-data": NewAppealFormSerializer},
        responses={201: SentSerializer, **BAD_REQUEST, **DOOR_PROBLEM},
    )
    def post(self, request: Request) -> Response:
        """Send it, and return the receipt only after the letter is committed."""
        key = request.headers.get("Idempotency-Key", "")
        if IDEMPOTENCY_KEY_SHAPE.fullmatch(key):  # any other is refused below
            self.enter(LETTERS, key)
        form = NewAppealFormSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        place = parse_point(data["lat"], data["lon"]) if data["lat"] or data["lon"] else None
        key = request.headers.get("Idempotency-Key", "")
        sent = services.submit_appeal(
            city=visible_city(data["city"]),
            draft=Draft(
                district=data["district"],
                place=place,
                lane=data["lane"],
                category=data["category"],
                text=data["text"],
                answer_by=data.get("answer_by") or _answer_by_left_out(data["category"], data["email"]),
                **{name: data[name] for name in AS_WRITTEN},
            ),
            idempotency_key=key,
            received_at=timezone.now(),
            source=Source.API,
            photos=taken_in(request._request, data["photos"], of_letter=key),
        )
        appeal = sent.appeal
        body = {"number": appeal.public_number, "lane": appeal.lane, "answer_due_on": appeal.answer_due_on}
        return Response({"receipt": sent.receipt, **body}, status=201)  # as SentSerializer tells the schema
