"""Leaves as a page shows them: a month as a table, warnings in words, the form of one leave."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from geo.models import City
from geo.moments import FIRST_DAY, LAST_DAY, is_plausible
from geo.names import in_current_language
from geo.prepared_queries import PreparedQuery, given
from mapui.letter_deeds import DayInput
from people.foreseeing import Empty, Foreseen
from people.importing.plan import Days
from people.leaves import Absence
from people.models import Leave, Officer, Posting, StaffDeed

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar."""

    first: datetime.date

    @classmethod
    def read(cls, text: str, *, today: datetime.date) -> "Month":
        """Read 2026-06; what cannot be read is the month of today."""
        try:
            first = datetime.date.fromisoformat(f"{text}-01")
        except ValueError:
            first = today
        return cls((first if is_plausible(first) else today).replace(day=1))

    @property
    def days(self) -> list[datetime.date]:
        """Its days, in order."""
        last = calendar.monthrange(self.first.year, self.first.month)[1]
        return [self.first.replace(day=day) for day in range(1, last + 1)]

    @property
    def span(self) -> Days:
        """The same as a span of days."""
        return Days(self.first, self.days[-1] + ONE_DAY)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - ONE_DAY).replace(day=1))

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month(self.span.end)

    @property
    def key(self) -> str:
        """How it stands in an address."""
        return f"{self.first:%Y-%m}"


def month_table(
    month: Month, leaves: Iterable[Leave], acting: Iterable[Posting], empty: Iterable[Empty], *, today: datetime.date
) -> dict[str, Any]:
    """Return the heads and the rows of a month: districts that nobody serves, then officers who are away or act."""
    away: dict[Officer, list[Days]] = {}
    stands_in: dict[Officer, list[Days]] = {}
    for leave in leaves:
        away.setdefault(leave.officer, []).append(Days.between(leave.during.lower, leave.during.upper))
    for posting in acting:
        stands_in.setdefault(posting.officer, []).append(Days.between(posting.during.lower, posting.during.upper))
    nobody: dict[str, list[Days]] = {}
    for each in empty:
        nobody.setdefault(each.district.name, []).append(each.days)
    within = month.span
    officers = sorted({*away, *stands_in}, key=lambda each: (each.name, each.pk))
    rows = [{"name": name, "is_district": True, "cells": _cells(within, spans, ())} for name, spans in nobody.items()]
    rows += [
        {
            "name": officer.name,
            "is_district": False,
            "cells": _cells(within, away.get(officer, ()), stands_in.get(officer, ())),
        }
        for officer in officers
    ]
    heads = [{"day": day, "is_free": day.weekday() >= SATURDAY, "is_today": day == today} for day in month.days]
    return {"heads": heads, "rows": rows}


def _cells(within: Days, away: Iterable[Days], acts: Iterable[Days]) -> list[str]:
    """Return the days of a month, by which spans go: "away", or "acts", or neither."""
    start = within.start.toordinal()
    cells = [""] * (within.end.toordinal() - start)
    for word, spans in (("acts", acts), ("away", away)):
        for span in spans:
            first = max(span.start, within.start).toordinal() - start
            end = min(span.end, within.end).toordinal() - start
            cells[first:end] = [word] * (end - first)
    return cells


def days_words(days: Days) -> str:
    """Write a span of days as a person reads it; one day alone is one day."""
    if days.last_day is None:
        return _("from %(first)s, without an end") % {"first": date_format(days.start, "d.m.Y")}
    if days.last_day == days.start:
        return date_format(days.start, "d.m.Y")
    return f"{date_format(days.start, 'd.m.Y')} – {date_format(days.last_day, 'd.m.Y')}"


def warnings_of(found: Foreseen) -> list[str]:
    """Say what to think of before a leave is put down."""
    told = [
        _("Nobody would answer in %(district)s: %(days)s.")
        % {"district": each.district.name, "days": days_words(each.days)}
        for each in found.empty
    ]
    if found.substitute:
        name = found.substitute.name
        told += [_("%(who)s is away too: %(days)s.") % {"who": name, "days": days_words(days)} for days in found.away]
        if found.serves_many:
            told.append(
                ngettext("%(who)s would serve %(n)s district.", "%(who)s would serve %(n)s districts.", found.serves)
                % {"who": name, "n": found.serves}
            )
    return told


