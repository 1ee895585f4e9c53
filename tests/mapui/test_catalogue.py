"""The Ukrainian catalogue is whole: every text, every plural form, every placeholder."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "uk" / "LC_MESSAGES" / "django.po"
ROOMS = ("geo", "people", "appeals", "analysis", "mapui")
COUNTED = re.compile(r"{% blocktranslate (.*?)%}(.*?){% plural %}(.*?){% endblocktranslate %}", re.DOTALL)
VARIABLE = re.compile(r"\{\{ (\w+) \}\}")
NGETTEXT = re.compile(r"\bngettext(?:_lazy)?\(\s*\"([^\"]*)\",\s*\"([^\"]*)\"")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


def test_every_text_has_its_ukrainian_and_none_is_guessed() -> None:
    entries = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy] == []


def test_plural_texts_have_four_forms() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == [0, 1, 2, 3], entry.msgid


def test_no_two_plurals_share_a_singular() -> None:
    """gettext looks a plural up by its singular alone: of two, one would speak for both. Give one a context."""
    singulars: dict[str, set[str]] = {}
    for singular, plural in in_sources():
        singulars.setdefault(singular, set()).add(plural)
    assert {one: plurals for one, plurals in singulars.items() if len(plurals) > 1} == {}


def in_sources() -> Iterator[tuple[str, str]]:
    """Yield singular and plural of every text without a context, as the templates and the code say them."""
    for room in ROOMS:
        for file in (Path(settings.BASE_DIR) / room).rglob("*.html"):
            for said in COUNTED.finditer(file.read_text()):
                one, many = (VARIABLE.sub(r"%(\1)s", " ".join(text.split())) for text in said.group(2, 3))
                if " context " not in said[1]:
                    yield one, many
        for file in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            yield from NGETTEXT.findall(file.read_text())


def test_placeholders_survive_translation() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


@pytest.mark.parametrize(
    ("never", "why"),
    [
        (r"чергов\w+ станці", "the duty station is «чергова частина»"),
        (r"у відпустці", "the officer may be ill or seconded: «немає на місці»"),
        (r"нікуди не йдуть", "letters of a training city are kept and read"),
    ],
)
def test_one_thing_has_one_true_name(never: str, why: str) -> None:
    texts = " ".join(entry.msgstr for entry in polib.pofile(str(CATALOGUE)))
    assert not re.search(never, texts, re.IGNORECASE), why
