"""New streets that may be known ones: a table writes «М. Грушевського», a map «Грушевського»."""

from collections.abc import Collection

from geo.addresses.dictionary import KnownName, StreetDictionary
from geo.addresses.streets import StreetName
from geo.models import City, Street

LIKELY_THE_SAME = 0.85
"""From this likeness on a person is asked to look; 1 is the same name."""
MOST_NEW = 500
"""A file with more new streets brings a gazetteer, rather than adds to one; nobody would read so many questions."""


def namesakes(city: City, new: Collection[int]) -> tuple[tuple[str, str], ...]:
    """Return each new street that is called much like one known before in the same place, and that one's name."""
    streets = (
        list(Street.objects.filter(city=city).defer("line").order_by("name_uk")) if 0 < len(new) <= MOST_NEW else []
    )
    read = {street.pk: StreetName.parse(street.name_uk) for street in streets}
    known = {street.pk: street for street in streets if street.pk not in new}
    dictionary = StreetDictionary(KnownName(pk, read[pk]) for pk in known)
    found = []
    for street in streets:
        if street.pk in known:
            continue
        for one in dictionary.find(read[street.pk], limit=5):
            other = known[one.known.street]
            kinds = {read[street.pk].kind, read[other.pk].kind}
            if one.score >= LIKELY_THE_SAME and other.settlement_id == street.settlement_id and len(kinds - {""}) == 1:
                found.append((street.name_uk, other.name_uk))
                break
    return tuple(found)
