"""Days from a first to a last one, in forms: postings and leaves."""

import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import DateRange

from geo.moments import FIRST_DAY, LAST_DAY

POSSIBLE = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
ONE_DAY = datetime.timedelta(days=1)


class SpanForm(forms.ModelForm[Any]):
    """Days as a person says them: the first and the last one, both included; the database keeps a half-open range."""

    first_day = forms.DateField(label=_("first day"), widget=AdminDateWidget, validators=POSSIBLE)
    last_day = forms.DateField(label=_("last day"), widget=AdminDateWidget, required=False, validators=POSSIBLE)
    clash = _("These days overlap others.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            during = self.instance.during
            self.initial["first_day"] = during.lower
            self.initial["last_day"] = during.upper - ONE_DAY if during.upper else None

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif first:
            self.instance.during = DateRange(first, last + ONE_DAY if last else None)
        return cleaned

    def _post_clean(self) -> None:
        """Ask the constraints on the days too (Django leaves out those on fields a form does not have), in words."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        left_out = set(self._get_validation_exclusions()) - {"during"}  # type: ignore[attr-defined]
        try:
            self.instance.validate_constraints(exclude=left_out)
        except ValidationError:
            self.add_error("first_day", self.clash)


class SpansFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Spans of days on one page: no two of them may claim the same days of the same place."""

    def clean(self) -> None:
        """Refuse overlaps between the rows of the page."""
        super().clean()
        seen: list[tuple[Any, DateRange]] = []
        for form in self.forms:
            if form.errors or not form.cleaned_data.get("first_day") or form.cleaned_data.get("DELETE"):
                continue
            place = (form.cleaned_data.get("district"), form.cleaned_data.get("role"))
            days = form.instance.during
            if any(place == other and _overlap(days, others) for other, others in seen):
                form.add_error("first_day", form.clash)
            seen.append((place, days))


def _overlap(one: DateRange, other: DateRange) -> bool:
    ends = [span.upper or datetime.date.max for span in (one, other)]
    starts = [span.lower or datetime.date.min for span in (one, other)]
    return max(starts) < min(ends)
