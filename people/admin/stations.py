"""Stations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.admin.scope import OfTheirCities, Role
from people.admin.written import WrittenDown
from people.models import Station


class StationForm(forms.ModelForm[Station]):
    """A station with its place as two numbers."""

    lat = forms.FloatField(label=_("latitude"), min_value=-90, max_value=90, required=False)
    lon = forms.FloatField(label=_("longitude"), min_value=-180, max_value=180, required=False)

    class Meta:
        model = Station
        exclude = ("location",)  # noqa: DJ006

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.location:
            self.initial["lat"], self.initial["lon"] = self.instance.location.y, self.instance.location.x

    def clean(self) -> dict[str, Any]:
        """Both numbers or none."""
        cleaned = super().clean() or self.cleaned_data
        lat, lon = cleaned.get("lat"), cleaned.get("lon")
        if (lat is None) != (lon is None) and not self.errors:
            raise ValidationError(_("Give both latitude and longitude, or neither."))
        self.instance.location = None if lat is None or lon is None else Point(lon, lat, srid=4326)
        return cleaned


@admin.register(Station)
class StationAdmin(WrittenDown, OfTheirCities, admin.ModelAdmin[Station]):
    """Police stations."""

    form = StationForm
    changers = (Role.COORDINATOR, Role.SUPERVISOR)
    list_display = ("name_uk", "city", "address_uk", "phone", "is_duty")
    list_filter = ("city", "is_duty")
    list_select_related = ("city",)
    search_fields = ("name_uk", "name_en", "address_uk", "key", "phone")
    autocomplete_fields = ("city",)
    prepopulated_fields = {"key": ("name_en",)}
    fieldsets = (
        (None, {"fields": ("city", "name_uk", "name_en", "key", "is_duty")}),
        (_("Place"), {"fields": ("address_uk", "address_en", ("lat", "lon"))}),
        (_("Contact"), {"fields": ("phone", "checked_on", "hours_uk", "hours_en")}),
    )
