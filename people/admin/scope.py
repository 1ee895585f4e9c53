"""Which rows of the administration a member of staff sees: those of the cities in which they have a role."""

from typing import Any, ClassVar

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from geo.models import City, District, Settlement, Street
from geo.names import in_current_language
from people.models import KEEPERS, Leave, Membership, Officer, Posting, Station, User

Role = Membership.Role
CHOOSES = "Select this object for an action - {}"
"""Django's own words, which its own catalogue has."""
BOX = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'


def cities_of(user: Any, roles: tuple[Role, ...]) -> QuerySet[City]:
    """The cities in which a person has one of the roles; all for a superuser."""
    if user.is_superuser:
        return City.objects.all()
    return City.objects.filter(memberships__user=user, memberships__role__in=roles).distinct()


class InTheirRows(RelatedOnlyFieldListFilter):
    """A filter that offers what occurs in the person's rows alone; of cities their names are read, and no more."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Keys and names."""
        if field.remote_field.model is not City:
            return super().field_choices(field, request, model_admin)
        theirs = model_admin.get_queryset(request).order_by().values(self.field_path)
        cities = City.objects.filter(pk__in=theirs).values_list("pk", "name_uk", "name_en")
        return [(pk, in_current_language(name_uk, name_en)) for pk, name_uk, name_en in cities]


class OfTheirCities:
    """Mixin of an admin or inline: only rows of the person's cities, only choices of those cities.

    `city_path` leads from the row to its city; `viewers` may look, `changers` may also add and change, and `deleters`
    delete. Rows outside the person's cities are not found at all.
    """

    city_path: ClassVar[str] = "city"
    viewers: ClassVar[tuple[Role, ...]] = KEEPERS
    changers: ClassVar[tuple[Role, ...]] = KEEPERS
    deleters: ClassVar[tuple[Role, ...]] = ()

    def _may(self, request: HttpRequest, roles: tuple[Role, ...], obj: Model | None) -> bool:
        user = request.user
        if not (user.is_active and getattr(user, "is_staff", False)):
            return False
        cities = {city for city, role in _held_by(user) if role in roles}
        if isinstance(obj, Model) and obj.pk and not isinstance(obj, User):
            return user.is_superuser or _city_id(obj) in cities
        return user.is_superuser or bool(cities)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the admin is listed."""
        return self._may(request, self.viewers, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be looked at."""
        return self._may(request, self.viewers, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be added."""
        return self._may(request, self.changers, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be changed."""
        return self._may(request, self.changers, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be deleted."""
        return self._may(request, self.deleters, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the person's cities."""
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        if getattr(request.user, "is_superuser", False):
            return rows
        return rows.filter(**{f"{self.city_path}__in": cities_of(request.user, self.viewers)})

    def action_checkbox(self, obj: Model) -> SafeString:
        """The box that chooses a row: there is one in each, and a widget takes long to draw it."""
        return format_html(BOX, ACTION_CHECKBOX_NAME, obj.pk, format_html(gettext(CHOOSES), obj))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Filters that offer what occurs in the person's rows alone: other cities and their stations stay out."""
        filters = super().get_list_filter(request)  # type: ignore[misc]
        model = self.model  # type: ignore[attr-defined]
        return [
            (each, InTheirRows) if isinstance(each, str) and get_fields_from_path(model, each)[-1].is_relation else each
            for each in filters
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices of the person's cities."""
        model = db_field.related_model
        cities = cities_of(request.user, self.changers)
        if model is City:
            kwargs["queryset"] = cities
        elif model in {District, Officer, Settlement, Station, Street}:
            kwargs["queryset"] = model._default_manager.filter(city__in=cities).select_related("city")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def _held_by(user: Any) -> frozenset[tuple[int, str]]:
    """The cities and roles of a person, asked once: a page asks a hundred times, its user lives no longer."""
    held: frozenset[tuple[int, str]] | None = getattr(user, "_held", None)
    if held is None:
        held = user._held = frozenset(Membership.objects.filter(user=user).values_list("city_id", "role"))
    return held


def _city_id(row: Any) -> int | None:
    """The city a row belongs to."""
    if isinstance(row, City):
        return row.pk
    if isinstance(row, Posting | Leave):
        return row.officer.city_id
    return getattr(row, "city_id", None)
