"""Addresses of a city's lists of streets for its staff, beneath `/staff/<slug>/territories/`."""

from django.urls import path

from mapui.views import staff_territories, staff_territory_deeds, staff_territory_upload

urlpatterns = [
    path("", staff_territories.territories, name="staff_territories"),
    path("report/", staff_territories.report, name="staff_territory_report"),
    path("report/resolve/", staff_territory_deeds.resolve, name="staff_territory_resolve"),
    path("back/", staff_territory_deeds.back, name="staff_territory_back"),
    path("bring/", staff_territory_upload.bring, name="staff_territory_bring"),
    path("preview/", staff_territory_upload.preview, name="staff_territory_preview"),
    path("commit/", staff_territory_upload.commit, name="staff_territory_commit"),
]
