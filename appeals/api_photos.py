"""Photos in the API of letters: sent beside the words as a form, opened one by one with the receipt."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request

from appeals import errors, services
from appeals.api_doors import DOOR_PROBLEM, PrivateView, WorkField
from appeals.models import Photo
from appeals.uploads import keep_photos_in_memory, picture_response
from geo.problems import register_problem

for refusal, status, kind in (
    (errors.PhotosTooOften, 429, "photos-too-often"),
    (errors.TooManyPhotos, 400, "too-many-photos"),
    (errors.PhotoNotTaken, 400, "photo-not-taken"),
    (errors.UnknownPhoto, 404, "unknown-photo"),
):
    register_problem(refusal, status, kind)


class ReceiptSerializer(serializers.Serializer[Any]):
    """A receipt, however it was typed."""

    receipt = serializers.CharField(max_length=80)
    work = WorkField()


class PhotosSerializer(serializers.Serializer[Any]):
    """Photos beside the words, where they are sent as a form: JSON has no place for files."""

    photos = serializers.ListField(
        child=serializers.FileField(),
        required=False,
        default=list,
        help_text="JPEG, PNG, WebP or HEIC; each of at most 10 MB and 24 million pixels. What they remember of the "
        "place and the camera is removed.",
    )


class PhotoOfReceiptSerializer(ReceiptSerializer):
    """Which photo of the letter that a receipt opens."""

    photo = serializers.UUIDField(help_text="The key of the photo, from the conversation.")


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    """A photo of a conversation; its content is asked for by its key."""

    class Meta:
        model = Photo
        fields = ("id", "content_type", "size", "width", "height")


class PhotosView(PrivateView):
    """A private view that takes JSON, or a form with photos."""

    parser_classes = (JSONParser, MultiPartParser)

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Let photos come into memory alone."""
        keep_photos_in_memory(request)
        return super().initialize_request(request, *args, **kwargs)


class PhotoByReceiptView(PrivateView):
    """One photo for whoever holds the receipt of its letter."""

    @extend_schema(
        summary="One photo of the conversation that a receipt opens",
        request=PhotoOfReceiptSerializer,
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (404, "application/problem+json"): OpenApiTypes.OBJECT,
            **DOOR_PROBLEM,
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Return the whole picture."""
        self.enter_with_receipt()
        form = PhotoOfReceiptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        return picture_response(services.photo_by_receipt(receipt=data["receipt"], pk=data["photo"]))
