"""Every address of the site. A city's own pages come last: its slug may not hide anything above."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path

urlpatterns = [
    path("", include("people.urls")),  # first: the busiest address of all
    path("", include("geo.urls")),
    path("", include("appeals.urls")),
    path("", include("analysis.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include("mapui.urls")),
]
