"""What staff edit here: categories, the calendar, the terms. An administrator has no door to letters."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from appeals.models import Category, Holiday, LegalTerm, MartialLaw, MovedDay, ReplyTemplate, RetentionRule
from appeals.retention_form import RetentionForm
from geo.admin import KeptWhileNamed
from geo.models import City
from people.admin.scope import OfTheirCities, Role, cities_of
from people.admin.spans import SpanForm
from people.admin.written import WrittenDown
from people.importing.plan import Days


@admin.register(Category)
class CategoryAdmin(WrittenDown, KeptWhileNamed, admin.ModelAdmin):  # type: ignore[type-arg]
    """Categories are data."""

    list_display = ("name_uk", "name_en", "slug", "lane", "protected", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        """Let nobody change what the database would refuse."""
        return ("protected",) if obj else ()


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Templates of replies are data."""

    list_display = ("name_uk", "name_en", "category", "position")
    list_editable = ("position",)
    list_filter = ("category",)
    list_select_related = ("category",)


class OfUkraineAndTheirCities(OfTheirCities):
    """Mixin of an admin: rows of all of Ukraine to look at, rows of the person's cities to change.

    What holds for all of Ukraine is the superuser's to change.
    """

    changers: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    deleters: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be looked at: those of all of Ukraine by everybody who sees any."""
        return super().has_view_permission(request, obj if obj is not None and obj.city_id else None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of all of Ukraine and of the person's cities."""
        rows: QuerySet[Any] = super(OfTheirCities, self).get_queryset(request)  # type: ignore[misc]
        if getattr(request.user, "is_superuser", False):
            return rows
        return rows.filter(Q(city=None) | Q(city__in=cities_of(request.user, self.viewers)))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The city: one of the person's; only a superuser may leave it empty."""
        if db_field.related_model is City and not getattr(request.user, "is_superuser", False):
            kwargs |= {"required": True, "help_text": ""}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeptOnOwnPage(OfUkraineAndTheirCities):
    """Mixin of an admin of days: a coordinator keeps those of their city on its page, where it is written down."""

    changers = deleters = ()


@admin.register(Holiday)
class HolidayAdmin(KeptOnOwnPage, admin.ModelAdmin[Holiday]):
    """Holidays."""

    list_display = ("day", "name_uk", "name_en", "city", "source")
    list_filter = ("city",)
    list_select_related = ("city",)
    date_hierarchy = "day"
    search_fields = ("name_uk", "name_en")


@admin.register(MovedDay)
class MovedDayAdmin(KeptOnOwnPage, admin.ModelAdmin[MovedDay]):
    """Days off that are worked, working days that are off."""

    list_display = ("day", "kind", "city", "source")
    list_filter = ("kind", "city")
    list_select_related = ("city",)
    date_hierarchy = "day"


@admin.register(LegalTerm)
class LegalTermAdmin(OfUkraineAndTheirCities, admin.ModelAdmin[LegalTerm]):
    """Terms of the law, and what cities promise for messages."""

    list_display = ("key", "number", "unit", "city", "source", "checked_on")
    list_filter = ("key", "city")
    list_select_related = ("city",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin[RetentionRule]):
    """How long things are kept: for superusers alone, since what is erased does not come back."""

    form = RetentionForm
    list_display = ("__str__", "source", "least", "least_source")
    fields = ("what", "number", "unit", "source", "source_stands", "seen", "least", "least_source")
    readonly_fields = ("what", "unit", "least", "least_source")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one for each thing that is kept."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is kept without a term."""
        return False

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What it was and what it is: the log alone remembers an older term."""
        changed = [name for name in ("number", "source") if name in form.changed_data]
        return "; ".join(
            f"{form.fields[name].label}: {form.initial[name]} → {form.cleaned_data[name]}" for name in changed
        )


class MartialLawForm(SpanForm):
    """A span of martial law."""

    class Meta:
        model = MartialLaw
        fields = ("source",)


@admin.register(MartialLaw)
class MartialLawAdmin(admin.ModelAdmin[MartialLaw]):
    """Martial law: for superusers alone, since it moves the deadlines of every city."""

    form = MartialLawForm
    fields = (("first_day", "last_day"), "source")
    list_display = ("days", "source")

    @admin.display(description=_("days"), ordering="during")
    def days(self, span: MartialLaw) -> str:
        """First and last day."""
        return str(Days.between(span.during.lower, span.during.upper))
