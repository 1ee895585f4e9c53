"""The form of the list's filters. It shows what `appeals.filters` reads; it works as a plain GET form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.filters import WAITING, Due
from appeals.words import STATE_NAMES
from mapui.letter_deeds import DayInput
from mapui.letter_forms import CategoryChoice


class FilterForm(forms.Form):
    """Filters of the list and of its map."""

    DUE = (
        (Due.OVERDUE.value, _("overdue")),
        (Due.TODAY.value, _("today")),
        (Due.SOON.value, _("within three days")),
        (Due.LATER.value, _("later")),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (WAITING, _("what waits for the office")),
            ("", _("all")),
            *((state.value, name) for state, name in STATE_NAMES.items()),
        ],
    )
    category = CategoryChoice(
        label=_("Category"),
        to_field_name="slug",
        required=False,
        empty_label=_("all"),
    )
    # Set by links of the supervisor's board, and kept while other filters change.
    district = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    addressee = forms.CharField(required=False, widget=forms.HiddenInput)
    officer = forms.CharField(required=False, widget=forms.HiddenInput)
    due = forms.ChoiceField(label=_("Answer due"), required=False, choices=[("", _("any day")), *DUE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # “from” is a word of Python, not of the address.
        for name, label in (("from", _("Received from")), ("to", _("to"))):
            self.fields[name] = forms.DateField(label=label, required=False, widget=DayInput())
