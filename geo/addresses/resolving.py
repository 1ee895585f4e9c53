"""What a typed address means, for those who need one place: it, a choice, or nothing."""

import datetime
from dataclasses import dataclass

from geo.addresses.matches import AddressMatch
from geo.addresses.search import LIKELY_TYPO, search_addresses
from geo.models import City


@dataclass(frozen=True, slots=True)
class Resolution:
    """`match` is the one place that the text means; without it `candidates` are to be chosen from, maybe none."""

    match: AddressMatch | None
    candidates: tuple[AddressMatch, ...]


def resolve_address(city: City, text: str, *, at: datetime.datetime | None = None) -> Resolution:
    """Return what a finished text means in a city.

    One place is given only when the text names one house that is known, under its present or a former name, or with a
    typing mistake that leaves no other street in question; or one, not known, that the list of streets in force at `at`
    gives to one district. The match then says how it was read. Everything else is a choice: several streets of one
    name, a house that nobody knows (the nearest ones are offered), a street alone.
    """
    found = search_addresses(city, text, at=at)
    if not found:
        return Resolution(None, ())
    first, *others = found
    typo = (
        first.how == "corrected"
        and first.point
        and first.score >= LIKELY_TYPO
        and not any(other.score >= first.score - 0.1 for other in others if other.street_id != first.street_id)
    )
    if first.sure or typo:
        return Resolution(first, ())
    return Resolution(None, tuple(found))
