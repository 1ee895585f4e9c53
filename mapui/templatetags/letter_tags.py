"""Tags of the pages of letters."""

import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.models import Appeal
from appeals.telling import Turn, conversation

register = template.Library()


@register.simple_tag
def conversation_of(appeal: Appeal) -> list[Turn]:
    """Return what was said since the letter, with the notices of the service between."""
    return conversation(appeal)


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
