"""The form of a new token."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from analysis.models import Token

KINDS = {
    Token.Kind.RELEASES: gettext_lazy("Released areas, hotspots and hours; districts"),
    Token.Kind.LIVE: gettext_lazy("Live counts: squares, hotspots, hours and changes. Not for publication"),
}


class TokenForm(forms.Form):
    """What a script is called, what it may read, and for how long."""

    LASTS = [("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("a year"))]

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("So that you know later which one to revoke: “QGIS on my laptop”, “monthly report”."),
        max_length=60,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("It may read"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    lasts = forms.ChoiceField(label=gettext_lazy("It works for"), choices=LASTS, initial="90")

    def __init__(self, *args: Any, open_kinds: list[Token.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)  # noqa: S101 - declared above
        kinds.choices = [(kind.value, KINDS[kind]) for kind in open_kinds]
        if len(open_kinds) == 1:
            kinds.initial = [open_kinds[0].value]

    def clean_lasts(self) -> datetime.timedelta:
        """The choice as a length of time."""
        return datetime.timedelta(days=int(self.cleaned_data["lasts"]))
