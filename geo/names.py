"""Names in two languages: Ukrainian is always there, English where it is known."""

from django.utils.translation import get_language


def in_current_language(name_uk: str, name_en: str) -> str:
    """Return the English text when English is active and there is one, else the Ukrainian."""
    return name_en if name_en and get_language() == "en" else name_uk


def short_name(name: str) -> str:
    """Return the part of a district's name that tells it apart: "District No. 1 · Centre" is "Centre"."""
    return name.partition(" · ")[2] or name


_ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_IN_ORDER = str.maketrans(_ALPHABET, "".join(chr(ord("а") + place) for place in range(len(_ALPHABET))), "'’ʼ")


def in_alphabetical_order(name: str) -> str:
    """Return a key by which Ukrainian names sort as in a dictionary: Є after Е, І after И, apostrophes left out."""
    return name.lower().translate(_IN_ORDER)
