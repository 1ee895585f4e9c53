"""Models of the analysis: live counts, areas, frozen releases, prevention, reports, tokens, exports, the past."""

from analysis.models.areas import AreaCell, AreaPlan, ReleaseArea, Sensitivity
from analysis.models.exports import Export
from analysis.models.live import (
    LEVELS,
    CellCount,
    CellCountQuerySet,
    CountQuerySet,
    HourCount,
    HourCountQuerySet,
    TotalCount,
    months_between,
)
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
from analysis.models.reports import Report, ReportQuerySet, ReportVersion
from analysis.models.spans import COARSE, SpanCount, spans_between
from analysis.models.tokens import HOLDERS, LASTS_AT_MOST, Token, new_token, token_hash

__all__ = [
    "COARSE",
    "HOLDERS",
    "LASTS_AT_MOST",
    "LEVELS",
    "WORDS_MAX",
    "AreaCell",
    "AreaFigure",
    "AreaFigureQuerySet",
    "AreaPlan",
    "CellCount",
    "CellCountQuerySet",
    "CountQuerySet",
    "Export",
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
    "Report",
    "ReportQuerySet",
    "ReportVersion",
    "Sensitivity",
    "SpanCount",
    "Token",
    "TotalCount",
    "months_between",
    "new_token",
    "spans_between",
    "token_hash",
]
