"""The street names of a city, found in spite of typing mistakes. Pure: names in, names out.

Trigrams of the sounds choose candidates (numpy over a posting list), an alignment word by word ranks them. Names that
sound alike («вулиця» and «провулок Садовий», in twenty villages) are one candidate.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from geo.addresses.folding import fold, from_wrong_layout, is_latin, sound
from geo.addresses.streets import StreetName

CANDIDATES, CANDIDATES_BEGUN = 50, 30
"""So many names are aligned word by word: fewer while they are typed, at every letter."""
NOT_IN_LIST = 0.35
"""How much a word weighs that was asked for before the last one and is not in the name."""
MOST_GLUED = 0.95
"""So well a name answers words whose blanks stand in other places."""
SIMILAR_WORD = 0.66
"""Below it two words are different words: of six letters two may be mistaken."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """One name of a street: `street` is whatever names the street; `current` is False for former and other names."""

    street: int
    name: StreetName
    current: bool = True


class Found(NamedTuple):
    """A name that was found: `score` from 0 to 1; `exact` when only type, initials or first names differ."""

    known: KnownName
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class _Known:
    known: KnownName
    folded: str


class StreetDictionary:
    """An index of names; immutable, to be built anew when names change."""

    def __init__(self, names: Iterable[KnownName]) -> None:
        """Index the names; a name without letters or digits is left out."""
        by_words: dict[tuple[str, ...], list[_Known]] = {}
        for known in names:
            if words := tuple(_surname_last(sound(known.name.name).split())):
                by_words.setdefault(words, []).append(_Known(known, fold(known.name.name)))
        self._entries = list(by_words.items())
        postings: dict[str, list[int]] = {}
        for number, (words, _) in enumerate(self._entries):
            for trigram in _trigrams(words):
                postings.setdefault(trigram, []).append(number)
        self._postings = {trigram: np.array(numbers, dtype=np.int32) for trigram, numbers in postings.items()}
        self._sizes = np.array([len(_trigrams(words)) for words, _ in self._entries], dtype=np.float32)

    def __len__(self) -> int:
        return sum(len(names) for _, names in self._entries)

    def find(self, name: StreetName, *, limit: int = 10, prefix: bool = False, at_least: float = 0.01) -> list[Found]:
        """Return the names most like `name`, best first, one a street; with `prefix` its last word may be unfinished.

        `at_least` is the least score of a name that is wanted.
        Latin letters are read both as a transliteration and as the wrong keyboard layout.
        """
        readings = [name]
        if is_latin(name.name):
            readings.append(StreetName(name.kind, from_wrong_layout(name.name)))
        best: dict[int, Found] = {}
        for reading in readings:
            for found in self._find(reading, prefix=prefix, at_least=at_least):
                known = best.get(found.known.street)
                if known is None or (found.score, found.known.current) > (known.score, known.known.current):
                    best[found.known.street] = found
        return nsmallest(limit, best.values(), key=_rank)

    def _find(self, name: StreetName, *, prefix: bool, at_least: float) -> Iterable[Found]:
        words = tuple(sound(name.name).split())
        if not prefix:
            words = tuple(_surname_last(words))
        asked = _by_length(words, prefix=prefix)
        folded = fold(name.name)
        word = cache(_word)
        for number in self._candidates(words, prefix=prefix):
            known_words, names = self._entries[number]
            alike = _alike(words, asked, known_words, word)
            if alike < at_least:
                continue
            for each in names:
                score = alike if folded == each.folded else alike * 0.99
                if name.kind and each.known.name.kind and name.kind != each.known.name.kind:
                    # «вулиця» is said of everything; another kind is meant
                    score *= 0.97 if name.kind == "street" else 0.85
                if score >= at_least:
                    yield Found(each.known, score, exact=alike >= EXACT)

    def _candidates(self, words: Sequence[str], *, prefix: bool) -> list[int]:
        trigrams = [trigram for trigram in _trigrams(words, unfinished=prefix) if trigram in self._postings]
        if not trigrams:
            return []
        counts = np.bincount(
            np.concatenate([self._postings[trigram] for trigram in trigrams]), minlength=len(self._entries)
        )
        likely = np.flatnonzero(counts >= 0.4 * counts.max())
        most = CANDIDATES_BEGUN if prefix else CANDIDATES
        if len(likely) > most:
            # shared / asked, and a little for names that have nothing else: "Миру" before "Замирування"
            shared = counts[likely] / len(trigrams) + 0.1 * counts[likely] / self._sizes[likely]
            likely = likely[np.argpartition(-shared, most)[:most]]
        return [int(number) for number in likely]


EXACT = 0.93
"""An alignment from here on differs in initials, titles or first names only."""


def _rank(found: Found) -> tuple[float, bool, int, str, int]:
    name = found.known.name
    return -round(found.score, 4), not found.known.current, len(name.name), name.name, found.known.street


def _trigrams(words: Sequence[str], *, unfinished: bool = False) -> set[str]:
    """As pg_trgm cuts them: two blanks before a word, one after it (none after an unfinished one)."""
    found: set[str] = set()
    for position, word in enumerate(words):
        padded = f"  {word}" + ("" if unfinished and position == len(words) - 1 else " ")
        found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return found


TITLES = frozenset(
    sound(title)
    for title in (
        "академіка",
        "адмірала",
        "архітектора",
        "братів",
        "бр",
        "генерала",
        "ген",
        "героя",
        "героїв",
        "гетьмана",
        "гет",
        "графа",
        "єпископа",
        "кардинала",
        "князя",
        "кн",
        "княгині",
        "композитора",
        "короля",
        "королеви",
        "лейтенанта",
        "майора",
        "маршала",
        "митрополита",
        "отця",
        "о",
        "патріарха",
        "письменника",
        "полковника",
        "полк",
        "професора",
        "проф",
        "родини",
        "святого",
        "святої",
        "св",
        "сестер",
        "художника",
    )
)
"""Said or left out as people please: «Гетьмана Мазепи» is «Мазепи»."""


@lru_cache(maxsize=65_536)
def _weight(word: str) -> float:
    return 0.5 if len(word) == 1 else 1.0 if word in TITLES else float(min(len(word), 10))


def _surname_last(words: Sequence[str]) -> Sequence[str]:
    """«Шевченка Т. Г.» as «Т. Г. Шевченка»: tables put initials behind the name too."""
    end = len(words)
    while end > 1 and len(words[end - 1]) == 1 and words[end - 1].isalpha():
        end -= 1
    return [*words[end:], *words[:end]]


class _Asked(NamedTuple):
    """A word that was asked for, what it weighs, and what it weighs where no word of a name answers it."""

    word: str
    unfinished: bool
    weight: float
    weight_missing: float


def _by_length(words: Sequence[str], *, prefix: bool) -> list[_Asked]:
    """The words asked for, the longest first; with `prefix` the last one is unfinished."""
    last = len(words) - 1
    asked = [
        # a first name may be left out of the list too: «Максима Кривоноса» is «Кривоноса»
        _Asked(word, prefix and at == last, weight := _weight(word), weight if at == last else weight * NOT_IN_LIST)
        for at, word in enumerate(words)
    ]
    return sorted(asked, key=lambda one: -len(one.word))


def _alike(
    words: Sequence[str], asked: Sequence[_Asked], known: Sequence[str], alike: Callable[[str, str, bool], float]
) -> float:
    """How well a name answers the words asked for, 0 to 1; `alike` says it of two words.

    Words that only one of the two has (first names, titles, initials) weigh little, unless it is the last one:
    Ukrainian names put the surname last.
    """
    free = list(range(len(known)))
    weight_asked = matched_asked = present = 0.0
    for one in asked:
        best, at = 0.0, -1
        for position in free:
            if (score := alike(one.word, known[position], one.unfinished)) > best:
                best, at = score, position
        if best:
            weight_asked += one.weight
            matched_asked += one.weight * best
            present += _weight(known[at])
            free.remove(at)
        else:
            weight_asked += one.weight_missing
    if not present:
        return _glued(words, known)
    missing = sum(_weight(known[at]) * (1.0 if at == len(known) - 1 else 0.12) for at in free) if free else 0.0
    found = matched_asked / weight_asked * (1 - 0.5 * missing / (missing + present))
    return found if found >= MOST_GLUED else max(found, _glued(words, known))


def _word(asked: str, known: str, unfinished: bool) -> float:
    """How well one word answers another, 0 to 1."""
    if asked == known:
        return 1.0
    if len(asked) == 1 or len(known) == 1:
        return 0.9 if asked[0] == known[0] and not (asked.isdigit() or known.isdigit()) else 0.0
    if asked.isdigit() or known.isdigit():
        return 0.9 if unfinished and known.startswith(asked) else 0.0
    if not unfinished:
        return _similar(asked, known)
    if known.startswith(asked):
        return 0.97
    return 0.95 * _similar(asked, known[: len(asked)]) if len(asked) >= 4 else 0.0


def _similar(asked: str, known: str) -> float:
    similarity = float(OSA.normalized_similarity(asked, known))
    if similarity < SIMILAR_WORD or (len(asked) <= 3 and similarity < 1):
        return 0.0
    return similarity * (0.97 if asked[0] == known[0] else 0.9)


def _glued(asked: Sequence[str], known: Sequence[str]) -> float:
    """«Новийсвіт» and «Старо поділ»: blanks in other places."""
    if len(asked) == len(known) == 1:
        return 0.0
    one, other = "".join(asked), "".join(known)
    return MOST_GLUED * float(OSA.normalized_similarity(one, other, score_cutoff=0.85))
