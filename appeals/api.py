"""The API of letters: send one, open it with its receipt, write again; the staff's map of letters."""

import copy
import uuid
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.serializers import GeoFeatureModelSerializer, GeometrySerializerMethodField

from appeals import errors, services
from appeals.access import as_staff
from appeals.api_doors import DOOR_PROBLEM, PrivateView, WorkField
from appeals.api_photos import PhotoSerializer, PhotosSerializer, PhotosView, ReceiptSerializer
from appeals.doors import LETTERS
from appeals.drafts import Draft
from appeals.filters import BadFilter, Due, LetterFilters, due_of
from appeals.models import (
    Addressee,
    AnswerBy,
    Appeal,
    AppealQuerySet,
    Category,
    KeepFrom,
    Lane,
    Message,
    Source,
    Stance,
    own_districts,
)
from appeals.receipts import IDEMPOTENCY_KEY_SHAPE
from appeals.telling import notices, photos_of
from appeals.uploads import taken_in
from geo.api import GEOJSON, parse_bbox, visible_city
from geo.lookup import parse_point
from geo.moments import local_day
from geo.problems import PROBLEM_JSON, register_problem
from people.models import User

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
    (BadFilter, 400, "bad-filter"),
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


class WriterMessageSerializer(ReceiptSerializer):
    """The writer's words, under the receipt."""

    body = serializers.CharField(trim_whitespace=False, max_length=services.TEXT_MAX * 2)


class WriterMessageFormSerializer(WriterMessageSerializer, PhotosSerializer):
    """The writer's words with photos."""


class TurnSerializer(serializers.Serializer[Any]):
    """One turn of a conversation; who the officer is stays on the district's card."""

    side = serializers.CharField()
    body = serializers.CharField()
    sent_at = serializers.DateTimeField()
    photos = serializers.SerializerMethodField()

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, message: Message) -> Any:
        """The photos of the turn."""
        return PhotoSerializer(photos_of(message.appeal, message), many=True).data


class NoticeSerializer(serializers.Serializer[Any]):
    """What the writer is told besides the answers: that it was accepted, a new addressee or term, why it was closed."""

    at = serializers.DateTimeField()
    words = serializers.CharField()
    reason = serializers.CharField()


class ConversationSerializer(serializers.ModelSerializer[Appeal]):
    """The letter and everything said since."""

    number = serializers.CharField(source="public_number")
    city = serializers.CharField(source="city.slug")
    district = serializers.CharField(source="district.code")
    category = serializers.CharField(source="category.slug")
    photos = serializers.SerializerMethodField()
    messages = TurnSerializer(many=True)
    notices = serializers.SerializerMethodField()
    erased_on = serializers.DateField(allow_null=True, read_only=True)

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, appeal: Appeal) -> Any:
        """The photos that came with the letter itself."""
        return PhotoSerializer(photos_of(appeal, None), many=True).data

    @extend_schema_field(NoticeSerializer(many=True))
    def get_notices(self, appeal: Appeal) -> Any:
        """What the writer is told besides the answers."""
        return NoticeSerializer(notices(appeal), many=True).data

    class Meta:
        model = Appeal
        fields = (
            "number",
            "city",
            "district",
            "lane",
            "category",
            "text",
            "state",
            "received_at",
            "answer_due_on",
            "photos",
            "messages",
            "notices",
            "erased_on",
        )


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


class ByReceiptView(PrivateView):
    """A letter for whoever holds its receipt."""

    @extend_schema(
        summary="The conversation that a receipt opens (the receipt stands in the body, never in an address)",
        request=ReceiptSerializer,
        responses={200: ConversationSerializer, (404, "application/problem+json"): OpenApiTypes.OBJECT, **DOOR_PROBLEM},
    )
    def post(self, request: Request) -> Response:
        """Open it."""
        self.enter_with_receipt()
        form = ReceiptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        appeal = services.read_by_writer(receipt=form.validated_data["receipt"], at=timezone.now())
        return Response(ConversationSerializer(appeal).data)


class MessagesView(PhotosView):
    """The writer's side of the conversation."""

    @extend_schema(
        summary="Add a message; the optional Idempotency-Key (a UUID) keeps a repeated one from counting twice",
        parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.UUID, OpenApiParameter.HEADER)],
        request={"application/json": WriterMessageSerializer, "multipart/form-data": WriterMessageFormSerializer},
        responses={201: ConversationSerializer, (404, "application/problem+json"): OpenApiTypes.OBJECT, **DOOR_PROBLEM},
    )
    def post(self, request: Request) -> Response:
        """Add it and return the whole conversation."""
        self.enter_with_receipt()
        form = WriterMessageFormSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        receipt = data["receipt"]
        try:
            key = uuid.UUID(request.headers.get("Idempotency-Key") or str(uuid.uuid4()))
        except ValueError:
            raise errors.BadIdempotencyKey(_("The Idempotency-Key of a message must be a UUID.")) from None
        services.add_writer_message(
            receipt=receipt,
            body=data["body"],
            sent_at=timezone.now(),
            key=key,
            photos=taken_in(request._request, data["photos"]),
        )
        appeal = services.read_by_writer(receipt=receipt, at=timezone.now())
        return Response(ConversationSerializer(appeal).data, status=201)


