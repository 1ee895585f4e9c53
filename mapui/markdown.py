"""Markdown of the pages as HTML: a few kinds of text, nothing that runs, loads or looks like the site's own parts."""

import re
from collections.abc import Mapping
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {"h2", "h3", "h4", "p", "br", "ul", "ol", "li", "strong", "em", "blockquote", "hr", "a"}
FACT_TAGS: Final = {"span"}
"""What only a fact can hold, since HTML that is typed stays text: words of another language."""
ATTRIBUTES: Final = {"a": {"href"}, "span": {"lang"}}
LINE_TAGS: Final = {"a", "strong", "em"}
ADDRESSES: Final = {"https", "http", "mailto", "tel"}
FACT: Final = re.compile(r"\{([a-z_]+)\}")
"""Where a page says what the service itself knows: {promise}."""
_HEADINGS: Final = {"h1": "h2", "h5": "h4", "h6": "h4"}
"""The title of the page is its only first heading."""

_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "code", "fence", "backticks"])


def as_html(text: str, facts: Mapping[str, str]) -> SafeString:
    """Return a text as HTML, with the facts in their places: `facts` are HTML by the name that stands in braces.

    HTML that was typed is shown as it was typed. An unknown name stays in its braces.
    """
    tokens = _reader.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html: str = _reader.renderer.render(tokens, _reader.options, {})
    told = FACT.sub(lambda found: facts.get(found[1], found[0]), html)
    clean = nh3.clean(told, tags=TAGS | FACT_TAGS, attributes=ATTRIBUTES, url_schemes=ADDRESSES, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308 - nh3 let through nothing but TAGS


def as_line(text: str) -> SafeString:
    """Return a text of one line as HTML: bold words and links, no paragraph."""
    line = nh3.clean(_reader.renderInline(text), tags=LINE_TAGS, attributes={"a": {"href"}}, url_schemes=ADDRESSES)
    return mark_safe(line)  # noqa: S308 - nh3 let through nothing but LINE_TAGS


def unknown_facts(text: str, facts: Mapping[str, str]) -> list[str]:
    """Return what stands in braces and is no fact, each once, as it was typed."""
    return list(dict.fromkeys(found[0] for found in FACT.finditer(text) if found[1] not in facts))
