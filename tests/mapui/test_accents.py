"""The colours a city may choose: readable in both schemes, and each that the model names is in the stylesheet."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from geo.models import City

TOKENS = Path(settings.BASE_DIR, "mapui/static/mapui/css/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("/* A city's own colour")[1].split("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": (TOKENS.split("@media")[0], LIGHT), "dark": (TOKENS.split("@media")[1], DARK)}
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour: WCAG 2.2, definitions."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * each for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("accent", City.Accent.values)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_accent_is_readable_in_both_schemes(scheme: str, accent: str) -> None:
    usual, own = SCHEMES[scheme]
    block = re.search(rf'\[data-accent="{accent}"\] {{(.*?)}}', own, re.DOTALL)
    assert block
    token = colours(usual) | colours(block[1])
    for name in ("accent", "accent-hover"):
        assert contrast(token[name], token["on-accent"]) >= READABLE
        for ground in ("ground", "surface", "surface-2", "accent-soft"):
            assert contrast(token[name], token[ground]) >= READABLE, (name, ground)
    for land in ("map-hover", "map-chosen"):
        assert contrast(token["map-label"], token[land]) >= READABLE, land
