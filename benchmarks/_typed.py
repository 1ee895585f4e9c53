"""What people type to find an address: seeded mistakes, names without their kind, beginnings."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks._addresses import Address

LETTERS = "абвгдежзиіїйклмнопрстуфхцчшщьюяє"
SHORT = {"вулиця": "вул.", "провулок": "пров.", "проспект": "просп.", "бульвар": "бульв.", "площа": "пл."}


class Typed(NamedTuple):
    """A text, the label that was meant, and for a beginning what plain SQL is asked: letters and first digits."""

    text: str
    label: str
    letters: str = ""
    digits: str = ""


def label(address: Address) -> str:
    """«Великі Гаї, вулиця Лугова, 12», as the site writes it."""
    return ", ".join(part for part in (address.settlement, address.street, address.house) if part)


def with_typos(sample: Sequence[Address], seed: int) -> list[Typed]:
    """One mistake in the longest word of the street; the kind in full, short or left out. A village is always said."""
    chance = random.Random(seed)
    typed = []
    for address in sample:
        kind, *words = address.street.split()
        longest = max(range(len(words)), key=lambda at: len(words[at]))
        words[longest] = mistyped(words[longest], chance)
        name = " ".join(words)
        street = chance.choice((f"{kind} {name}", f"{SHORT.get(kind, kind)} {name}", name, name))
        parts = [*([address.settlement] if address.settlement else []), street]
        typed.append(Typed(", ".join(parts) + chance.choice((" ", ", ")) + address.house, label(address)))
    return typed


def mistyped(word: str, chance: random.Random) -> str:
    """Drop, double, swap or replace one letter after the first; an apostrophe is left out instead."""
    if "'" in word and chance.random() < 0.5:
        return word.replace("'", "")
    at = chance.randrange(1, len(word) - 1)
    before, here, after = word[:at], word[at], word[at + 1 :]
    wrong = chance.choice([letter for letter in LETTERS if letter != here])
    swapped = after[0] + here + after[1:]
    return before + chance.choice((after, here + here + after, swapped, wrong + after))


def beginnings(sample: Sequence[Address], seed: int) -> list[Typed]:
    """Two to six letters of a word of the name; for every second one the whole word and the house's first digit."""
    chance = random.Random(seed)
    typed = []
    for position, address in enumerate(sample):
        _kind, *words = address.street.split()
        word = chance.choice([word for word in words if word[0].isalpha()])
        if position % 2:
            typed.append(Typed(f"{word} {address.house[0]}", label(address), word.lower(), address.house[0]))
        else:
            letters = word[: chance.randint(2, 6)]
            typed.append(Typed(letters, label(address), letters.lower()))
    return typed
