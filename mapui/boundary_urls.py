"""Addresses of a city's boundaries for its staff, beneath `/staff/<slug>/boundaries/`."""

from django.urls import path

from mapui.views import (
    staff_boundaries,
    staff_boundary_deeds,
    staff_boundary_editor,
    staff_boundary_upload,
    staff_outline,
)

urlpatterns = [
    path("", staff_boundaries.boundaries, name="staff_boundaries"),
    path("streets.geojson", staff_boundaries.streets_geojson, name="staff_boundary_streets"),
    path("upload/", staff_boundary_upload.upload, name="staff_boundaries_upload"),
    path("outline/", staff_outline.outline, name="staff_outline"),
    path("outline/use/", staff_outline.use, name="staff_outline_use"),
    path("withdraw/", staff_boundary_deeds.withdraw, name="staff_boundaries_withdraw"),
    path("back/", staff_boundary_deeds.back, name="staff_boundaries_roll_back"),
    path("<int:number>/", staff_boundaries.report, name="staff_boundary_report"),
    path("<int:number>/report.json", staff_boundaries.report_json, name="staff_boundary_report_json"),
    path("<int:number>/districts.geojson", staff_boundaries.districts_geojson, name="staff_boundary_districts"),
    path("<int:number>/findings.geojson", staff_boundaries.findings_geojson, name="staff_boundary_findings"),
    path("<int:number>/exact.geojson", staff_boundary_editor.exact_geojson, name="staff_boundary_exact"),
    path("<int:number>/accept/", staff_boundary_deeds.accept, name="staff_boundary_accept"),
    path("<int:number>/reject/", staff_boundary_deeds.reject, name="staff_boundary_reject"),
    path("<int:number>/activate/", staff_boundary_deeds.activate, name="staff_boundary_activate"),
    path("<int:number>/edit/", staff_boundary_editor.edit, name="staff_boundary_edit"),
]
