"""Models of the analysis: live counts, release areas, frozen releases, tokens of scripts, the log of exports."""

from analysis.models.areas import AreaCell, AreaPlan, ReleaseArea, Sensitivity
from analysis.models.exports import Export
from analysis.models.live import CellCount, CellCountQuerySet, HourCount, HourCountQuerySet
from analysis.models.releases import AreaFigure, AreaFigureQuerySet, FigureQuerySet, HourFigure, PartFigure, Release
from analysis.models.tokens import HOLDERS, LASTS_AT_MOST, Token, new_token, token_hash

__all__ = [
    "HOLDERS",
    "LASTS_AT_MOST",
    "AreaCell",
    "AreaFigure",
    "AreaFigureQuerySet",
    "AreaPlan",
    "CellCount",
    "CellCountQuerySet",
    "Export",
    "FigureQuerySet",
    "HourCount",
    "HourCountQuerySet",
    "HourFigure",
    "PartFigure",
    "Release",
    "ReleaseArea",
    "Sensitivity",
    "Token",
    "new_token",
    "token_hash",
]
