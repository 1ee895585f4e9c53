"""The filters of the heatmap: the API's parameters, and what the page adds to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.week import HOURS_OF_A_DAY
from appeals.models import CATEGORIES
from mapui.heat.rates import WORDS, Per
from mapui.heat.words import weekday_names


class HeatForm(forms.Form):
    """Filters of the heatmap. Sensitive topics that are alone, as releases tell them, have no hours."""

    SIZES = [("18", gettext_lazy("100 m")), ("17", gettext_lazy("200 m")), ("16", gettext_lazy("400 m"))]
    COMPARE = [
        ("", gettext_lazy("nothing")),
        ("before", gettext_lazy("the period before")),
        ("year", gettext_lazy("the same period last year")),
    ]
    of = forms.CharField(widget=forms.HiddenInput, required=False)
    topics = forms.CharField(widget=forms.HiddenInput, required=False)
    sort = forms.CharField(widget=forms.HiddenInput, required=False)
    category = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    weekday = forms.MultipleChoiceField(
        label=gettext_lazy("Weekdays"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hour_from = forms.ChoiceField(label=gettext_lazy("From hour"), required=False)
    hour_to = forms.ChoiceField(label=gettext_lazy("Until hour"), required=False)
    zoom = forms.ChoiceField(label=gettext_lazy("Squares of about"), choices=SIZES, required=False)
    per = forms.ChoiceField(label=gettext_lazy("Colours show"), required=False)
    compare = forms.ChoiceField(label=gettext_lazy("Compare with"), choices=COMPARE, required=False)

    def __init__(self, *args: Any, live: bool, protected: bool, residents: bool, usual: Per, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # “from” is a word of Python, not of the address.
        for name, label in (("from", _("From")), ("to", _("To"))):
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
        choices: Any = self.fields
        choices["category"].choices = [
            (each.slug, each.name) for each in CATEGORIES.rows() if live or each.protected is protected
        ]
        choices["weekday"].choices = [(str(day), name) for day, name in enumerate(weekday_names(), start=1)]
        hours = [("", "–"), *((str(hour), f"{hour}:00") for hour in range(HOURS_OF_A_DAY + 1))]
        choices["hour_from"].choices, choices["hour_to"].choices = hours[:-1], [hours[0], *hours[2:]]
        # The usual one has no name in the address: with other filters another may be usual.
        choices["per"].choices = [
            ("" if per is usual else per.value, words)
            for per, words in WORDS.items()
            if residents or per is not Per.RESIDENT
        ]
        if not live:
            del self.fields["zoom"]
        if protected:
            for name in ("weekday", "hour_from", "hour_to"):
                del self.fields[name]

    @property
    def first(self) -> forms.BoundField:
        """The field of the first day, which a template cannot name."""
        return self["from"]

    @property
    def last(self) -> forms.BoundField:
        """The field of the last day."""
        return self["to"]

    def zoom_words(self) -> str:
        """Return how large the squares are that are shown."""
        return str(dict(self.SIZES).get(self.data["zoom"], ""))

    def topics_chosen(self) -> str:
        """Return the topics that are chosen, by name; empty where all are."""
        chosen = set(self["category"].data or ())
        if not chosen:
            return ""
        return ", ".join(str(label) for value, label in self.fields["category"].choices if str(value) in chosen)  # type: ignore[attr-defined]
