"""Addresses of the pages. A city's pages come last: a slug may not hide anything above it."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from mapui.views import public

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("language/", set_language, name="language"),
    # --- staff ----------------------------------------------------------------------------------------------
    # --- public ---------------------------------------------------------------------------------------------
    path("", public.home, name="home"),
    path("<slug:slug>/", public.city, name="city"),
    path("<slug:slug>/lookup/", public.lookup, name="lookup"),
    path("<slug:slug>/<str:code>/", public.district, name="district"),
    path("<slug:slug>/<str:code>/mistake/", public.report_mistake, name="report_mistake"),
]
