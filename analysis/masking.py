"""What a release may state: the floors of its areas, the smallest count it names, the months it waits. Pure but for
the settings, which may make each stricter and none laxer (docs/adr/0016).
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from analysis.areas import CELL_M, Floor

LEAST = {
    "RELEASE_ADDRESSES": 8,
    "RELEASE_SIDE_M": 100,
    "RELEASE_SIDE_WITHOUT_ADDRESSES_M": 400,
    "RELEASE_PROTECTED_ADDRESSES": 100,
    "RELEASE_PROTECTED_SIDE_M": 400,
    "RELEASE_PROTECTED_SIDE_WITHOUT_ADDRESSES_M": 800,
    "RELEASE_SMALL_COUNT": 4,
    "RELEASE_DELAY_MONTHS": 1,
}
"""The laxest value of each setting, and its default. police.uk hides a place among at least 8 addresses."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A count as it is released: exact, or between two numbers where it is small."""

    at_least: int
    at_most: int

    @classmethod
    def of(cls, n: int, *, small: int) -> "Masked":
        """Mask a count of one or more: up to `small` letters are told as 1 to `small`."""
        return cls(1, small) if n <= small else cls(n, n)


def floor_of(*, protected: bool) -> Floor:
    """Return the least that an area of ordinary or of protected categories holds; sides in cells."""
    kind = "RELEASE_PROTECTED" if protected else "RELEASE"
    return Floor(
        addresses=getattr(settings, f"{kind}_ADDRESSES"),
        side=_cells(getattr(settings, f"{kind}_SIDE_M")),
        side_without_addresses=_cells(getattr(settings, f"{kind}_SIDE_WITHOUT_ADDRESSES_M")),
    )


def refuse_laxer() -> None:
    """Raise ImproperlyConfigured where a setting would let a release state more than the project allows."""
    for name, least in LEAST.items():
        if getattr(settings, name) < least:
            raise ImproperlyConfigured(
                f"{name}={getattr(settings, name)} is laxer than {least}: releases may only be made stricter."
            )


def _cells(metres: int) -> int:
    return -(-metres // CELL_M)
