"""The form of a page of text: both languages side by side."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapui.markdown import unknown_facts
from mapui.page_texts import FACTS
from people.models import PAGE_MAX


def _text(label: Any, lang: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=PAGE_MAX,
        widget=forms.Textarea({"rows": 24, "lang": lang, "class": "page-text"}),
        **more,
    )


def with_known_facts(text: str) -> str:
    """Return a text of a page. Raises ValidationError where something in braces is no fact."""
    unknown = unknown_facts(text, dict.fromkeys(FACTS, ""))
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in FACTS)
        raise ValidationError(
            _("The site does not know %(unknown)s. It knows: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": known}
        )
    return text


class PageForm(forms.Form):
    """What everybody will read; `after` is the number of the version that was read before."""

    uk = _text(
        gettext_lazy("Text in Ukrainian"),
        "uk",
        error_messages={
            "required": gettext_lazy("The Ukrainian text is empty. The page may follow another text: see below.")
        },
    )
    en = _text(
        gettext_lazy("Text in English"),
        "en",
        required=False,
        help_text=gettext_lazy("Empty: who reads English sees the Ukrainian text."),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_uk(self) -> str:
        """Refuse what stands in braces and is no fact."""
        return with_known_facts(self.cleaned_data["uk"])

    def clean_en(self) -> str:
        """Refuse the same in the English text."""
        return with_known_facts(self.cleaned_data["en"])


class FollowForm(PageForm):
    """The page shall have no text of its own."""

    uk = forms.CharField(required=False, widget=forms.HiddenInput)
    en = forms.CharField(required=False, widget=forms.HiddenInput)
