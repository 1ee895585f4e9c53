"""Numbers as people read them: with their thousands apart, in the language that is active."""

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language


def number_words(number: float, decimals: int = 0) -> str:
    """Write a number: "12,345", in Ukrainian "12 345" (config/formats); `numberText` of texts.js writes the same."""
    if isinstance(number, int) and not decimals and abs(number) < 1000:
        return str(number)  # the same, and pages have hundreds of them
    return _formatted(number, decimals, get_language())


@lru_cache(maxsize=4096)
def _formatted(number: float, decimals: int, _language: str | None) -> str:
    return number_format(number, decimals, force_grouping=True)