CARDS: Final = PreparedQuery(
    lambda: Officer.objects.filter(city=given("city", "bigint")).order_by().values_list("key", "name_uk", "name_en")
)


def card_names(city: City) -> dict[str, str]:
    """Return the names on the cards of a city by their keys: a record of a leave holds keys alone."""
    return {key: in_current_language(name_uk, name_en) for key, name_uk, name_en in CARDS.rows(city=city.pk)}


def deed_words(deed: StaffDeed, names: dict[str, str]) -> str:
    """Say what a deed did to a leave; `names` are those of officers, by key."""
    before, after = deed.facts.get("before"), deed.facts.get("after")
    who = names.get(deed.facts.get("officer", ""), deed.facts.get("name", ""))
    told = {"who": who, "days": _facts_words(after or before, names)}
    if before is None:
        return _("Leave of %(who)s: %(days)s") % told
    if after is None:
        return _("Leave of %(who)s taken back: %(days)s") % told
    return _("Leave of %(who)s changed from %(before)s to %(days)s") % (told | {"before": _facts_words(before, names)})


def _facts_words(facts: Any, names: dict[str, str]) -> str:
    if not facts:
        return ""
    last = facts["last"]
    first = datetime.date.fromisoformat(facts["first"])
    words = days_words(Days(first, datetime.date.fromisoformat(last) + ONE_DAY if last else datetime.date.max))
    substitute = names.get(facts["substitute"] or "", "")
    return _("%(days)s, in their place %(who)s") % {"days": words, "who": substitute} if substitute else words


class OfficerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Officers by name, each with how many districts they serve today."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and the districts where it has been counted."""
        n = getattr(obj, "serves", 0)
        served = npgettext("served by a substitute", "%(n)s district", "%(n)s districts", n) % {"n": n}
        return f"{obj.name} · {served}"


class LeaveForm(forms.Form):
    """Who is away, when, and who stands in."""

    officer = OfficerChoice(
        Officer.objects.none(), label=gettext_lazy("Who is away"), empty_label=gettext_lazy("Choose")
    )
    first = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Leave it empty where the end is not known."),
        required=False,
        widget=DayInput(),
    )
    substitute = OfficerChoice(
        Officer.objects.none(),
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy(
            "They answer in every district where whoever is away is the main officer, and are shown there."
        ),
        required=False,
        empty_label=gettext_lazy("Nobody stands in"),
    )

    def __init__(self, *args: Any, city: City, on: datetime.date, leave: Leave | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = Count("postings", filter=Q(postings__during__contains=on))
        officers = Officer.objects.filter(city=city).annotate(serves=served).order_by("name_uk", "pk").defer("phone")
        for name in ("officer", "substitute"):
            self.fields[name].queryset = officers  # type: ignore[attr-defined]
        if leave:
            del self.fields["officer"]

    @classmethod
    def of(cls, leave: Leave, *, city: City, on: datetime.date) -> "LeaveForm":
        """Return the form of a leave as it stands."""
        stands = Absence.of(leave)
        initial = {"first": stands.first, "last": stands.last, "substitute": stands.substitute}
        return cls(initial=initial, city=city, on=on, leave=leave)

    def clean(self) -> dict[str, Any]:
        """Days that can be, in their order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not is_plausible(day):
                self.add_error(
                    name,
                    _("A day between %(first)s and %(last)s.")
                    % {"first": f"{FIRST_DAY:%d.%m.%Y}", "last": f"{LAST_DAY:%d.%m.%Y}"},
                )
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    @property
    def absence(self) -> Absence:
        """The days and the substitute. Call after `is_valid()`."""
        data = self.cleaned_data
        return Absence(data["first"], data["last"], data["substitute"])
