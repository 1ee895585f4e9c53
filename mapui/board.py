"""The supervisor's board as a page shows it: rows of numbers, each a way into the list of letters behind it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appeals.board import DistrictLoad, Load, OfficerLoad
from appeals.filters import Due
from appeals.models import Addressee, Appeal
from appeals.services import REASON_MAX
from geo.labels import in_counting_order
from geo.models import City, District
from geo.names import in_current_language
from mapui.letter_deeds import IN_FORCE

OWN = "."
"""Stands where the code of a district would: each letter stays in its own."""


def district_rows(loads: Iterable[DistrictLoad]) -> list[dict[str, Any]]:
    """Return rows of the table by district."""
    return [_district(each) for each in loads]


def officer_rows(loads: Iterable[OfficerLoad]) -> list[dict[str, Any]]:
    """Return rows of the table by officer."""
    return [_officer(each) for each in loads]


def cells_of(load: Load, codes: Iterable[str] = (), addressee: str = "") -> list[dict[str, Any]]:
    """Return the numbers of a row, the most urgent first, each with the filters of the letters that it counts."""
    chosen = urlencode([("district", code) for code in codes] + ([("addressee", addressee)] if addressee else []))
    numbers = (
        (Due.OVERDUE, gettext("Overdue"), load.overdue),
        (Due.TODAY, gettext("Due today"), load.today),
        (Due.SOON, gettext("Due within three days"), load.soon),
        ("", gettext("All that wait"), load.waiting),
    )
    return [
        {"name": name, "n": n, "due": due, "query": "&".join(filter(None, [chosen, due and f"due={due}"]))}
        for due, name, n in numbers
    ]


def _district(row: DistrictLoad) -> dict[str, Any]:
    cells = cells_of(row.load, [row.district.code], Addressee.OFFICER)
    return {"district": row.district, "officer": row.officer, "is_acting": row.is_acting, "cells": cells}


def _officer(row: OfficerLoad) -> dict[str, Any]:
    cells = cells_of(row.load, [each.code for each in row.districts], Addressee.OFFICER)
    return {"officer": row.officer, "districts": row.districts, "cells": cells}


class ReassignForm(forms.Form):
    """Which of the letters shown, to whom, and why."""

    letters = forms.MultipleChoiceField(
        label=_("Letters"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one letter.")},
    )
    to = forms.ChoiceField(label=_("To whom"), error_messages={"required": _("Choose to whom.")})
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The writer of each letter reads this."),
        max_length=REASON_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why: the writer reads it.")},
    )

    def __init__(self, *args: Any, city: City, shown: Iterable[Appeal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = IN_FORCE.rows(city=city.pk, at=timezone.now())
        self._keys = {code: key for key, code, *_names in found}
        names = {code: in_current_language(*known) for _key, code, *known in found}
        self._shown = {letter.public_number: letter for letter in shown}
        for letter in self._shown.values():
            letter.city = city
        self.fields["letters"].choices = [(number, number) for number in self._shown]  # type: ignore[attr-defined]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            (OWN, _("Whoever answers in the letter's own district now")),
            *((code, names[code]) for code in sorted(names, key=in_counting_order)),
        ]

    @property
    def chosen(self) -> list[Appeal]:
        """The letters that were ticked. Call after `is_valid()`."""
        return [self._shown[number] for number in self.cleaned_data["letters"]]

    @property
    def district(self) -> District | None:
        """To which district they go; None: each stays in its own. Call after `is_valid()`."""
        key = self._keys.get(self.cleaned_data["to"])
        return District.objects.get(pk=key) if key else None

    @property
    def ticked(self) -> set[str]:
        """The numbers that are ticked as the form is shown."""
        return set(self["letters"].value() or ())
