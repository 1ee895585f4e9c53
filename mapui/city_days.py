"""Days off of a city as a page shows them: a year of days, the city's own beside all of Ukraine's; their forms."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.calendar import Calendar
from appeals.days_off import FIELDS, LISTS, Day, days_shown_in
from appeals.models import Holiday, MovedDay
from geo.models import City
from geo.moments import FIRST_DAY, LAST_DAY
from mapui.letter_deeds import DayInput


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day as the list tells it. Only the city's own has a key; `source` is empty where another day is its reason."""

    day: datetime.date
    name: str
    source: str = ""
    listed: str = ""
    pk: int | None = None


def read_year(text: str, *, today: datetime.date) -> int:
    """Read a year; what cannot be read is the year of today."""
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year
    return year if FIRST_DAY.year <= year <= LAST_DAY.year else today.year


def days_of(city: City, calendar: Calendar, *, year: int) -> list[ListedDay]:
    """Return the days of a year that are not as the week has them, in peace, in order."""
    told = [_listed(listed, each) for listed in LISTS for each in _rows(city, listed, year)]
    named = {each.day for each in told}
    instead = _("instead of a day off on a weekend")
    told += [ListedDay(day, instead) for day in calendar.days_off_instead if day.year == year and day not in named]
    return sorted(told, key=lambda each: each.day)


def own_by_year(city: City) -> dict[int, int]:
    """Count the city's own days by year, the earliest first."""
    counts: Counter[int] = Counter()
    for model in LISTS.values():
        own = model._default_manager.filter(city=city).order_by()
        counts.update(dict(own.values_list("day__year").annotate(Count("pk"))))
    return dict(sorted(counts.items()))


def _rows(city: City, listed: str, year: int) -> Any:
    return LISTS[listed]._default_manager.filter(days_shown_in(city), day__year=year)


def _listed(listed: str, day: Day) -> ListedDay:
    return ListedDay(
        day=day.day,
        name=day.name,
        source=day.source,
        listed=listed,
        pk=day.pk if day.city_id else None,
    )


class _DayForm(forms.ModelForm[Any]):
    """What is changed of a day. Saving is a deed of `appeals.days_off`."""

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the name of the field."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def _post_clean(self) -> None:
        """Leave the row as it is: the deed checks it and writes it anew."""


class DayOffForm(_DayForm):
    """A day off with a name."""

    class Meta:
        model = Holiday
        fields = FIELDS["off"]
        widgets = {"day": DayInput, "name_en": forms.TextInput({"lang": "en"})}
        help_texts = {
            "day": gettext_lazy("Where it falls on a Saturday or Sunday, the next working day is off instead."),
            "source": gettext_lazy("The decision: who, when, number."),
        }


class MovedDayForm(_DayForm):
    """A day that changed its kind by decision."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the day becomes"), choices=MovedDay.Kind, widget=forms.RadioSelect
    )

    class Meta:
        model = MovedDay
        fields = FIELDS["moved"]
        widgets = {"day": DayInput}


FORMS: Mapping[str, type[_DayForm]] = {"off": DayOffForm, "moved": MovedDayForm}
