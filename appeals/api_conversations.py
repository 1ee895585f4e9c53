"""The API of one letter for whoever holds its receipt: open the conversation, write again."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import errors, services
from appeals.api_doors import DOOR_PROBLEM, PrivateView
from appeals.api_photos import PhotoSerializer, PhotosSerializer, PhotosView, ReceiptSerializer
from appeals.models import Appeal, Message
from appeals.telling import notices, photos_of
from appeals.uploads import taken_in


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
