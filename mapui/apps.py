"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapuiConfig(AppConfig):
    """Everything a human sees."""

    name = "mapui"
    verbose_name = _("Pages")
