"""Postings and leaves, on pages of their own and on the officer's."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.admin.scope import OfTheirCities, Role
from people.admin.spans import SpanForm, SpansFormSet
from people.importing.plan import Days
from people.models import KEEPERS, Leave, Officer, Posting


class OneCity:
    """Mixin of a form: the officer and the district or station must be of one city."""

    def clean(self) -> dict[str, Any]:
        """Refuse parts of two cities."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        officer = cleaned.get("officer")
        city_id = cleaned["city"].pk if cleaned.get("city") else officer.city_id if officer else None
        for name in ("district", "station"):
            part = cleaned.get(name)
            if part is not None and city_id and part.city_id != city_id:
                self.add_error(name, _("It belongs to another city."))  # type: ignore[attr-defined]
        return cleaned


class PostingForm(OneCity, SpanForm):
    """A posting."""

    clash = _("The district has an officer in this role on some of these days: end that posting first.")

    class Meta:
        model = Posting
        fields = ("officer", "district", "role")


class LeaveForm(SpanForm):
    """A leave."""

    clash = _("The officer is away on some of these days already.")

    class Meta:
        model = Leave
        fields = ("officer",)


class PostingInline(OfTheirCities, admin.TabularInline[Posting, Officer]):
    """Districts of an officer."""

    model = Posting
    form = PostingForm
    city_path = "officer__city"
    formset = SpansFormSet
    fields = ("district", "role", "first_day", "last_day")
    autocomplete_fields = ("district",)
    extra = 0
    deleters = (Role.COORDINATOR,)


class LeaveInline(OfTheirCities, admin.TabularInline[Leave, Officer]):
    """Days away of an officer."""

    model = Leave
    form = LeaveForm
    formset = SpansFormSet
    city_path = "officer__city"
    fields = ("first_day", "last_day")
    extra = 0
    deleters = KEEPERS


@admin.register(Posting)
class PostingAdmin(OfTheirCities, admin.ModelAdmin[Posting]):
    """All postings, past and to come."""

    form = PostingForm
    city_path = "officer__city"
    fields = ("officer", "district", "role", ("first_day", "last_day"))
    list_display = ("district", "officer", "role", "days")
    list_filter = ("district__city", "role")
    list_select_related = ("district", "officer")
    search_fields = ("officer__name_uk", "officer__name_en", "district__code", "district__name_uk")
    autocomplete_fields = ("officer", "district")
    deleters = (Role.COORDINATOR,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        """Without phones: each is parsed as it is loaded."""
        return super().get_queryset(request).defer("officer__phone")

    @admin.display(description=_("days"), ordering="during")
    def days(self, posting: Posting) -> str:
        """First and last day."""
        return str(Days.between(posting.during.lower, posting.during.upper))


@admin.register(Leave)
class LeaveAdmin(OfTheirCities, admin.ModelAdmin[Leave]):
    """All leaves."""

    form = LeaveForm
    city_path = "officer__city"
    fields = ("officer", ("first_day", "last_day"))
    list_display = ("officer", "days")
    list_filter = ("officer__city",)
    list_select_related = ("officer",)
    search_fields = ("officer__name_uk", "officer__name_en")
    autocomplete_fields = ("officer",)
    deleters = KEEPERS

    @admin.display(description=_("days"), ordering="during")
    def days(self, leave: Leave) -> str:
        """First and last day."""
        return str(Days.between(leave.during.lower, leave.during.upper))
