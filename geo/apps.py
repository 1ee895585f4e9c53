"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeoConfig(AppConfig):
    """WHERE: cities, boundary editions, districts, addresses, lookup."""

    name = "geo"
    verbose_name = _("Territory")

    def ready(self) -> None:
        """Register the system checks."""
        from geo import checks  # noqa: F401
