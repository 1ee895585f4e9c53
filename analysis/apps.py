"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    """WHAT IT ALL SHOWS: cells, heatmaps, exports."""

    name = "analysis"
    verbose_name = _("Analysis")
