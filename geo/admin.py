"""The administration of territory. Geometry is shown as facts: it comes from files and the boundary pages alone."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from psycopg.errors import ForeignKeyViolation

from geo.models import BoundaryEdition, City, District, EditionPeriod, House, Settlement, Street, StreetName


def geometry_facts(geometry: GEOSGeometry | None) -> str:
    """A geometry in EPSG:4326 as a line of text: vertices and bounds in degrees."""
    if geometry is None:
        return "—"
    west, south, east, north = geometry.extent
    text = _("%(vertices)d vertices; %(south).5f to %(north).5f N, %(west).5f to %(east).5f E")
    return str(text % {"vertices": geometry.num_coords, "south": south, "north": north, "west": west, "east": east})


class KeptWhileNamed:
    """Mixin of an admin: a row that letters name stays, and the page says so in words.

    Row-level security hides letters from Django's own look at what a deletion would break; the database's foreign
    keys see them. Nothing of the deletion stands then, its entry in the log neither.
    """

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row. Raises IntegrityError where a row that nobody sees here names it."""
        super().delete_model(request, obj)  # type: ignore[misc]
        connection.check_constraints()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete the rows chosen in the list. Raises IntegrityError where a row that nobody sees here names one."""
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        connection.check_constraints()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete one row, or say why not."""
        change = reverse(f"admin:{self._page}_change", args=[quote(unquote(object_id))])
        ask = super().delete_view  # type: ignore[misc]
        return self._or_kept(lambda: ask(request, object_id, extra_context), request, change)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the rows, and do with those chosen what was asked, or say why not."""
        ask = super().changelist_view  # type: ignore[misc]
        if request.method != "POST":
            return cast(HttpResponse, ask(request, extra_context))
        return self._or_kept(lambda: ask(request, extra_context), request, reverse(f"admin:{self._page}_changelist"))

    def _or_kept(self, answer: Callable[[], HttpResponse], request: HttpRequest, back: str) -> HttpResponse:
        try:
            with transaction.atomic():
                return answer()
        except IntegrityError as error:
            if not isinstance(error.__cause__, ForeignKeyViolation):
                raise
        messages.error(request, _("Nothing was deleted: letters name what you chose, and they stay."))
        return redirect(back)

    @property
    def _page(self) -> str:
        options = self.opts  # type: ignore[attr-defined]
        return f"{options.app_label}_{options.model_name}"


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Facts to look at: they are made elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


@admin.register(City)
class CityAdmin(admin.ModelAdmin[City]):
    """Cities."""

    list_display = ("name_uk", "slug", "stage", "takes_letters", "katottg")
    list_filter = ("stage",)
    search_fields = ("name_uk", "name_en", "slug", "katottg")
    fields = ("slug", "name_uk", "name_en", "katottg", "stage", "takes_letters", "data_licence", "outline_facts")
    readonly_fields = ("stage", "outline_facts")  # a city moves on by the deed on the page of its opening kit

    @admin.display(description=_("outline"))
    def outline_facts(self, city: City) -> str:
        """The city's own border as text."""
        return geometry_facts(city.outline)

    def get_readonly_fields(self, request: HttpRequest, obj: City | None = None) -> tuple[str, ...]:
        """The slug is part of public addresses: it stays once the city is there."""
        return ("slug", *self.readonly_fields) if obj else self.readonly_fields


@admin.register(District)
class DistrictAdmin(KeptWhileNamed, admin.ModelAdmin[District]):
    """Districts: codes and names; their polygons belong to editions."""

    list_display = ("code", "name_uk", "name_en", "city", "rural")
    list_display_links = ("code", "name_uk")
    list_filter = ("city", "rural")
    search_fields = ("code", "name_uk", "name_en")
    autocomplete_fields = ("city",)
    list_select_related = ("city",)
    fields = ("city", "code", "name_uk", "name_en", "rural")

    def get_readonly_fields(self, request: HttpRequest, obj: District | None = None) -> tuple[str, ...]:
        """The city and code outlive every edition: files and links name the district by them."""
        return ("city", "code") if obj else ()


@admin.register(Settlement)
class SettlementAdmin(admin.ModelAdmin[Settlement]):
    """Villages and quarters that people name in an address."""

    list_display = ("name_uk", "name_en", "kind", "city")
    list_filter = ("city", "kind")
    list_select_related = ("city",)
    search_fields = ("name_uk", "name_en")
    autocomplete_fields = ("city",)


class StreetNameInline(admin.TabularInline[StreetName, Street]):
    """The other names of a street."""

    model = StreetName
    fields = ("kind", "name", "houses", "until", "source")
    extra = 0


class HouseInline(admin.TabularInline[House, Street]):
    """The houses of a street, to look at: they come from files."""

    model = House
    fields = readonly_fields = ("number",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Houses come with their places, from files."""
        return False


@admin.register(Street)
class StreetAdmin(admin.ModelAdmin[Street]):
    """Streets under all their names."""

    list_display = ("name_uk", "name_en", "settlement", "city")
    list_filter = ("city", "is_main")
    list_select_related = ("city", "settlement")
    search_fields = ("name_uk", "name_en", "other_names__name")
    autocomplete_fields = ("city", "settlement")
    fields = ("city", "settlement", "name_uk", "name_en", "is_main", "line_facts")
    readonly_fields = ("line_facts",)
    inlines = (StreetNameInline, HouseInline)

    @admin.display(description=_("centre line"))
    def line_facts(self, street: Street) -> str:
        """The centre line as text."""
        return geometry_facts(street.line)


class EditionPeriodInline(admin.TabularInline[EditionPeriod, BoundaryEdition]):
    """When an edition is in force."""

    model = EditionPeriod
    fields = readonly_fields = ("period", "activated_at", "activated_by")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the edition sees its periods."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editions are activated on their own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Periods are append-only."""
        return False


@admin.register(BoundaryEdition)
class BoundaryEditionAdmin(ReadOnlyAdmin):
    """Editions of boundaries, to look at."""

    list_display = ("__str__", "city", "source", "recorded_at", "recorded_by", "errors")
    list_filter = ("city",)
    search_fields = ("source", "recorded_by", "city__name_uk")
    date_hierarchy = "recorded_at"
    list_select_related = ("city",)
    inlines = (EditionPeriodInline,)
    fields = readonly_fields = (
        "city", "number", "source", "licence", "source_sha256", "recorded_at", "recorded_by", "districts_count",
        "errors", "rejected_at", "rejected_by",
    )  # fmt: skip

    @admin.display(description=_("districts"))
    def districts_count(self, edition: BoundaryEdition) -> str:
        """How many districts the edition draws."""
        return format_html("{}", edition.boundaries.count())
