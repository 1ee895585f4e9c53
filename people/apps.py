"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """WHO: users and roles, officers, stations, postings."""

    name = "people"
    verbose_name = _("People")
