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
    LevelQuerySet,
    Sight,
    TotalCount,
    month_of,
    months_between,
    pairs_of,
    sight_in,
    week_of,
)
from analysis.models.months import DAYS, MONTH_LEVELS, MonthCount
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
from analysis.models.sums import SUM_ZOOM, SumCount, SumCountQuerySet, SumKind, sees_whole
from analysis.models.tokens import HOLDERS, LASTS_AT_MOST, Token, new_token, token_hash

__all__ = [
    "DAYS",
    "HOLDERS",
    "LASTS_AT_MOST",
    "LEVELS",
    "MONTH_LEVELS",
    "SUM_ZOOM",
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
    "LevelQuerySet",
    "Measure",
    "MeasureComment",
    "MeasureVersion",
    "MonthCount",
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
    "Sight",
    "SumCount",
    "SumCountQuerySet",
    "SumKind",
    "Token",
    "TotalCount",
    "month_of",
    "months_between",
    "new_token",
    "pairs_of",
    "sees_whole",
    "sight_in",
    "token_hash",
    "week_of",
]
