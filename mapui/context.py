"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the basemap of the operator, the languages of the site, and how long a sign-in lasts unused."""
    return {
        "basemap_url": settings.BASEMAP_URL,
        "basemap_attribution": settings.BASEMAP_ATTRIBUTION,
        "languages": settings.LANGUAGES,
        "staff_idle_s": int(settings.STAFF_IDLE_LIMIT.total_seconds()),
    }
