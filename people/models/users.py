"""Who signs in, and in which city as what."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import City
from geo.prepared_queries import PreparedQuery, given, keep_as_prefetched


class UserManager(BaseUserManager["User"]):
    """Makes users known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new saved user; without a password the account cannot sign in with one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in. Roles are given per city (`Membership`), never here."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    sign_outs = models.PositiveIntegerField(
        _("sign-outs"), default=0, editable=False, help_text=_("How often all sessions were ended at once.")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def fetch_roles(self) -> None:
        """Fetch `memberships`, so that whoever asks for roles reads them here."""
        keep_as_prefetched(self, "memberships", ROLES.rows(user=self.pk))

    def roles_in(self, city: City) -> set[str]:
        """Return the roles that the person was given in a city.

        As they were when `memberships` were fetched, where they were: for a page of the staff once, as it is opened.
        """
        return {each.role for each in self.memberships.all() if each.city_id == city.pk}

    def cities_by_role(self) -> defaultdict[str, list[int]]:
        """Return the keys of the cities in which the person was given each role, known as for `roles_in`."""
        cities = defaultdict[str, list[int]](list)
        for each in self.memberships.all():
            cities[each.role].append(each.city_id)
        return cities

    def has_role(self, city: City, *roles: str) -> bool:
        """Whether the person was given one of the roles in a city."""
        return not self.roles_in(city).isdisjoint(roles)

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to live: it changes with the password and with `sign_outs`."""
        return f"{super().get_session_auth_hash()}:{self.sign_outs}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same under the secrets of before (SECRET_KEY_FALLBACKS)."""
        for kept in super().get_session_auth_fallback_hash():
            yield f"{kept}:{self.sign_outs}"


class Membership(models.Model):
    """A role of a user in one city."""

    class Role(models.TextChoices):
        """What a member of staff may do, in one city."""

        OFFICER = "officer", _("officer")
        SUPERVISOR = "supervisor", _("supervisor")
        MODERATOR = "moderator", _("moderator")
        ANALYST = "analyst", _("analyst")
        COORDINATOR = "coordinator", _("coordinator")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    city = models.ForeignKey(City, models.CASCADE, related_name="memberships", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=12, choices=Role)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "city", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=["officer", "supervisor", "moderator", "analyst", "coordinator"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.city}"


ROLES: Final = PreparedQuery(lambda: Membership.objects.filter(user=given("user", "bigint")))
"""The roles of a person."""
KEEPERS = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR, Membership.Role.MODERATOR)
"""Roles that keep cards and texts in the administration."""
READERS = (Membership.Role.OFFICER, Membership.Role.SUPERVISOR)
"""Roles that read letters."""
