"""What happened to a letter, in words: the whole history for the staff, the notices among it for the writer.

Events keep keys and codes; the names they stand for today are read here, so a notice is in the reader's language.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.models import SPAM_CONFIRMED, SPAM_DOUBTED, Appeal, Body, Category, Event, Message, Photo, Rating
from appeals.workflow import Move
from geo.models import City, District
from people.models import Officer, User

CATEGORY, REGISTERED, RATE, SENT = "category", "registered", "rate", "sent"
Facts = Mapping[str, Any]
PLAIN = {
    SENT: gettext_lazy("Received"),
    Move.ACCEPT: gettext_lazy("The office accepted the letter"),
    Move.START_WORK: gettext_lazy("Work has begun"),
    Move.ANSWER: gettext_lazy("Answered"),
    Move.ASK_AGAIN: gettext_lazy("The writer asked again"),
    Move.REOPEN: gettext_lazy("The writer reopened the letter"),
    Move.WITHDRAW: gettext_lazy("The writer withdrew the letter"),
    Move.CLOSE: gettext_lazy("Closed"),
    Move.RETURN: gettext_lazy("Returned to the writer to be completed"),
    Move.COMPLETE: gettext_lazy("The writer completed the appeal"),
    Move.UPGRADE: gettext_lazy("It is a formal appeal now, as the writer asked"),
    Move.MARK_SPAM: gettext_lazy("Set aside as spam"),
    Move.NOT_SPAM: gettext_lazy("Brought back from spam"),
    SPAM_CONFIRMED: gettext_lazy("A moderator looked at it: it is spam"),
    SPAM_DOUBTED: gettext_lazy("A moderator took back that it is spam"),
    REGISTERED: gettext_lazy("Entered in the unified register"),
    "publish_allowed": gettext_lazy("The writer lets the letter be published"),
    "publish_forbidden": gettext_lazy("The writer lets nothing of the letter be published any more"),
    "publish_offered": gettext_lazy("A moderator put a text to be published before the writer"),
    "publish_declined": gettext_lazy("The writer declined the text to be published"),
    "publish_refused": gettext_lazy("A moderator decided that nothing of the letter is published"),
    "published": gettext_lazy("Published as the writer agreed"),
}
FOR_THE_WRITER = frozenset({
    Move.ACCEPT, Move.START_WORK, Move.STUDY, Move.EXTEND, Move.CLOSE, Move.FORWARD, Move.RETURN, Move.TRANSFER,
    Move.UPGRADE, Move.WITHDRAW,
})  # fmt: skip
"""What the writer is told of in the conversation: all but what is said in it already, and what is the office's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, in words; `by` is None where the writer did it, `reason` in the words of who did."""

    kind: str
    at: datetime.datetime
    by: User | None
    words: str
    reason: str


def history(appeal: Appeal) -> list[Told]:
    """Return all that happened to a letter, the first thing first."""
    return _told(appeal, appeal.events.all())


def notices(appeal: Appeal) -> list[Told]:
    """Return what its writer is told: that it was accepted, a new term or addressee, why it was closed."""
    return _told(appeal, [event for event in appeal.events.all() if event.kind in FOR_THE_WRITER])


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation as it is shown: words of a side, or a notice of the service between them."""

    side: str
    at: datetime.datetime
    text: str
    author: User | None = None
    reason: str = ""
    corrects: bool = False
    read_at: datetime.datetime | None = None
    photos: tuple[Photo, ...] = ()


def conversation(appeal: Appeal) -> list[Turn]:
    """Return all that was said since the letter, with the notices where they belong in time.

    Of one moment, what was done comes before what was said: an answer accepts a letter too.
    """
    said = [
        Turn(
            turn.side,
            turn.sent_at,
            turn.body,
            turn.author,
            corrects=turn.corrects,
            read_at=turn.read_at,
            photos=photos_of(appeal, turn),
        )
        for turn in appeal.messages.all()
    ]
    told = [Turn("notice", each.at, each.words, reason=each.reason) for each in notices(appeal)]
    return sorted(told + said, key=lambda turn: turn.at)


def photos_of(appeal: Appeal, message: Message | None) -> tuple[Photo, ...]:
    """Return the photos of a message, or those that came with the letter itself, in their order."""
    wanted = message.pk if message else None
    return tuple(photo for photo in appeal.photos.all() if photo.message_id == wanted)


def _told(appeal: Appeal, events: Iterable[Event]) -> list[Told]:
    events = list(events)
    names = _Names.of(appeal.city, events)
    for event in events:
        event.appeal = appeal  # its key unseals their reasons
    return [Told(event.kind, event.at, event.by, names.words(event), event.reason) for event in events]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of what events point at: read once for all of them, and only where there is something to read."""

    districts: dict[str, str]
    officers: dict[str, str]
    bodies: dict[int, Body]
    categories: dict[str, str]

    @classmethod
    def of(cls, city: City, events: Iterable[Event]) -> "_Names":
        codes = {event.facts[key] for event in events if event.kind == Move.TRANSFER for key in ("from", "to")}
        keys = {event.facts["officer"] for event in events if event.kind == Move.TRANSFER} - {None}
        bodies = {event.facts["body"] for event in events if event.kind == Move.FORWARD}
        slugs = {event.facts[key] for event in events if event.kind == CATEGORY for key in ("from", "to")}
        return cls(
            {one.code: one.name for one in District.objects.filter(city=city, code__in=codes)} if codes else {},
            {one.key: one.name for one in Officer.objects.filter(city=city, key__in=keys)} if keys else {},
            Body.objects.in_bulk(bodies),
            {one.slug: one.name for one in Category.objects.filter(slug__in=slugs)} if slugs else {},
        )

    def words(self, event: Event) -> str:
        """Return what happened as a sentence without its full stop."""
        spoken = SPOKEN.get(event.kind)
        return spoken(self, event.facts) if spoken else str(PLAIN.get(event.kind, event.kind))

    def handed(self, facts: Facts) -> str:
        """To whom the letter went inside the police."""
        if not facts["to"]:
            return _("Handed to the supervisors of the district officers")
        district = self.districts.get(facts["to"], facts["to"])
        officer = self.officers.get(facts["officer"] or "")
        if officer is None:
            return _("Handed to the district %(district)s") % {"district": district}
        return _("Handed to the officer %(officer)s, %(district)s") % {"officer": officer, "district": district}

    def forwarded(self, facts: Facts) -> str:
        """To which body the letter went."""
        body = self.bodies[facts["body"]]
        told = {"body": body.name, "contact": body.contact}
        return _("Forwarded to another body, which will answer: %(body)s (%(contact)s)") % told

    def recategorised(self, facts: Facts) -> str:
        """What it is about now."""
        told = {name: self.categories.get(facts[name], facts[name]) for name in ("from", "to")}
        return _("Category changed: “%(from)s” became “%(to)s”") % told


def _day(facts: Facts) -> dict[str, str]:
    return {"day": date_format(datetime.date.fromisoformat(facts["to"]), "d.m.Y")}


SPOKEN: Mapping[str, Callable[[_Names, Facts], str]] = {
    Move.TRANSFER: _Names.handed,
    Move.FORWARD: _Names.forwarded,
    Move.STUDY: lambda _names, facts: _("It needs study; the answer is due by %(day)s") % _day(facts),
    Move.EXTEND: lambda _names, facts: _("The term is extended to %(day)s") % _day(facts),
    CATEGORY: _Names.recategorised,
    RATE: lambda _names, facts: (
        _("The writer rated the answer: %(rating)s") % {"rating": Rating(facts["rating"]).label}
    ),
}
