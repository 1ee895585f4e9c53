"""How a file was made, told in the file itself."""

import datetime
from dataclasses import dataclass
from typing import Any

from analysis.layers import Layer
from geo.models import City


@dataclass(frozen=True, slots=True)
class Made:
    """For which city, when and by whom."""

    city: City
    at: datetime.datetime
    by: str


def metadata(layer: Layer, made: Made) -> dict[str, Any]:
    """Return what a file tells about itself: method, floors, period, licence, and the rest that the layer tells."""
    return {
        "what": layer.what,
        "city": made.city.slug,
        "made_at": made.at.isoformat(timespec="seconds"),
        "made_by": made.by,
        **layer.about,
    }
