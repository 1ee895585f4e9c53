"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from analysis.masking import refuse_laxer


class AnalysisConfig(AppConfig):
    """WHAT IT ALL SHOWS: live counts, frozen releases, heatmaps, exports."""

    name = "analysis"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        """Refuse to start where releases would tell more than the project allows; register the checks."""
        from analysis import checks  # noqa: F401

        refuse_laxer()
