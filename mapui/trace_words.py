"""How a letter was routed, in words."""

from appeals.models import Appeal
from appeals.retracing import Trace
from geo.models import District
from people.models import Officer


def trace_words(letter: Appeal, trace: Trace) -> dict[str, str]:
    """Return the district, the rule, the officer and why, as the office reads them."""
    district = District.objects.filter(city=letter.city_id, code=trace.district).first()
    officer = Officer.objects.filter(city=letter.city_id, key=trace.officer).first() if trace.officer else None
    return {
        "district": district.name if district else trace.district,
        "rule": str(Appeal.Rule(trace.rule).label),
        "officer": officer.name if officer else "",
        "why": str(Appeal.Why(trace.why).label),
        "edition": str(trace.edition or ""),
    }
