"""Letters (звернення), the conversation about each, and the categories they fall into."""

from appeals.models.appeals import STATE_NAMES, Appeal, AppealQuerySet, districts_open_to, reads_letters_in
from appeals.models.categories import Category, Lane
from appeals.models.messages import Message
from appeals.models.notices import Notice, NoticeQuerySet
from appeals.models.numbers import NumberSeries

__all__ = [
    "STATE_NAMES",
    "Appeal",
    "AppealQuerySet",
    "Category",
    "Lane",
    "Message",
    "Notice",
    "NoticeQuerySet",
    "NumberSeries",
    "districts_open_to",
    "reads_letters_in",
]
