"""How one text became another, word by word, as HTML with <del> and <ins>."""

import difflib
import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

COMPARED = 400_000
"""Pairs of words that are compared one by one, at most: more take a second, and of two unlike texts tell nothing."""
_PARTS = re.compile(r"\s+|[\w'’ʼ-]+|[^\w\s]")


def words_changed(before: str, after: str) -> SafeString:
    """Return both texts in one: what went stands in <del>, what came in <ins>; every character is escaped."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return format_html_join("", "{}", ((part,) for part in _marked(matcher, old, new)))


def lines_changed(before: str, after: str) -> SafeString:
    """Return the same of long texts: lines that stayed are left alone, others are told word by word.

    Of lines that are long and unlike, those that went stand before those that came.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    told = []
    for what, a, b, c, d in matcher.get_opcodes():
        went, came = "".join(old[a:b]), "".join(new[c:d])
        if what == "equal":
            told.append(format_html("{}", went))
        elif len(_PARTS.findall(went)) * len(_PARTS.findall(came)) <= COMPARED:
            told.append(words_changed(went, came))
        else:
            told.append(format_html("<del>{}</del><ins>{}</ins>", went, came))
    return format_html_join("", "{}", ((part,) for part in told))


def _marked(matcher: "difflib.SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[SafeString | str]:
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield "".join(old[a:b])
            continue
        if went := "".join(old[a:b]):
            yield format_html("<del>{}</del>", went)
        if came := "".join(new[c:d]):
            yield format_html("<ins>{}</ins>", came)
