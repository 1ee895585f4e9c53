"""Addresses of the lookup's API."""

from django.urls import path

from people.api import LookupView

urlpatterns = [path("api/v1/lookup/", LookupView.as_view(), name="api-lookup")]
