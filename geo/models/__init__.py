"""The territory: cities, districts, dated editions of their boundaries, addresses."""

from geo.models.addresses import House, Street
from geo.models.cities import City
from geo.models.districts import District
from geo.models.editions import (
    BorderPiece,
    BoundaryEdition,
    DistrictBoundary,
    EditionPeriod,
    SimplifiedBoundary,
)
from geo.models.landmarks import Landmark

__all__ = [
    "BorderPiece",
    "BoundaryEdition",
    "City",
    "District",
    "DistrictBoundary",
    "EditionPeriod",
    "House",
    "Landmark",
    "SimplifiedBoundary",
    "Street",
]
