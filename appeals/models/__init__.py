"""Letters (звернення), the conversation about each, and the categories they fall into."""

from appeals.models.appeals import STATE_NAMES, Appeal, AppealQuerySet, districts_open_to, reads_letters_in
from appeals.models.categories import Category
from appeals.models.choices import AnswerBy, KeepFrom, Lane, Source, Stance
from appeals.models.messages import Message
from appeals.models.numbers import NumberSeries

__all__ = [
    "STATE_NAMES",
    "AnswerBy",
    "Appeal",
    "AppealQuerySet",
    "Category",
    "KeepFrom",
    "Lane",
    "Message",
    "NumberSeries",
    "Source",
    "Stance",
    "districts_open_to",
    "reads_letters_in",
]
