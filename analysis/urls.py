"""Addresses of the analysis API."""

from django.urls import include, path

from analysis.api import HeatmapView, HoursView
from analysis.export_api import ExportView
from analysis.hotspot_api import ChangesView, HotspotsView

urlpatterns = [
    path("api/v1/analysis/heatmap/", HeatmapView.as_view(), name="api-heatmap"),
    path("api/v1/analysis/hours/", HoursView.as_view(), name="api-hours"),
    path("api/v1/analysis/export/", ExportView.as_view(), name="api-export"),
    path("api/v1/analysis/hotspots/", HotspotsView.as_view(), name="api-hotspots"),
    path("api/v1/analysis/changes/", ChangesView.as_view(), name="api-changes"),
    path("ogc/", include("analysis.ogc.urls")),
]
