"""Ukrainian numbers: 12 345,6. The space is narrow and never ends a line; `numberText` of texts.js writes the same."""

THOUSAND_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
