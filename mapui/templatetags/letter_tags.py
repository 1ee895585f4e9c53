"""Tags of the pages of letters."""

import base64
import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.filters import Due
from appeals.models import Appeal, Message, Photo
from appeals.telling import Turn, conversation, photos_of
from mapui.templatetags.mapui_tags import icon

register = template.Library()
DUE_SHAPES = {Due.OVERDUE: "triangle-alert", Due.TODAY: "diamond"}


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
