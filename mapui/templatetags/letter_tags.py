"""Tags of the pages of letters."""

import base64
import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.models import Appeal, Message, Photo
from appeals.telling import Turn, conversation, photos_of

register = template.Library()


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


@register.filter
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
