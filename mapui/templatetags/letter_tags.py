"""Tags of the pages of letters."""

import base64
import datetime
from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.filters import Due
from appeals.models import Appeal, Message, Opening, Photo
from appeals.telling import Told, Turn, conversation, photos_of
from geo.models import City
from mapui.templatetags.mapui_tags import icon

register = template.Library()
DUE_SHAPES: dict[str, str] = {Due.OVERDUE: "triangle-alert", Due.TODAY: "diamond"}


@register.simple_tag
def conversation_of(appeal: Appeal) -> list[Turn]:
    """Return what was said since the letter, with the notices of the service between."""
    return conversation(appeal)


@register.simple_tag
def photos_of_letter(appeal: Appeal) -> tuple[Photo, ...]:
    """Return the photos that came with the letter itself."""
    return photos_of(appeal, None)


@register.simple_tag
def photo_name(photo: Photo, *, of: int = 0, side: str = "", is_staff: bool = False) -> str:
    """Return what a photo is called by those who do not see it: its place among `of`, and from whom it is."""
    if not of:
        return _("Photo %(number)d") % {"number": photo.position}
    told = {"number": photo.position, "of": of}
    if side == Message.Side.OFFICER:
        return _("Photo %(number)d of %(of)d, from the officer") % told
    if is_staff:
        return _("Photo %(number)d of %(of)d, from the writer") % told
    return _("Photo %(number)d of %(of)d, from you") % told


@register.filter
def as_openings(openings: Iterable[Opening]) -> SafeString:
    """Return who opened a letter and when, as rows of a list."""
    return _rows(
        (each.opened_at, format_html(": <q>{}</q>", each.reason) if each.reason else "", each.user) for each in openings
    )


@register.filter
def as_history(told: Iterable[Told]) -> SafeString:
    """Return what happened to a letter, as rows of a list."""
    return _rows((each.at, _by(each) + _why(each), each.words) for each in told)


def _rows(rows: Iterable[tuple[datetime.datetime, str, object]]) -> SafeString:
    """Return rows with their moment first: a template takes longest for what there are dozens of."""
    moments = ((localtime(at), rest, words) for at, rest, words in rows)
    return format_html_join(
        "",
        '<li><time class="soft small" datetime="{}">{}</time> {}{}</li>',
        ((at.isoformat(), f"{at:%d.%m.%Y %H:%M}", words, rest) for at, rest, words in moments),
    )


def _by(told: Told) -> SafeString:
    return format_html(' <span class="soft">— {}</span>', told.by) if told.by else SafeString()


def _why(told: Told) -> SafeString:
    return format_html("<br><q>{}</q>", told.reason) if told.reason else SafeString()


@register.simple_tag
def letters_nearby(city: City, letters: Iterable[Appeal]) -> SafeString:
    """Return letters as rows that lead to each."""
    return format_html_join(
        "",
        '<li><a href="{}">№ {}</a> {}, {}, {}</li>',
        (
            (
                reverse("staff_appeal", args=[city.slug, each.public_number]),
                each.public_number,
                each.category.name,
                each.state_name,
                f"{each.received_on:%d.%m.%Y}",
            )
            for each in letters
        ),
    )


@register.filter
def data_url(content: bytes, content_type: str) -> str:
    """Return a picture as an address that holds it: nothing is asked for, so nothing has to carry a receipt."""
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}"


@register.simple_tag
def due_mark(due_on: datetime.date, today: datetime.date, due: str) -> SafeString:
    """Return when an answer is due: a shape and words, never colour alone. Nothing where nothing is owed."""
    if not due:
        return mark_safe("")
    return format_html(
        '<span class="due due--{}">{} {} <span class="soft">({})</span></span>',
        due, icon(DUE_SHAPES.get(due, "circle")), due_in_words(due_on, today), due_on.strftime("%d.%m.%Y"),
    )  # fmt: skip


def due_in_words(due_on: datetime.date, today: datetime.date) -> str:
    """Return how far a deadline is from a day, in calendar days."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("overdue by %(n)d day", "overdue by %(n)d days", -days) % {"n": -days}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("due in %(n)d day", "due in %(n)d days", days) % {"n": days}
