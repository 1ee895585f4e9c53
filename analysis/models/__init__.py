"""Models of the analysis: live counts, release areas, frozen releases."""

from analysis.models.live import CellCount, CellCountQuerySet, HourCount, HourCountQuerySet

__all__ = ["CellCount", "CellCountQuerySet", "HourCount", "HourCountQuerySet"]
