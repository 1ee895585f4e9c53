"""Commands of a city's coordinator speak the language of the site: what they print goes through the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(path for room in ("geo", "people") for path in (ROOT / room / "management").rglob("*.py"))
SAYS = {"write", "CommandError", "ArgumentTypeError"}
ENGLISH = re.compile(r"[a-z]{4,}", re.IGNORECASE)


def plainly_said(tree: ast.AST) -> Iterator[str]:
    """Texts that stand as they are in what is said; what is called or looked up is taken for translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            parts = [part for arg in node.args for part in getattr(arg, "values", [arg])]
            if name in SAYS:
                yield from (str(part.value) for part in parts if isinstance(part, ast.Constant))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_nothing_is_said_past_the_catalogue(path: Path) -> None:
    said = list(plainly_said(ast.parse(path.read_text(encoding="utf-8"))))
    assert [text for text in said if ENGLISH.search(text)] == []


def test_a_sentence_that_stands_as_it_is_would_be_seen() -> None:
    assert list(plainly_said(ast.parse('self.stdout.write(f"{n} errors block")'))) == [" errors block"]
