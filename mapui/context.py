"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the basemap of the operator, the languages of the site, how long a sign-in lasts unused, and of letters:
    who answers for their data, how many years they, their contacts and their openings are kept, and by what rule.
    """
    return {
        "basemap_url": settings.BASEMAP_URL,
        "basemap_attribution": settings.BASEMAP_ATTRIBUTION,
        "languages": settings.LANGUAGES,
        "data_controller": settings.DATA_CONTROLLER,
        "letters_kept_years": settings.LETTERS_KEPT_YEARS,
        "contacts_kept_years": settings.CONTACTS_KEPT_YEARS,
        "openings_kept_years": settings.READING_LOG_KEPT_YEARS,
        "letters_kept_by": settings.LETTERS_KEPT_BY,
        "staff_idle_s": int(settings.STAFF_IDLE_LIMIT.total_seconds()),
    }
