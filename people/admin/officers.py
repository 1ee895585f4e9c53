"""Officers: their cards, with districts and days away."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, ExpressionWrapper, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from geo.admin import KeptWhileNamed
from people.admin.postings import LeaveInline, PostingInline
from people.admin.scope import OfTheirCities, Role, cities_of
from people.admin.written import WrittenDown
from people.findings import stale_before
from people.models import Officer, Posting
from people.phones import as_people_write
from people.photos import PhotoRefused, square_photo


class OfficerForm(forms.ModelForm[Officer]):
    """An officer's card; a new photo is drawn anew, small, square and without metadata."""

    class Meta:
        model = Officer
        fields = "__all__"  # noqa: DJ007
        # Not the picture field of forms: it reads the file by itself, and knows HEIC only once somebody loaded it.
        field_classes = {"photo": forms.FileField}

    def clean_photo(self) -> Any:
        """Replace what was uploaded."""
        photo = self.cleaned_data.get("photo")
        if not photo or "photo" not in self.changed_data:
            return photo
        try:
            return square_photo(photo)
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class FreshnessFilter(admin.SimpleListFilter):
    """Cards checked lately, or long ago."""

    title = _("freshness")
    parameter_name = "freshness"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two choices."""
        return [("stale", _("checked long ago")), ("fresh", _("checked lately"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Officer]) -> QuerySet[Officer]:
        """The officers of the choice."""
        since = stale_before(timezone.localdate())
        match self.value():
            case "stale":
                return queryset.filter(checked_on__lt=since)
            case "fresh":
                return queryset.filter(checked_on__gte=since)
        return queryset


class OfficerList(ChangeList):
    """The list of officers."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Officer]:
        """Phones as they rest, and the codes of the districts that each row names."""
        posted = Posting.objects.on(timezone.localdate()).filter(officer=OuterRef("pk")).order_by("district__code")
        officers: QuerySet[Officer] = super().get_queryset(request, exclude_parameters)
        return officers.defer("phone").annotate(
            resting_phone=ExpressionWrapper(F("phone"), CharField()),
            posted_today=ArraySubquery(posted.values("district__code")),
        )


@admin.register(Officer)
class OfficerAdmin(WrittenDown, OfTheirCities, KeptWhileNamed, admin.ModelAdmin[Officer]):
    """Officers, with their districts and days away. A moderator proposes changes, on a page of the office."""

    form = OfficerForm
    changers = (Role.COORDINATOR, Role.SUPERVISOR)
    list_display = ("name_uk", "rank_uk", "city", "posted_to", "written_phone", "email", "checked_on")
    list_filter = ("city", FreshnessFilter, "kind")
    list_select_related = ("city",)
    search_fields = (
        "name_uk", "name_en", "key", "phone", "email", "postings__district__code", "station__name_uk",
    )  # fmt: skip
    autocomplete_fields = ("city", "station")
    raw_id_fields = ("user",)
    prepopulated_fields = {"key": ("name_en",)}
    readonly_fields = ("photo_now",)
    inlines = (PostingInline, LeaveInline)
    actions = ("confirm_today",)
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("city", "kind", "name_uk", "name_en", "key", "rank_uk", "rank_en", "photo_now", "photo")}),
        (_("Contact"), {"fields": ("phone", "email", "languages")}),
        (_("Reception"), {"fields": ("station", "reception_uk", "reception_en")}),
        (_("Upkeep"), {"fields": ("checked_on", "user")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        """Without the outlines of cities, which no page here shows."""
        officers: QuerySet[Officer] = super().get_queryset(request).defer("city__outline")
        return officers

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list shows phones as they rest, put as people write them: to parse each takes long."""
        return OfficerList

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> tuple[str, ...]:
        """Who signs in as the officer is the superuser's to say."""
        return ("photo_now",) if getattr(request.user, "is_superuser", False) else ("photo_now", "user")

    @admin.display(description=_("districts today"))
    def posted_to(self, officer: Officer) -> str:
        """Codes of the districts in which the officer is posted today."""
        posted: list[str] = officer.posted_today  # type: ignore[attr-defined] # told by `OfficerList`
        return ", ".join(posted)

    @admin.display(description=_("phone"), ordering="phone")
    def written_phone(self, officer: Officer) -> str:
        """The phone as people write it."""
        resting: str = officer.resting_phone  # type: ignore[attr-defined] # told by `OfficerList`
        return as_people_write(resting) if resting else ""

    @admin.display(description=_("photo now"))
    def photo_now(self, officer: Officer) -> str:
        """The photo that the card shows."""
        if not officer.photo:
            return "—"
        return format_html('<img src="{}" width="120" height="120" alt="">', officer.photo.url)

    @admin.action(description=_("Confirm the cards: checked today"), permissions=["change"])
    def confirm_today(self, request: HttpRequest, queryset: QuerySet[Officer]) -> None:
        """Note that a person has checked the cards: those they may change, since the list shows others too.

        A list that was searched is one of distinct rows, which cannot be locked: they are found by their keys.
        """
        today = timezone.localdate()
        with transaction.atomic():
            theirs = Officer.objects.filter(city__in=cities_of(request.user, self.changers))
            cards = list(theirs.filter(pk__in=queryset.order_by().values("pk")).select_for_update())
            for card in cards:
                card.checked_on = today
                self.save_model(request, card, None, change=True)
        n = len(cards)
        self.message_user(request, ngettext("%(n)d card confirmed.", "%(n)d cards confirmed.", n) % {"n": n})
