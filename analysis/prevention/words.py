"""What may be written about a measure: what was done, nothing of a person or a home. Pure."""

import re

PERSONAL = {
    "email": re.compile(r"[^\s@]+@[^\s@]+\.\w"),
    "phone": re.compile(r"(?:\d[\s()–-]*){9,}"),
    "home": re.compile(
        r"\b(?:кв|квартир[аиіу]|буд|будин(?:ок|ку)|apt|flat|house)\b\.?\s*№?\s*\d"
        r"|\b(?:вул|просп|бульв|пров|пл|street|st)\b\.?\s[^\d\n]{2,60},\s*\d",
        re.IGNORECASE,
    ),
}
"""An e-mail; nine digits or more (a date has eight); a flat, a building, a street with a house."""


def personal_part(text: str) -> str:
    """Return the first part of a text that plainly names somebody or a home, or nothing.

    Names of people cannot be told from other words: the form asks not to write them, and words can be erased.
    """
    found = [each for pattern in PERSONAL.values() if (each := pattern.search(text))]
    return min(found, key=lambda each: each.start())[0].strip() if found else ""
