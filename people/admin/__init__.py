"""The administration of people: who may open what, cards of officers, postings, leaves, roles, help lines.

A superuser sees all but secrets: second factors are reset on the page of the staff, where it is written down, and
allauth's own list of addresses says nothing that an account does not. Staff members (`is_staff`) see the cities in
which they have one of the roles an admin names.
"""

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.admin import accounts, officers, postings, stations, territory

__all__ = ["accounts", "officers", "postings", "stations", "territory"]

# A list of a hundred rows takes as long as five pages of the site
admin.ModelAdmin.list_per_page = 25
admin.ModelAdmin.show_full_result_count = False
admin.site.unregister([Authenticator, EmailAddress])
# One sign-in for everybody, with its rate limits
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = _("Dilnychnyi: administration")
admin.site.index_title = _("Territory and people")
