"""Addresses of the analysis API."""

from django.urls import include, path

from analysis.api import ExportView, HeatmapView

urlpatterns = [
    path("api/v1/analysis/heatmap/", HeatmapView.as_view(), name="api-heatmap"),
    path("api/v1/analysis/export/", ExportView.as_view(), name="api-export"),
    path("ogc/", include("analysis.ogc.urls")),
]
