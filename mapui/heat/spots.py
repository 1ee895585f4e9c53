"""Hotspots and changes as rows of a list; the map draws the same shapes with the same numbers."""

import datetime
from collections.abc import Sequence
from typing import Any

import shapely
from django.utils.translation import gettext as _

from analysis.districts import Drawn, holding
from analysis.live_hotspots import Answer
from mapui.heat.words import chance_words, steadiness_words, verdict_words
from mapui.numbers import number_words

SHOWN = 12
"""Hotspots, and changes, that are listed and drawn."""


def hotspots_shown(answer: Answer, districts: Sequence[Drawn], *, by_addresses: bool) -> dict[str, Any]:
    """Return the verdict in words, and a row for each hotspot."""
    rows = [
        feature["properties"]
        | {"number": feature["properties"]["rank"], "district": district_of(feature["geometry"], districts)}
        for feature in answer.features[:SHOWN]
    ]
    for row in rows:
        if "by_chance" in row:
            row["chance"] = chance_words(row["by_chance"])
        if "hot_in_resamples" in row:
            row["steadiness"] = steadiness_words(row["hot_in_resamples"])
    needed = answer.metadata.get("letters_that_would_stand_out")
    return {
        "verdict": answer.verdict,
        "words": verdict_words(answer.verdict, answer.metadata, found=len(answer.features)),
        "needed": needed if answer.verdict == "none" else None,
        "rows": rows,
        "by_addresses": by_addresses,
    }


def changes_shown(answer: Answer, districts: Sequence[Drawn]) -> dict[str, Any]:
    """Return what became more or fewer: the sums, the verdict in words, and a row for each place."""
    features = sorted(answer.features, key=_by_difference)[:SHOWN]
    rows = [
        feature["properties"] | {"number": number, "district": district_of(feature["geometry"], districts)}
        for number, feature in enumerate(features, start=1)
    ]
    metadata = answer.metadata
    both = metadata["letters"] + metadata["letters_before"]
    if answer.verdict == "few":
        words = _("Too few letters to tell: %(n)s in both periods, at least %(fewest)s are needed.") % {
            "n": number_words(both),
            "fewest": metadata["fewest_letters"],
        }
    elif answer.verdict == "none":
        words = _("No place changed more than chance would have it.")
    else:
        words = _("Here it became more or fewer than chance would have it:")
    first, last = (datetime.date.fromisoformat(day) for day in metadata["before"])
    return {
        "verdict": answer.verdict,
        "words": words,
        "rows": rows,
        "before": metadata["letters_before"],
        "after": metadata["letters"],
        "first": first,
        "last": last,
        "features": features,
    }


def shapes_of(hotspots: list[dict[str, Any]], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the shapes that the map draws, each with its number and label."""
    return {
        "hotspots": [
            {"type": "Feature", "geometry": each["geometry"], "properties": {"number": each["properties"]["rank"]}}
            for each in hotspots[:SHOWN]
        ],
        "changes": [
            {
                "type": "Feature",
                "geometry": each["geometry"],
                "properties": {
                    "number": number,
                    "direction": each["properties"]["direction"],
                    "label": difference_words(each["properties"]),
                },
            }
            for number, each in enumerate(changes, start=1)
        ],
    }


def difference_words(row: dict[str, Any]) -> str:
    """Return by how many letters, with a sign."""
    difference = row["after"] - row["before"]
    return f"{'+' if difference > 0 else '−'}{number_words(abs(difference))}"


def district_of(geometry: dict[str, Any], districts: Sequence[Drawn]) -> str:
    """Return in which of some districts a GeoJSON geometry lies, by the name of that which holds most; or nothing.

    Its letters are those of all: more than a district's own count may have.
    """
    found = holding(shapely.geometry.shape(geometry), districts)
    if len(found) < 2:
        return found[0].name if found else ""
    return _("%(district)s and neighbouring ones") % {"district": found[0].name}


def _by_difference(feature: dict[str, Any]) -> tuple[int, float]:
    row = feature["properties"]
    return -abs(row["after"] - row["before"]), row["p"]
