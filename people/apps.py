"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """WHO: users and roles, officers, stations, postings."""

    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Let the report on boundaries name districts that nobody serves; listen to sign-ins; let pages be proposed."""
        from geo.boundaries.importing import EXTRA_CHECKS
        from geo.boundaries.words import WORDS
        from people import sign_in
        from people.findings import NO_OFFICER, NO_OFFICER_WORDS, vacancy_findings
        from people.page_proposals import PAGE
        from people.subjects import register

        sign_in.connect()
        register(PAGE)
        EXTRA_CHECKS.append(vacancy_findings)
        WORDS[NO_OFFICER] = NO_OFFICER_WORDS
