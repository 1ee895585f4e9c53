"""The filters of the heatmap: the API's parameters, and what the page adds to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.models import Category
from mapui.letter_forms import CategoryChoice


class HeatForm(forms.Form):
    """Filters of the heatmap; its fields are the API's parameters."""

    SIZES = [("18", gettext_lazy("100 m")), ("17", gettext_lazy("200 m")), ("16", gettext_lazy("400 m"))]
    PER = [("area", gettext_lazy("the area")), ("address", gettext_lazy("known addresses"))]
    COMPARE = [
        ("", gettext_lazy("nothing")),
        ("before", gettext_lazy("the period before")),
        ("year", gettext_lazy("the same weekdays last year")),
    ]
    TOPICS = [("ordinary", gettext_lazy("ordinary topics")), ("protected", gettext_lazy("sensitive topics"))]

    of = forms.CharField(widget=forms.HiddenInput, required=False)
    sort = forms.CharField(widget=forms.HiddenInput, required=False)
    topics = forms.ChoiceField(label=gettext_lazy("Kind of topics"), choices=TOPICS, required=False)
    category = CategoryChoice(
        Category.objects.all(),
        label=gettext_lazy("Topic"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("All topics"),
    )
    zoom = forms.ChoiceField(label=gettext_lazy("Squares of about"), choices=SIZES, required=False)
    per = forms.ChoiceField(label=gettext_lazy("Chance is even over"), choices=PER, required=False)
    compare = forms.ChoiceField(label=gettext_lazy("Compare with"), choices=COMPARE, required=False)

    def __init__(self, *args: Any, live: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # “from” is a word of Python, not of the address.
        for name, label in (("from", _("From")), ("to", _("To"))):
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
        for name in ("topics",) if live else ("zoom", "compare"):
            del self.fields[name]
        self.order_fields(["topics", "category", "from", "to", "compare", "zoom", "per"])
