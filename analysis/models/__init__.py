"""Models of the analysis: live counts, release areas, frozen releases, prevention, evaluations of the past."""

from analysis.models.areas import AreaCell, AreaPlan, ReleaseArea, Sensitivity
from analysis.models.live import CellCount, CellCountQuerySet, HourCount, HourCountQuerySet
from analysis.models.past import PastEvaluation
from analysis.models.prevention import (
    WORDS_MAX,
    Measure,
    MeasureComment,
    MeasureVersion,
    PreventionPlace,
    PreventionPlaceQuerySet,
)
from analysis.models.releases import AreaFigure, AreaFigureQuerySet, FigureQuerySet, HourFigure, PartFigure, Release

__all__ = [
    "WORDS_MAX",
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
    "Measure",
    "MeasureComment",
    "MeasureVersion",
    "PartFigure",
    "PastEvaluation",
    "PreventionPlace",
    "PreventionPlaceQuerySet",
    "Release",
    "ReleaseArea",
    "Sensitivity",
]
