"""What cities and districts may be called: slugs and codes stand in the addresses of pages and must not break them."""

import re

PAGES = ("about", "how-it-works", "rights", "help", "privacy")
"""Pages of text (`people.models.PageVersion`), of the site at `/<page>/` and of a city at `/<slug>/<page>/`."""
SITE = "site"
"""Stands for the whole installation where the address of a staff's page has a city's slug."""

RESERVED_SLUGS = frozenset(
    {
        "account",
        "admin",
        "answer",
        "api",
        "city",
        "en",
        "healthz",
        "language",
        "letters",
        "media",
        "ogc",
        "readyz",
        SITE,
        "staff",
        "static",
        "uk",
        *PAGES,
    }
)
"""First parts of the site's own paths: a city's page lives at `/<slug>/` and must not hide them."""

RESERVED_CODES = frozenset({"lookup", "mistake", "questions", "streets", "write", *PAGES})
"""Parts of a city's own paths: a district's page lives at `/<slug>/<code>/` and must not hide them, nor they it."""

CODE_LENGTH = 40
NAME_LENGTH = 160

_PART = r"[^/;,?#\\\x01-\x1f\x7f-\x9f\u2028\u2029]"
CODE = rf"(?!(?:\.|\.\.|{'|'.join(sorted(RESERVED_CODES))})(?:/|$)){_PART}+(?:/[0-9]{_PART}*)?"
"""A district's code as a regular expression that Python, the addresses and PostgreSQL all read alike.

Ukrainian numbers such as 12/1 are codes. A comma or semicolon parts the codes of a list, as in a table of officers.
"""


def is_code(text: str) -> bool:
    """Whether a district may have this code."""
    return len(text) <= CODE_LENGTH and re.fullmatch(CODE, text) is not None


def in_counting_order(code: str) -> list[tuple[int, str]]:
    """Return a key by which codes sort as people count: 2 before 10."""
    return [(len(part), part) for part in re.split(r"(\d+)", code)]
