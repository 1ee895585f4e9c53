"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from appeals.models import terms


def site(request: HttpRequest) -> dict[str, object]:
    """Return the languages of the site, how long a sign-in lasts unused, and what pages
    tell of how letters are kept.
    """
    return {
        "languages": settings.LANGUAGES,
        "staff_idle_s": int(settings.STAFF_IDLE_LIMIT.total_seconds()),
        **of_letters(),
    }


def of_letters() -> dict[str, object]:
    """Return who answers for the data of letters, and the terms by which they are kept, asked where they are told."""
    return {"data_controller": settings.DATA_CONTROLLER, "keeping": SimpleLazyObject(terms)}
