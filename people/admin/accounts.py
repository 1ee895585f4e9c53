"""Accounts, roles and help lines: for superusers alone, since a role gives power."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from geo.admin import KeptWhileNamed
from people.models import Membership, User


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Roles of people in cities."""

    list_display = ("user", "role", "city")
    list_filter = ("city", "role")
    list_select_related = ("user", "city")
    search_fields = ("user__email", "user__first_name", "user__last_name")
    autocomplete_fields = ("user", "city")


class MembershipInline(admin.TabularInline[Membership, User]):
    """Roles of a person."""

    model = Membership
    autocomplete_fields = ("city",)
    extra = 0


class EmailUserCreationForm(AdminUserCreationForm[User]):
    """A new account, known by its e-mail."""

    class Meta:
        model = User
        fields = ("email",)


class EmailUserChangeForm(UserChangeForm[User]):
    """An account."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(KeptWhileNamed, DjangoUserAdmin[User]):
    """Accounts by e-mail."""

    form = EmailUserChangeForm
    add_form = EmailUserCreationForm
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "memberships__city", "memberships__role")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
