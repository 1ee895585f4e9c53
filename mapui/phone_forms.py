"""The form of a help line."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from people.models import HelpLine
from people.phones import LINE_FIELDS


class LineForm(forms.ModelForm[HelpLine]):
    """What is changed of a help line. Saving is the deed `people.phones.save_line`."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        help_text=_("As people dial it: 102, 15-47, 0 800 500 335."),
        validators=[
            RegexValidator(r"^\+?[0-9](?:[0-9 -]*[0-9])?$", _("A phone is digits, with spaces or hyphens between."))
        ],
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    class Meta:
        model = HelpLine
        fields = LINE_FIELDS
        widgets = {"purpose": forms.Select, "name_en": forms.TextInput({"lang": "en"})}
        help_texts = {
            "purpose": _("Emergency lines stand wherever somebody may need help at once; lines on domestic violence "
                         "where a letter is about it."),
            "position": _("Lines with a smaller number stand higher."),
        }  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the name of the field."""
        return {name: self.cleaned_data[name] for name in LINE_FIELDS}

    def _post_clean(self) -> None:
        """Leave the row as it is: the deed fills and checks it."""
