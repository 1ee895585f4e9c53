"""The rows of lists of letters: a template takes longest for what there are two dozen of."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from appeals.filters import Due
from appeals.models import Addressee, Appeal
from geo.models import City
from mapui.templatetags.letter_tags import due_mark
from mapui.templatetags.mapui_tags import icon, whole

register = template.Library()
ROW = """<li class="inbox__row{}" data-number="{}">
<a class="inbox__link" href="{}{}"><span class="visually-hidden">{} </span>№ {}</a>
<span class="tag{}">{}</span>
<span class="inbox__topic">{}{}</span>
<span class="inbox__due small">{}</span>
<span class="inbox__where small soft">{}</span>
</li>"""
TICK = """<label class="check reassign">
<input type="checkbox" name="letters" value="{}"{}>
<span>№ {} · {}{}<br>
<span class="small soft">{}</span>
<span class="small">{}</span></span>
</label>"""


@register.simple_tag(takes_context=True)
def inbox_rows(context: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], *, city: City, kept: str) -> SafeString:
    """Return letters, each with when its answer is due, under a head wherever that changes.

    `kept` is what their links keep of the address; the day of today is the context's.
    """
    heads = {
        Due.OVERDUE: _("Overdue"), Due.TODAY: _("Due today"), Due.LATER: _("Due later"), "": _("Nothing is owed")
    }  # fmt: skip
    parts, before = [], None
    for row in rows:
        due = row["due"] or ""
        if due != before:
            parts.append(format_html('<li class="inbox__group">{}</li>', heads[due]))
        parts.append(_row(row["appeal"], due, context["today"], city=city, kept=kept))
        before = due
    return mark_safe("".join(parts))  # noqa: S308 - of format_html


def _row(letter: Appeal, due: str, today: datetime.date, *, city: City, kept: str) -> SafeString:
    number, received = letter.public_number, _("received %(day)s")
    return format_html(
        ROW,
        f" inbox__row--{due}" if due else "", number,
        reverse("staff_appeal", args=[city.slug, number]), kept, _("Letter"), number,
        " tag--notice" if letter.is_waiting else "", letter.state_name,
        _shield(letter), letter.category.name,
        due_mark(letter.answer_due_on, today, due) if due else received % {"day": f"{letter.received_on:%d.%m.%Y}"},
        "\N{NO-BREAK SPACE}· ".join(_where(letter)),
    )  # fmt: skip


@register.simple_tag
def rows_to_tick(rows: Iterable[Mapping[str, Any]], *, today: datetime.date, ticked: Collection[str]) -> SafeString:
    """Return letters with a box before each, ticked where its number is among `ticked`."""
    return format_html_join(
        "",
        "{}",
        (
            (_box(each["appeal"], each["due"], today, is_ticked=each["appeal"].public_number in ticked),)
            for each in rows
        ),
    )


def _box(letter: Appeal, due: str, today: datetime.date, *, is_ticked: bool) -> SafeString:
    names = [whole(letter.district.name), *([letter.officer.name] if letter.officer else [])]
    return format_html(
        TICK,
        letter.public_number, mark_safe(" checked") if is_ticked else "",
        letter.public_number, _shield(letter), letter.category.name,
        "\N{NO-BREAK SPACE}· ".join(names), due_mark(letter.answer_due_on, today, due),
    )  # fmt: skip


def _shield(letter: Appeal) -> SafeString:
    return format_html("{} ", icon("shield")) if letter.protected else SafeString()


def _where(letter: Appeal) -> Iterator[str]:
    yield whole(letter.district.name)
    if letter.addressee == Addressee.SUPERVISOR:
        yield _("to the supervisors")
    if not letter.location:
        yield _("place sealed") if letter.protected else _("no place on the map")
