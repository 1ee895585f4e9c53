"""The half-year report as people read it: its numbers in words and bars, its forms, its PDF."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from analysis.models import MeasureVersion, Report
from analysis.models.reports import BLOCKS, WORDS_MAX
from analysis.periods import Period, Span
from geo.models import City, District
from geo.prepared_queries import PreparedQuery, given
from mapui.demo import is_demonstration
from mapui.heat.words import period_words
from mapui.templatetags.mapui_tags import month_inside
from people.models import Officer, User

WHOLE_CITY = "*"
BLOCK_NAMES = {
    "done": gettext_lazy("What was done"),
    "together": gettext_lazy("Together with residents"),
    "plans": gettext_lazy("What comes next"),
}
CARD: Final = PreparedQuery(
    lambda: (
        Officer.objects.filter(user=given("user", "bigint"), city=given("city", "bigint"))
        .only("rank_uk", "rank_en", "name_uk", "name_en")
        .order_by("pk")[:1]
    )
)
"""Whom a report names: the card of a person in a city."""
WIDTH = 400
"""Of the longest bar, in the units of its drawing."""
FONTS = {
    f"Inter {script}": f"inter/files/inter-{script}-wght-normal.woff2"
    for script in ("latin", "cyrillic", "cyrillic-ext")
}
"""The site's font by scripts: families of their own, since WeasyPrint takes one file of a family for every letter."""


class WordsForm(forms.Form):
    """The words of a report, block by block."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for block in BLOCKS:
            self.fields[block] = forms.CharField(
                label=BLOCK_NAMES[block], max_length=WORDS_MAX, required=False, widget=forms.Textarea({"rows": 6})
            )

    @property
    def words(self) -> dict[str, str]:
        """The text of each block. Call after `is_valid()`."""
        return {block: self.cleaned_data[block] for block in BLOCKS}


class BeginForm(forms.Form):
    """Of which district, and of which half-year."""

    district = forms.ChoiceField(label=gettext_lazy("District"))
    half = forms.ChoiceField(label=gettext_lazy("Half-year"))

    def __init__(
        self, *args: Any, districts: Sequence[District], whole_city: bool, today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._districts = {each.code: each for each in districts}
        choices: list[tuple[str, Any]] = [(each.code, each.name) for each in districts]
        self.fields["district"].choices = choices + (  # type: ignore[attr-defined]
            [(WHOLE_CITY, _("The whole city"))] if whole_city else []
        )
        self.fields["half"].choices = [  # type: ignore[attr-defined]
            (first.isoformat(), f"{date_format(first, 'd.m.Y')} – {date_format(last, 'd.m.Y')}")
            for first, last in ended_half_years(today)
        ]

    @property
    def chosen(self) -> District | None:
        """The district; None: the whole city. Call after `is_valid()`."""
        return self._districts.get(self.cleaned_data["district"])

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """First and last day. Call after `is_valid()`."""
        first = datetime.date.fromisoformat(self.cleaned_data["half"])
        return first, _last_of(first)


def ended_half_years(today: datetime.date, count: int = 4) -> list[tuple[datetime.date, datetime.date]]:
    """Return the half-years that have ended, the newest first."""
    first = datetime.date(today.year, 1 if today.month < 7 else 7, 1)  # July begins the second
    halves = []
    for _n in range(count):
        last = first - datetime.timedelta(days=1)
        first = datetime.date(last.year, 1 if last.month < 7 else 7, 1)
        halves.append((first, last))
    return halves


def _last_of(first: datetime.date) -> datetime.date:
    return datetime.date(first.year, 6, 30) if first.month == 1 else datetime.date(first.year, 12, 31)


def shown(report: Report, content: Mapping[str, Any], *, on: datetime.date) -> dict[str, Any]:
    """Return the context of a report's body, on the page and in its PDF alike."""
    numbers = content["numbers"]
    language = "en" if get_language() == "en" else "uk"
    topics = sorted(
        ((topic["names"][language] or topic["names"]["uk"], topic["span"]) for topic in numbers["topics"]),
        key=lambda row: (-row[1][1], row[0]),
    )
    months = [
        (date_format(datetime.date.fromisoformat(month["first"]), "F Y"), month["span"]) for month in numbers["months"]
    ]
    return {
        "report": report,
        "city": report.city,
        "on": on,
        "topics": bars_of(topics),
        "months": bars_of(months),
        "sensitive": None if numbers["sensitive"] is None else span_words(numbers["sensitive"]),
        "sensitive_missing": [
            period_words(Period(datetime.date.fromisoformat(first), Span.QUARTER))
            for first in numbers.get("sensitive_missing", ())  # reports signed before this was told have none
        ],
        "missing": [month_inside(datetime.date.fromisoformat(first)) for first in numbers["missing"]],
        "times": {name: _days_words(numbers["times"][name]) for name in ("median", "nine_in_ten")},
        "in_time": numbers["times"]["in_time"],
        "helped": numbers["times"]["helped"],
        "fewest": numbers["fewest"],
        "measures": [{"label": MeasureVersion.Kind(kind).label, "n": n} for kind, n in numbers["measures"].items()],
        "blocks": [
            {"name": BLOCK_NAMES[block], "text": content["words"][block]} for block in BLOCKS if content["words"][block]
        ],
        "officer": content["officer"],
        "is_demonstration": content["is_demonstration"],
        "is_training": report.city.stage == City.Stage.TRAINING,
    }


