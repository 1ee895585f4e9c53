"""Addresses of the territory's API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from geo.api import AddressesView, CitiesView, DistrictsView, StreetsView

urlpatterns = [
    path("api/v1/cities/", CitiesView.as_view(), name="api-cities"),
    path("api/v1/districts/", DistrictsView.as_view(), name="api-districts"),
    path("api/v1/addresses/", AddressesView.as_view(), name="api-addresses"),
    path("api/v1/streets/", StreetsView.as_view(), name="api-streets"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
