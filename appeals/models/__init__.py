"""Letters (звернення), the conversation about each, and the categories they fall into."""

from appeals.models.appeals import Appeal
from appeals.models.bodies import Body
from appeals.models.calendar import (
    CLOCK,
    PROMISE_MAX,
    Clock,
    Holiday,
    LegalTerm,
    MartialLaw,
    MovedDay,
    clock_of,
    clock_read,
)
from appeals.models.card_reports import CardReport
from appeals.models.categories import CATEGORIES, CATEGORY, Category, category_read
from appeals.models.choices import Addressee, AnswerBy, KeepFrom, Lane, Rating, Source, Stance
from appeals.models.contents import Place, Registration, Writer
from appeals.models.digests import OpeningDigest
from appeals.models.erasures import Erasure, moves_since, over_before
from appeals.models.events import Event
from appeals.models.exercises import ExerciseLetter, ExerciseRun
from appeals.models.messages import Message
from appeals.models.notes import Note
from appeals.models.notices import Notice, NoticeQuerySet
from appeals.models.numbers import NumberSeries
from appeals.models.openings import Opening
from appeals.models.photos import Photo
from appeals.models.publishing import PublicQuestion, PublicVersion, Shown
from appeals.models.questions import (
    CONVERSATION,
    SPAM_CONFIRMED,
    SPAM_DOUBTED,
    AppealQuerySet,
    cities_read_by,
    cities_served_by,
    districts_open_to,
    own_districts,
    reading_rights,
    reads_letters_in,
    rights_by_key,
    rights_given,
)
from appeals.models.retention import RetentionRule, terms
from appeals.models.sealed import LetterKey, SealedRow, key_ring
from appeals.models.templates import ReplyTemplate

__all__ = [
    "CATEGORIES",
    "CATEGORY",
    "CLOCK",
    "CONVERSATION",
    "PROMISE_MAX",
    "SPAM_CONFIRMED",
    "SPAM_DOUBTED",
    "Addressee",
    "AnswerBy",
    "Appeal",
    "AppealQuerySet",
    "Body",
    "CardReport",
    "Category",
    "Clock",
    "Erasure",
    "Event",
    "ExerciseLetter",
    "ExerciseRun",
    "Holiday",
    "KeepFrom",
    "Lane",
    "LegalTerm",
    "LetterKey",
    "MartialLaw",
    "Message",
    "MovedDay",
    "Note",
    "Notice",
    "NoticeQuerySet",
    "NumberSeries",
    "Opening",
    "OpeningDigest",
    "Photo",
    "Place",
    "PublicQuestion",
    "PublicVersion",
    "Rating",
    "Registration",
    "ReplyTemplate",
    "RetentionRule",
    "SealedRow",
    "Shown",
    "Source",
    "Stance",
    "Writer",
    "category_read",
    "cities_read_by",
    "cities_served_by",
    "clock_of",
    "clock_read",
    "districts_open_to",
    "key_ring",
    "moves_since",
    "over_before",
    "own_districts",
    "reading_rights",
    "reads_letters_in",
    "rights_by_key",
    "rights_given",
    "terms",
]
