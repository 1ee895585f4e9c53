"""The form of a term of keeping: its source is looked at, and what a shorter term erases is seen before it is kept."""

import dataclasses
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.models import RetentionRule, terms
from appeals.services.erasing import counts_due, expired_days
from geo.moments import local_day

SEEN: Final = "seen"


class RetentionForm(forms.ModelForm[RetentionRule]):
    """A term and its source. Shortening it takes two steps: the first tells what would be erased."""

    source_stands = forms.BooleanField(
        label=gettext_lazy("this source says so of the new number of years too"), required=False
    )
    seen = forms.CharField(label=gettext_lazy("make it shorter"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = RetentionRule
        fields = ("years", "source")

    def clean(self) -> dict[str, Any]:
        """Refuse other years with a source that nobody looked at, and shorter ones before their price was seen."""
        told = super().clean() or self.cleaned_data
        years, before = told.get("years"), self.initial.get("years")
        if years is None or before is None or years == before:
            return told
        if "source" in told and told["source"] == self.initial["source"] and not told.get("source_stands"):
            self.add_error(
                "source",
                ValidationError(
                    _("Everybody reads it as the source of the new term. Change it, or say that it stands.")
                ),
            )
        if self.instance.least_years <= years < before and not self.errors:
            self._price_is_seen(years, seen=told.get(SEEN, ""))
        return told

    def _price_is_seen(self, years: int, *, seen: str) -> None:
        """Tell what the next run would erase, and ask for a tick beside exactly that."""
        letters, contacts, days = price(self.instance.what, years)
        told = f"{years} {letters} {contacts} {days}"
        if seen == told:
            return
        words = _("letters: %(letters)s; names and contacts: %(contacts)s; days of the log of openings: %(days)s") % {
            "letters": letters, "contacts": contacts, "days": days,
        }  # fmt: skip
        self.fields[SEEN].widget = forms.CheckboxSelectMultiple(choices=[(told, words)])
        self.add_error(
            SEEN, ValidationError(_("The next run would erase this, and it does not come back. Tick it to do so."))
        )


def price(what: str, years: int) -> tuple[int, int, int]:
    """Return how many letters, names and contacts, and days of the log the next run would erase by another term."""
    changed: dict[str, Any] = {f"{what}_years": years}
    kept, today = dataclasses.replace(terms(), **changed), local_day(timezone.now())
    found = counts_due(on=today, kept=kept)
    letters, contacts = (sum(getattr(each, name) for each in found) for name in ("letters", "contacts"))
    return letters, contacts, len(expired_days(on=today, kept=kept))
