"""Forms of prevention: which hotspots are looked for, a measure, a comment."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from analysis.models import WORDS_MAX, MeasureVersion
from analysis.prevention.drafts import Draft
from mapui.letter_forms import CategoryChoice

Kind, State = MeasureVersion.Kind, MeasureVersion.State
NO_PERSON = _(
    "No names, phones or addresses, nothing about a person or a family: whoever serves this district later, and the"
    " supervisors, read it."
)
DAYS = {"91": 91, "182": 182, "364": 364}
"""Spans by which hotspots are looked for: whole weeks, so that each weekday counts alike."""


class SearchForm(forms.Form):
    """By which letters hotspots are looked for: sensitive topics have no place."""

    category = CategoryChoice(
        with_a_place=True,
        label=_("Topic"),
        to_field_name="slug",
        required=False,
        empty_label=_("All topics with a place"),
    )
    days = forms.ChoiceField(
        label=_("Letters of the last"),
        choices=[("91", _("3 months")), ("182", _("6 months")), ("364", _("12 months"))],
        required=False,
        initial="364",
    )


class MeasureForm(forms.Form):
    """A measure: what, when, planned or done, and a few words."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("What"),
        choices=lambda: [(each.value, capfirst(each.label)) for each in Kind],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    state = forms.ChoiceField(
        label=_("Planned or done"),
        choices=lambda: [(each.value, capfirst(each.label)) for each in (State.PLANNED, State.DONE)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it is planned or done.")},
    )
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day.")},
    )
    text = forms.CharField(
        label=_("In a few words"),
        help_text=NO_PERSON,
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    @property
    def draft(self) -> Draft:
        """What was filled in."""
        data = self.cleaned_data
        return Draft(kind=data["kind"], state=data["state"], on=data["on"], text=data["text"])


class ChangeForm(MeasureForm):
    """Another version of a measure; `after` is the version that was read."""

    key = None  # type: ignore[assignment]
    after = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, current: MeasureVersion) -> "ChangeForm":
        """Return the form with what the measure is."""
        was = State.DONE if current.state == State.WITHDRAWN else current.state
        shown: dict[str, Any] = {"kind": current.kind, "state": was, "on": current.on, "text": current.text}
        return cls(initial=shown | {"after": current.number})


class CommentForm(forms.Form):
    """A comment on a measure."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Comment"),
        help_text=NO_PERSON,
        max_length=WORDS_MAX,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write the comment: it is empty.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_comment_%s")  # beside the form of a change
