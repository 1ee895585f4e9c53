"""Letters (звернення), the conversation about each, and the categories they fall into."""

from appeals.models.appeals import Appeal, AppealQuerySet, districts_open_to, reads_letters_in
from appeals.models.calendar import Holiday, LegalTerm, MartialLaw, MovedDay, calendar_of, terms_of
from appeals.models.categories import Category, Lane
from appeals.models.messages import Message
from appeals.models.numbers import NumberSeries
from appeals.words import STATE_NAMES

__all__ = [
    "STATE_NAMES",
    "Appeal",
    "AppealQuerySet",
    "Category",
    "Holiday",
    "Lane",
    "LegalTerm",
    "MartialLaw",
    "Message",
    "MovedDay",
    "NumberSeries",
    "calendar_of",
    "districts_open_to",
    "reads_letters_in",
    "terms_of",
]
