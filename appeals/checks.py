"""System checks: the terms that letters are kept for can be kept."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from appeals.models import terms
from appeals.retention import BadTerms


@register
def check_terms(app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse terms under a year, and contacts that outlive their letter."""
    try:
        terms()
    except BadTerms as mistake:
        return [Error(str(mistake), hint="See docs/operations.md.", id="appeals.E001")]
    return []
