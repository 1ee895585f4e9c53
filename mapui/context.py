"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


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
    """Return who answers for the data of letters, how many years they and their contacts are kept, by what rule."""
    return {
        "data_controller": settings.DATA_CONTROLLER,
        "letters_kept_years": settings.LETTERS_KEPT_YEARS,
        "contacts_kept_years": settings.CONTACTS_KEPT_YEARS,
        "letters_kept_by": settings.LETTERS_KEPT_BY,
    }
