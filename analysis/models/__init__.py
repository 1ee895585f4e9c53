"""Models of the analysis: live counts, release areas, frozen releases."""

from analysis.models.areas import AreaCell, AreaPlan, ReleaseArea, Sensitivity
from analysis.models.live import CellCount, CellCountQuerySet, HourCount, HourCountQuerySet
from analysis.models.releases import AreaFigure, AreaFigureQuerySet, FigureQuerySet, HourFigure, PartFigure, Release

__all__ = [
    "AreaCell",
    "AreaFigure",
    "AreaFigureQuerySet",
    "AreaPlan",
    "CellCount",
    "CellCountQuerySet",
    "FigureQuerySet",
    "HourCount",
    "HourCountQuerySet",
    "HourFigure",
    "PartFigure",
    "Release",
    "ReleaseArea",
    "Sensitivity",
]
