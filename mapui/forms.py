"""Forms of the public pages."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appeals.receipts import new_idempotency_key
from geo.addresses.matches import AddressMatch
from geo.addresses.resolving import resolve_address
from geo.addresses.search import streets_without_house
from geo.lookup import BadCoordinates, parse_point
from geo.models import BoundaryEdition, City

COORDINATES = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d+(?:[.,]\d+)?)\s*$")
"""Two numbers, as a map gives them: "49.5531, 25.5943", "49,5531; 25,5943"."""
WITHOUT_POINT = re.compile(r"^@s?\d{1,9}$")
"""The street or settlement of a chosen house that has no coordinates (`AddressMatch.key`)."""
BEFORE_ADDRESS = " | "
"""Parts the coordinates, or the key, of a chosen place from its address."""
SAME_PLACE_DEGREES = 2e-6
"""Pages give coordinates with six decimals."""


@dataclass(frozen=True, slots=True)
class HouseOf:
    """A house of a city, where an address was typed or chosen."""

    city: City
    house: AddressMatch


Place = tuple[float, float] | HouseOf
"""Where somebody asks about: (lon, lat) in degrees WGS 84, or a house."""


class PlaceForm(forms.Form):
    """A place: hidden `lat` and `lon` from the map or the device, or `q` as a person types it."""

    q = forms.CharField(label=_("Address or coordinates"), max_length=400, required=False)
    lat = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    lon = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    choices: "list[Choice]" = []
    """Filled by `place` when a typed address may mean several places."""

    def place(self, cities: list[City], at: datetime.datetime) -> Place | None:
        """Return the place that was given, or None with the reason among the errors.

        An address is sought in `cities`, in their order, and in their lists of streets in force at a moment. Call after
        `is_valid()`.
        """
        text: str = self.cleaned_data["q"]
        lat, lon = self.cleaned_data["lat"], self.cleaned_data["lon"]
        before, _bar, after = text.partition(BEFORE_ADDRESS)
        typed = COORDINATES.match(before)
        if not (lat and lon) and typed:
            lat, lon = typed.groups()
            text = after
        if lat and lon:
            try:
                return _place_of(*parse_point(lat, lon), text, cities, at)
            except BadCoordinates as reason:
                self.add_error("q", str(reason))
                return None
        if not text.strip():
            self.add_error("q", _("Type an address, or choose the place on the map."))
            return None
        if WITHOUT_POINT.match(before):
            text = after
            if house := _house_without_point(before, text, cities, at):
                return house
        return self._place_of_address(text, cities, at)

    def _place_of_address(self, text: str, cities: list[City], at: datetime.datetime) -> Place | None:
        """Return the place that an address names, or None with an error or with places to choose from.

        A name that was mistyped is a choice too: nobody else sees how it was read before the officer's card is shown.
        """
        meant = [(city, resolve_address(city, text, at=at)) for city in cities]
        found = [(city, each.match) for city, each in meant if each.match]
        if len(found) == 1 and found[0][1].how != "corrected":
            city, match = found[0]
            return HouseOf(city, match)
        candidates = [one for _city, each in meant for one in each.candidates]
        self.choices = [Choice.of(match) for match in (*(match for _city, match in found), *candidates)]
        if not self.choices:
            self.add_error("q", _why_nothing(text, cities, at))
        elif all(choice.how == "street" for choice in self.choices):
            streets = ", ".join(dict.fromkeys(choice.street for choice in self.choices[:3]))
            self.choices = []
            self.add_error("q", _("Add the number of the house: %(streets)s.") % {"streets": streets})
        else:
            self.choices = [choice for choice in self.choices if choice.how != "street"]
        return None


def _why_nothing(text: str, cities: list[City], at: datetime.datetime) -> str:
    """Say why an address leads nowhere, and what to do next in these cities."""
    if streets := [street for city in cities for street in streets_without_house(city, text)]:
        return gettext(
            "We know the street, but not this house: %(streets)s. Check the number, or find your district in the list."
        ) % {"streets": ", ".join(streets[:3])}
    if not BoundaryEdition.objects.in_force_at(at).filter(city__in=cities).exists():
        return gettext("We do not know this address. Check the spelling, or find your district in the list.")
    return gettext(
        "We do not know this address. Check the spelling, choose the place on the map, or find your district "
        "in the list."
    )


def _place_of(lon: float, lat: float, address: str, cities: list[City], at: datetime.datetime) -> Place:
    """Return the house of an address that was given with a point, where it lies just there, else the point."""
    for found in _houses(address, cities, at):
        point = found.house.point
        if point and max(abs(point[0] - lon), abs(point[1] - lat)) < SAME_PLACE_DEGREES:
            return found
    return lon, lat


def _house_without_point(key: str, address: str, cities: list[City], at: datetime.datetime) -> HouseOf | None:
    """Return the house of an address that was chosen by its key; None where the address no longer means it."""
    houses = _houses(address, cities, at)
    return next((found for found in houses if found.house.key == key and not found.house.point), None)


def _houses(address: str, cities: list[City], at: datetime.datetime) -> Iterator[HouseOf]:
    """Every house that an address may mean."""
    for city in cities if address.strip() else ():
        meant = resolve_address(city, address, at=at)
        for match in (meant.match, *meant.candidates):
            if match and match.how != "street":
                yield HouseOf(city, match)


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that a typed address may mean: `place` is what the field understands.

    That is degrees WGS 84, or the key of a house without a point, and the address.
    """

    label: str
    place: str
    was: str
    how: str

    @property
    def street(self) -> str:
        """The place as a sentence calls it, with the former name that it was asked by."""
        return gettext("%(label)s (was: %(was)s)") % {"label": self.label, "was": self.was} if self.was else self.label

    @classmethod
    def of(cls, match: AddressMatch) -> Self:
        """Make one of an answer of the search."""
        where = f"{match.lat:.6f}, {match.lon:.6f}" if match.point else match.key
        return cls(match.label, f"{where}{BEFORE_ADDRESS}{match.label}", match.was, match.how)


class MistakeForm(forms.Form):
    """What is wrong on an officer's card."""

    text = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("For example: the phone does not answer, the officer has changed, the hours are different."),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
    )
    email = forms.EmailField(
        label=_("Your e-mail, if you want to hear of the answer"),
        help_text=_("We write once, without saying what about."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    key = forms.CharField(max_length=128, required=False, initial=new_idempotency_key, widget=forms.HiddenInput)
    """The same form sent twice is one report; with other words it is another."""
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )
    """A trap: people do not see this field, programs fill it in."""

    @property
    def is_by_program(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))


class MistakeCodeForm(forms.Form):
    """The code of a report."""

    code = forms.CharField(
        label=_("Code of the report"),
        help_text=_("8 letters and digits, like 7K2M-Q8RD."),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "receipt-input"}
        ),
        error_messages={"required": _("Type the code.")},
    )
