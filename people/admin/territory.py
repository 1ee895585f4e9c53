"""Territory, for the staff of a city: what `geo.admin` shows, narrowed to their cities."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from geo.admin import (
    BoundaryEditionAdmin,
    CityAdmin,
    DistrictAdmin,
    HouseInline,
    SettlementAdmin,
    StreetAdmin,
    StreetNameInline,
)
from geo.models import BoundaryEdition, City, District, Settlement, Street
from people.admin.scope import OfTheirCities, Role
from people.admin.written import WrittenDown
from people.cities import NobodyReadsLetters, refuse_unread_letters


class CityForm(forms.ModelForm[City]):
    """A city. It takes letters only where somebody reads those that no officer does."""

    class Meta:
        model = City
        fields = "__all__"  # noqa: DJ007

    def clean_takes_letters(self) -> bool:
        """Refuse to open the letters of a city in which nobody reads those of a district without officer."""
        takes: bool = self.cleaned_data["takes_letters"]
        if takes:
            try:
                refuse_unread_letters(self.instance)
            except NobodyReadsLetters as refusal:
                raise ValidationError(str(refusal)) from refusal
        return takes


class TheirCityAdmin(OfTheirCities, CityAdmin):
    """Cities; their settings are a coordinator's to change, a new city the superuser's."""

    form = CityForm
    city_path = "pk"
    changers = (Role.COORDINATOR,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new city is the superuser's."""
        return bool(getattr(request.user, "is_superuser", False))


class TheirDistrictAdmin(WrittenDown, OfTheirCities, DistrictAdmin):
    """Districts."""

    changers = (Role.COORDINATOR,)


class TheirSettlementAdmin(OfTheirCities, SettlementAdmin):
    """Settlements."""

    changers = (Role.COORDINATOR, Role.MODERATOR)
    deleters = (Role.COORDINATOR,)


class TheirStreetNameInline(OfTheirCities, StreetNameInline):
    """Other names of a street."""

    city_path = "street__city"
    changers = deleters = (Role.COORDINATOR, Role.MODERATOR)


class TheirHouseInline(OfTheirCities, HouseInline):
    """Houses of a street, to look at."""

    city_path = "street__city"
    changers = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Houses come with their places, from files."""
        return False


class TheirStreetAdmin(OfTheirCities, StreetAdmin):
    """Streets."""

    changers = (Role.COORDINATOR, Role.MODERATOR)
    deleters = (Role.COORDINATOR,)
    inlines = (TheirStreetNameInline, TheirHouseInline)


class TheirEditionAdmin(OfTheirCities, BoundaryEditionAdmin):
    """Editions, to look at."""

    changers = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


for _model, _admin in (
    (City, TheirCityAdmin),
    (District, TheirDistrictAdmin),
    (Settlement, TheirSettlementAdmin),
    (Street, TheirStreetAdmin),
    (BoundaryEdition, TheirEditionAdmin),
):
    admin.site.unregister(_model)
    admin.site.register(_model, _admin)
