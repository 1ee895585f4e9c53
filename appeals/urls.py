"""Addresses of the letters' API."""

from django.urls import path

from appeals.api import AppealsView
from appeals.api_conversations import ByReceiptView, MessagesView
from appeals.api_photos import PhotoByReceiptView
from appeals.api_staff import StaffAppealsView

urlpatterns = [
    path("api/v1/appeals/", AppealsView.as_view(), name="api-appeals"),
    path("api/v1/appeals/by-receipt/", ByReceiptView.as_view(), name="api-appeals-by-receipt"),
    path("api/v1/appeals/by-receipt/messages/", MessagesView.as_view(), name="api-appeals-messages"),
    path("api/v1/appeals/by-receipt/photos/", PhotoByReceiptView.as_view(), name="api-appeals-photo"),
    path("api/v1/staff/appeals/", StaffAppealsView.as_view(), name="api-staff-appeals"),
]
