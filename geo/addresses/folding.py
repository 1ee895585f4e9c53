"""Spell names so that the ways people write one name compare equal. Pure: no database.

`fold` keeps the letters that were meant, `sound` gives up the differences that people do not hear or do not type
(і/и/ї, е/є, soft signs, Russian endings); the search compares sounds and prefers equal folds.
"""

import re
import unicodedata

APOSTROPHES = "'’ʼ`′‘ʹ´ˈ"
"""Deleted: people type any of them, or none (evidence: Kyiv's own list of addresses has three)."""

_UPPER_TWINS = dict(zip("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ", strict=True))
_LOWER_TWINS = dict(zip("aceikmoptxyb", "асеікмортхуь", strict=True))
_TWINS = str.maketrans(_UPPER_TWINS | _LOWER_TWINS | {"Ï": "Ї", "ï": "ї"})
"""Latin letters that look like Cyrillic ones, of the same case."""

_WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_PLAIN = re.compile(r"[а-яіїєґА-ЯІЇЄҐ0-9 .-]*")
"""Most names have nothing but letters that fold to themselves; a list of a million addresses has 25,000 of them."""
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[0-9a-zа-яёіїєґ]+")

_LAYOUT = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`~\\QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>",
    "йцукенгшщзхїфівапролджєячсмитьбю''ґЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ",
)

# Resolution 55 of the Cabinet of Ministers of 27.01.2010, «Про впорядкування транслітерації українського алфавіту
# латиницею»: the same letter at the beginning of a word and elsewhere.
_TO_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia",
    "ё": "io", "ы": "y", "э": "e", "ъ": "",  # Russian letters, which the resolution does not know
}  # fmt: skip
_FIRST_TO_LATIN = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

# The longest first; what people write beside the resolution (yu, kyiv's double y, j, w, q, c) is read too.
_FROM_LATIN = {
    "shch": "щ", "sch": "щ", "zgh": "зг", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш",
    "ye": "є", "yi": "ї", "yu": "ю", "ya": "я", "yo": "йо", "ie": "є", "iu": "ю", "ia": "я", "ji": "ї", "ju": "ю",
    "ja": "я", "je": "є", "jo": "йо", "ck": "к", "ph": "ф",
    "a": "а", "b": "б", "v": "в", "w": "в", "h": "г", "g": "г", "d": "д", "e": "е", "z": "з", "y": "и", "i": "і",
    "j": "й", "k": "к", "q": "к", "c": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с",
    "t": "т", "u": "у", "f": "ф", "x": "кс",
}  # fmt: skip
_LATIN_GROUP = re.compile("|".join(_FROM_LATIN))

_SOUND = str.maketrans("ієїйыёэґ", "иеиииеег", "ьъ")
_RUSSIAN_ENDINGS = re.compile(r"(?<=[скцн])(?:ая|яя)\b")
_ADJECTIVE_ENDINGS = re.compile(r"(?<=[скцнгх])(?:ои|ого|ое)\b")
_DOUBLED = re.compile(r"([^\W\d])\1+")
_PUNCTUATION = re.compile(r"[,.](?=[\s\d]|$)")


def fold(text: str) -> str:
    """Return the words of a text in lower case, one space apart, without apostrophes, accents and look-alikes.

    Punctuation and hyphens part words. Latin letters inside a word that has Cyrillic ones are taken for their twins.
    Idempotent.
    """
    text = text.translate(_WITHOUT_APOSTROPHES)
    if _PLAIN.fullmatch(text):
        return " ".join(_WORD.findall(text.lower()))
    text = _without_accents(text)
    return " ".join(_WORD.findall(" ".join(untwin(word) for word in text.split()).lower()))


def untwin(word: str) -> str:
    """Return a word with Latin look-alikes replaced, where the word has Cyrillic letters too."""
    return word.translate(_TWINS) if _CYRILLIC.search(word) else word


def _without_accents(text: str) -> str:
    """Drop stress marks and the accents of Latin letters; й, ї and ё keep theirs."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(character) or (character in "\u0306\u0308" and kept and kept[-1] in "иіеИІЕ"):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def sound(text: str) -> str:
    """Return a key under which Ukrainian, Russian and Latin spellings of a name meet, or nearly.

    Folds first; Latin words are read by `from_latin`. Idempotent.
    """
    words = (from_latin(word) if _LATIN.search(word) else word for word in fold(text).split())
    heard = _DOUBLED.sub(r"\1", " ".join(" ".join(words).translate(_SOUND).split()))
    return _ADJECTIVE_ENDINGS.sub("и", _RUSSIAN_ENDINGS.sub("а", heard))


def to_latin(text: str) -> str:
    """Transliterate Ukrainian by resolution 55 of 27.01.2010; other characters stay as they are."""
    latin: list[str] = []
    for position, character in enumerate(text):
        small = character.lower()
        before = text[position - 1].lower() if position else ""
        if character in APOSTROPHES:
            continue
        if small == "г" and before == "з":
            letters = "gh"  # зг is zgh, so that it differs from ж, zh
        elif small in _FIRST_TO_LATIN and not (before and (before.isalpha() or before in APOSTROPHES)):
            letters = _FIRST_TO_LATIN[small]
        else:
            letters = _TO_LATIN.get(small, character)
        if character != small and letters:
            shouted = text[position + 1 : position + 2].isupper() or (before and text[position - 1].isupper())
            letters = letters.upper() if shouted else letters.capitalize()
        latin.append(letters)
    return "".join(latin)


def from_latin(text: str) -> str:
    """Read lower-case Latin letters as Ukrainian: the reverse of `to_latin` as far as there is one."""
    return _LATIN_GROUP.sub(lambda found: _FROM_LATIN[found[0]], text)


def from_wrong_layout(text: str) -> str:
    """Return what the same keys write on the Ukrainian layout: "Rfhgtyrf" is «Карпенка» with English switched on.

    A comma or full stop at the end of a word stays what it is.
    """
    kept = {found.start() for found in _PUNCTUATION.finditer(text)}
    return "".join(
        character if position in kept else character.translate(_LAYOUT) for position, character in enumerate(text)
    )


def is_latin(text: str) -> bool:
    """Whether a text has Latin letters and no Cyrillic ones: then it may be transliterated, or the wrong layout."""
    return bool(_LATIN.search(text.lower())) and not _CYRILLIC.search(text)
