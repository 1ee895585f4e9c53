"""How a letter was routed, in words."""

from appeals.models import Appeal
from appeals.retracing import Trace
from geo.models import District
from people.models import Officer


def trace_words(letter: Appeal, trace: Trace) -> dict[str, str]:
    """Return the district, the rule, the officer and why, as the office reads them."""
    district, officer = _district(letter, trace.district), _officer(letter, trace.officer)
    return {
        "district": district.name if district else trace.district,
        "rule": str(Appeal.Rule(trace.rule).label),
        "officer": officer.name if officer else "",
        "why": str(Appeal.Why(trace.why).label),
        "edition": str(trace.edition or ""),
    }


def _district(letter: Appeal, code: str) -> District | None:
    if letter.district.code == code:
        return letter.district
    return District.objects.filter(city=letter.city_id, code=code).first()


def _officer(letter: Appeal, key: str) -> Officer | None:
    if letter.officer and letter.officer.key == key:
        return letter.officer
    return Officer.objects.filter(city=letter.city_id, key=key).first() if key else None
