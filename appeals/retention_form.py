"""The form of a term of keeping: its source is looked at, and what a shorter term erases is seen before it is kept."""

import dataclasses
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals import card_reports
from appeals.models import RetentionRule, terms
from appeals.services.erasing import counts_due, expired_days
from geo.moments import local_day

SEEN: Final = "seen"


class RetentionForm(forms.ModelForm[RetentionRule]):
    """A term and its source. Shortening it takes two steps: the first tells what would be erased."""

    source_stands = forms.BooleanField(label=gettext_lazy("this source says so of the new number too"), required=False)
    seen = forms.CharField(label=gettext_lazy("make it shorter"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = RetentionRule
        fields = ("number", "source")

    def clean(self) -> dict[str, Any]:
        """Refuse another number with a source that nobody looked at, and shorter ones before their price was seen."""
        told = super().clean() or self.cleaned_data
        number, before = told.get("number"), self.initial.get("number")
        if number is None or before is None or number == before:
            return told
        if "source" in told and told["source"] == self.initial["source"] and not told.get("source_stands"):
            self.add_error(
                "source",
                ValidationError(
                    _("Everybody reads it as the source of the new term. Change it, or say that it stands.")
                ),
            )
        if self.instance.least <= number < before and not self.errors:
            self._price_is_seen(number, seen=told.get(SEEN, ""))
        return told

    def _price_is_seen(self, number: int, *, seen: str) -> None:
        """Tell what the next run would erase, and ask for a tick beside exactly that."""
        erased = price(self.instance, number)
        told = " ".join(map(str, (number, *erased)))
        if seen == told:
            return
        words = _(
            "letters: %(letters)s; names and contacts: %(contacts)s; days of the log of openings: %(days)s; "
            "reports of mistakes: %(reports)s; their e-mails: %(emails)s"
        )
        self.fields[SEEN].widget = forms.CheckboxSelectMultiple(choices=[(told, words % erased._asdict())])
        self.add_error(
            SEEN, ValidationError(_("The next run would erase this, and it does not come back. Tick it to do so."))
        )


class Price(NamedTuple):
    """How much the next run would erase."""

    letters: int
    contacts: int
    days: int
    reports: int
    emails: int


def price(rule: RetentionRule, number: int) -> Price:
    """Return how much the next run would erase were a term of another number."""
    changed: dict[str, Any] = {f"{rule.what}_{rule.unit}s": number}
    kept, now = dataclasses.replace(terms(), **changed), timezone.now()
    found = counts_due(on=local_day(now), kept=kept)
    letters, contacts = (sum(getattr(each, name) for each in found) for name in ("letters", "contacts"))
    emails, reports = card_reports.counts_due(at=now, kept=kept)
    return Price(letters, contacts, len(expired_days(on=local_day(now), kept=kept)), reports, emails)
