"""Why a letter came where it came: what was written down when it was sent, and the same question asked again."""

from dataclasses import dataclass

from appeals.drafts import Draft
from appeals.errors import LetterRefused
from appeals.models import Appeal
from appeals.routing import Route, route
from appeals.telling import SENT

CHOSEN_BY_WRITER = frozenset({Appeal.Rule.CHOSEN, Appeal.Rule.BORDER})


@dataclass(frozen=True, slots=True)
class Trace:
    """How a letter was routed, from the event of its sending: keys and codes; None or empty where it had none."""

    district: str
    rule: str
    why: str
    officer: str
    edition: int | None

    @classmethod
    def of(cls, appeal: Appeal) -> "Trace":
        """Read it. Later hand-overs have events of their own, and change nothing here."""
        facts = next(event.facts for event in appeal.events.all() if event.kind == SENT)
        return cls(facts["district"], facts["rule"], facts["why"], facts.get("officer") or "", facts.get("edition"))

    @classmethod
    def of_route(cls, way: Route) -> "Trace":
        """Return the same of a route that was just found."""
        officer, edition = way.officer, way.edition
        return cls(
            way.district.code, way.rule, way.why, officer.key if officer else "", edition.number if edition else None
        )


@dataclass(frozen=True, slots=True)
class Retraced:
    """The answer to the same question, asked today about the day of receipt: `now` is None where it is refused."""

    then: Trace
    now: Trace | None
    refusal: str = ""

    @property
    def is_same(self) -> bool:
        """Whether the letter would go the same way again."""
        return self.now == self.then


def retraced(appeal: Appeal) -> Retraced:
    """Find the route of a letter anew, with the editions, lists and postings that we know today for its moment.

    What its writer kept from whom is not asked again: that was a choice, not a finding.
    """
    then = Trace.of(appeal)
    place = appeal.place
    draft = Draft(
        district=then.district if then.rule in CHOSEN_BY_WRITER else "",
        place=(place.lon, place.lat) if place.lon is not None and place.lat is not None else None,
        address=place.address,
        category=appeal.category.slug,
        text="",
    )
    try:
        now = Trace.of_route(route(city=appeal.city, draft=draft, at=appeal.received_at))
    except LetterRefused as refusal:
        return Retraced(then, None, str(refusal))
    if then.why == Appeal.Why.KEPT:
        now = Trace(now.district, now.rule, then.why, then.officer, now.edition)
    return Retraced(then, now)
