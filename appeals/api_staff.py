"""The API of the staff's map of letters: `visible_to` the signed-in person, as GeoJSON."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.serializers import GeoFeatureModelSerializer, GeometrySerializerMethodField

from appeals.access import as_staff
from appeals.filters import BadFilter, Due, LetterFilters, due_of
from appeals.models import Addressee, Appeal, AppealQuerySet, own_districts
from geo.api import GEOJSON, parse_bbox, visible_city
from geo.moments import local_day
from geo.problems import register_problem
from people.models import User

register_problem(BadFilter, 400, "bad-filter")


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
