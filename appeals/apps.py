"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppealsConfig(AppConfig):
    """WHAT IS WRITTEN: letters and the conversation."""

    name = "appeals"
    verbose_name = _("Appeals")

    def ready(self) -> None:
        """Register categories among what staff may propose to change."""
        from appeals.topics import CATEGORY
        from people.subjects import register

        register(CATEGORY)
