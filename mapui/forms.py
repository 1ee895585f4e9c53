"""Forms of the public pages."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from geo.lookup import BadCoordinates, find_address, parse_point
from geo.models import City

COORDINATES = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d+(?:[.,]\d+)?)\s*$")
"""Two numbers, as a map gives them: "49.5531, 25.5943", "49,5531; 25,5943"."""


class PlaceForm(forms.Form):
    """A place: hidden `lat` and `lon` from the map or the device, or `q` as a person types it."""

    q = forms.CharField(label=_("Address or coordinates"), max_length=200, required=False)
    lat = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    lon = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def point(self, cities: list[City]) -> tuple[float, float] | None:
        """Return (lon, lat) in degrees of the place that was given, or None with the reason among the errors.

        An address is sought in `cities`, in their order. Call after `is_valid()`.
        """
        text: str = self.cleaned_data["q"]
        lat, lon = self.cleaned_data["lat"], self.cleaned_data["lon"]
        typed = COORDINATES.match(text)
        if not (lat and lon) and typed:
            lat, lon = typed.groups()
        if lat and lon:
            try:
                return parse_point(lat, lon)
            except BadCoordinates as reason:
                self.add_error("q", str(reason))
                return None
        if not text.strip():
            self.add_error("q", _("Type an address, or choose the place on the map."))
            return None
        for city in cities:
            house = find_address(city, text)
            if house:
                return house.location.x, house.location.y
        self.add_error(
            "q",
            _("We do not know this address yet. Check the spelling, choose the place on the map, or find your "
              "district in the list."),
        )  # fmt: skip
        return None


class MistakeForm(forms.Form):
    """What is wrong on an officer's card."""

    text = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("For example: the phone does not answer, the officer has changed, the hours are different."),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
    )
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )
    """A trap: people do not see this field, programs fill it in."""

    @property
    def is_by_program(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))
