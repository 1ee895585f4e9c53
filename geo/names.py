"""Names in two languages: Ukrainian is always there, English where it is known."""

from django.utils.translation import get_language


def in_current_language(name_uk: str, name_en: str) -> str:
    """Return the English text when English is active and there is one, else the Ukrainian."""
    return name_en if name_en and get_language() == "en" else name_uk