def span_words(span: Sequence[int]) -> str:
    """Write letters, at the least and at the most."""
    least, most = span
    return str(least) if least == most else _("from %(least)s to %(most)s") % {"least": least, "most": most}


def _days_words(quantile: Mapping[str, Any] | None) -> str:
    if quantile is None:
        return ""
    return _("%(n)s or more") % {"n": quantile["days"]} if quantile["or_more"] else str(quantile["days"])


def bars_of(rows: Iterable[tuple[str, Sequence[int]]]) -> dict[str, Any]:
    """Return lying bars beside their numbers: what is certain full, what a span leaves open light."""
    told = list(rows)
    highest = max((span[1] for _name, span in told), default=0) or 1
    scale = WIDTH / highest
    return {
        "width": WIDTH,
        "rows": [
            {
                "name": name,
                "words": span_words(span),
                "least": round(span[0] * scale, 1),
                "open": round((span[1] - span[0]) * scale, 1),
            }
            for name, span in told
        ],
    }


def content_of(report: Report, numbers: Mapping[str, Any], words: Mapping[str, str], *, by: User) -> dict[str, Any]:
    """Return all that a report says, as it is frozen when it is signed; it names the card that `by`, who began or
    signs it, has in its city (in a training copy the copy's card), and nobody where they have none there.
    """
    cards = CARD.rows(user=by.pk, city=report.city_id)
    return {
        "numbers": numbers,
        "words": words,
        "officer": f"{cards[0].rank} {cards[0].name}".strip() if cards else "",
        "is_demonstration": is_demonstration(),
    }


def pdf_of(context: Mapping[str, Any]) -> bytes:
    """Return a report as a tagged PDF (PDF/UA-1) with title, language and page numbers; it asks no other host."""
    # Not above: it loads the system's Pango, and a site without that still does everything else.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    page = render_to_string("mapui/staff/report/pdf.html", dict(context) | {"language": get_language()})
    fonts = FontConfiguration()
    styles = CSS(string=_styles(), font_config=fonts, url_fetcher=URLFetcher(allowed_protocols=("file",)))
    printed = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("nothing",))).write_pdf(
        stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return bytes(printed or b"")


@cache
def _styles() -> str:
    """Return the styles of the PDF, with the site's own font: the server needs none installed."""
    faces = [
        f'@font-face {{ font-family: "{family}"; src: url("{Path(found).as_uri()}"); }}'
        for family, name in FONTS.items()
        if (found := finders.find(name))
    ]
    sheet = finders.find("mapui/css/report_pdf.css")
    return "\n".join([*faces, Path(str(sheet)).read_text()])