def shown_place(appeal: Appeal, own_districts: Collection[int]) -> Point | None:
    """Return the place that the map shows. A protected one is unsealed for the officer of its district, while it waits.

    A supervisor opens the letter instead: the sealed places of a whole city are never gathered in one answer.
    """
    if appeal.protected and appeal.is_waiting and appeal.district_id in own_districts:
        return appeal.place.point
    return appeal.location


class AppealFeatureSerializer(GeoFeatureModelSerializer):
    """A letter on the staff's map: where and until when, never its text or its writer."""

    place = GeometrySerializerMethodField()
    number = serializers.CharField(source="public_number")
    district = serializers.CharField(source="district.code")
    category = serializers.CharField(source="category.name")
    state_name = serializers.CharField()
    waiting = serializers.BooleanField(source="is_waiting")
    due = serializers.SerializerMethodField()

    class Meta:
        model = Appeal
        geo_field = "place"
        id_field = False
        fields = (
            "number",
            "district",
            "category",
            "protected",
            "state",
            "state_name",
            "waiting",
            "due",
            "received_at",
            "answer_due_on",
        )

    def get_place(self, appeal: Appeal) -> Point | None:
        """Where it is, as far as the map shows it."""
        return shown_place(appeal, self.context["own_districts"])

    def get_due(self, appeal: Appeal) -> str:
        """When the answer is due, seen from today: overdue, today, later; empty where none is owed."""
        return due_of(appeal, on=self.context["today"])


class StaffAppealsView(ListAPIView[Appeal]):
    """Letters that the signed-in person may read."""

    serializer_class = AppealFeatureSerializer
    pagination_class = None

    @extend_schema(
        summary="Letters visible to the signed-in officer or supervisor, as GeoJSON",
        parameters=[
            OpenApiParameter("city", str, required=True, description="Slug of the city."),
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees; only letters with a place."),
            OpenApiParameter("state", str, description="A state, or “waiting”: the office owes the next step."),
            OpenApiParameter("category", str, description="Key of a category."),
            OpenApiParameter("due", str, enum=list(Due), description="Only letters that wait, by their day."),
            OpenApiParameter("district", str, many=True, description="Code of a district; several may be given."),
            OpenApiParameter("addressee", str, enum=list(Addressee.values), description="To whom letters go."),
            OpenApiParameter("officer", str, description="Key of the officer whom letters name."),
            OpenApiParameter("from", OpenApiTypes.DATE, description="First local day of receipt."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="Last local day of receipt."),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a FeatureCollection; the geometry is null where only the district is known or told."""
        if not isinstance(request.user, User):
            raise NotAuthenticated
        with as_staff(request.user):
            response = self.list(request, *args, **kwargs)
        response.content_type = GEOJSON
        response["Cache-Control"] = "no-store, private"
        return response

    def get_queryset(self) -> AppealQuerySet:
        """Start from `visible_to`, then narrow."""
        query = self.request.GET
        letters: AppealQuerySet = Appeal.objects.visible_to(self.request.user).filter(
            city=visible_city(query.get("city"), to_staff=True)
        )
        if box := parse_bbox(query.get("bbox")):
            letters = letters.filter(Q(location__intersects=Polygon.from_bbox(box)) | Q(protected=True))
        filtered = LetterFilters.read(query).applied(letters, today=local_day(timezone.now()))
        return filtered.with_names().with_key().most_urgent_first()

    def filter_queryset(self, queryset: Any) -> Any:
        """Leave out protected letters whose place, once unsealed, lies outside the box."""
        box = parse_bbox(self.request.GET.get("bbox"))
        if box is None:
            return queryset
        inside = Polygon.from_bbox(box)
        return [
            one for one in queryset if (place := shown_place(one, self._eyes["own_districts"])) and inside.covers(place)
        ]

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the day, and the districts where the signed-in person is posted."""
        return {**super().get_serializer_context(), **self._eyes}

    @cached_property
    def _eyes(self) -> dict[str, Any]:
        today = local_day(timezone.now())
        return {"today": today, "own_districts": own_districts(self.request.user, on=today)}
