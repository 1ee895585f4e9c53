"""The territory: cities, districts, dated editions of their boundaries, territory lists, addresses."""

from geo.models.addresses import House, Settlement, Street, StreetName
from geo.models.cities import City
from geo.models.districts import District
from geo.models.editions import (
    BorderPiece,
    BoundaryEdition,
    DistrictBoundary,
    EditionPeriod,
    EditionWithdrawal,
    SimplifiedBoundary,
)
from geo.models.landmarks import Landmark
from geo.models.limits import DoorCount
from geo.models.outlines import CityOutline
from geo.models.territories import TerritoryList, TerritoryRule

__all__ = [
    "BorderPiece",
    "BoundaryEdition",
    "City",
    "CityOutline",
    "District",
    "DistrictBoundary",
    "DoorCount",
    "EditionPeriod",
    "EditionWithdrawal",
    "House",
    "Landmark",
    "Settlement",
    "SimplifiedBoundary",
    "Street",
    "StreetName",
    "TerritoryList",
    "TerritoryRule",
]
