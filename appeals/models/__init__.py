"""Letters (звернення), the conversation about each, and the categories they fall into."""

from appeals.models.appeals import (
    STATE_NAMES,
    Appeal,
    AppealQuerySet,
    Place,
    Writer,
    districts_open_to,
    reads_letters_in,
)
from appeals.models.bodies import Body
from appeals.models.categories import Category
from appeals.models.choices import Addressee, AnswerBy, KeepFrom, Lane, Source, Stance
from appeals.models.events import Event
from appeals.models.messages import Message
from appeals.models.numbers import NumberSeries
from appeals.models.openings import Opening
from appeals.models.sealed import LetterKey, SealedRow, key_ring

__all__ = [
    "STATE_NAMES",
    "Addressee",
    "AnswerBy",
    "Appeal",
    "AppealQuerySet",
    "Body",
    "Category",
    "Event",
    "KeepFrom",
    "Lane",
    "LetterKey",
    "Message",
    "NumberSeries",
    "Opening",
    "Place",
    "SealedRow",
    "Source",
    "Stance",
    "Writer",
    "districts_open_to",
    "key_ring",
    "reads_letters_in",
]
