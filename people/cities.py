"""Deeds on a city itself: adding one, changing what it says and how it looks, having read its texts. Each is written
down.
"""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from geo.cities import add_city
from geo.models import City
from geo.moments import local_day
from people.inviting import invite
from people.managing import Deed, record
from people.models import Invitation, Membership, User
from people.pages import pages_of
from people.photos import logo_picture
from people.rights import StaffDeedRefused, refuse_stranger

Role = Membership.Role
TEXTS: Final = ("name_uk", "name_en", "welcome_uk", "welcome_en")
SETTINGS: Final = (*TEXTS, "accent", "basemap_url", "basemap_attribution", "takes_letters", "data_licence")
"""What a coordinator changes of a city. Its slug is part of public addresses, its stage has a deed of its own."""


class NotAdministrator(StaffDeedRefused):
    """A city is added by an administrator alone: nobody coordinates what is not there yet."""


class NobodyReadsLetters(StaffDeedRefused):
    """The city has no supervisor, and the letters of a district without officer would reach nobody."""


@transaction.atomic
def add_city_with_coordinator(
    *,
    by: User,
    slug: str,
    name_uk: str,
    name_en: str,
    katottg: str,
    coordinator: str,
    email: str,
    at: datetime.datetime,
) -> tuple[Invitation, str]:
    """Add a city as a draft, and return the invitation of its first coordinator and the key of its link.

    Raises NotAdministrator, ValidationError (slug taken or reserved, code malformed), a StaffDeedRefused of `invite`.
    """
    if not (by.is_active and by.is_superuser):
        raise NotAdministrator(_("Only an administrator adds a city."))
    city = add_city(slug=slug, name_uk=name_uk, name_en=name_en, katottg=katottg)
    record(Deed.ADDED, by=by, whom=None, city=city, at=at, facts={"after": {"slug": slug, "name_uk": name_uk}})
    return invite(by=by, city=city, email=email, name=coordinator, roles=[Role.COORDINATOR], officer=None, at=at)


@transaction.atomic
def change_settings(*, by: User, city: City, changes: Mapping[str, Any], at: datetime.datetime) -> City:
    """Change settings of a city, `SETTINGS` by name; a changed text waits to be read again. Returns the city.

    Raises NotCoordinator, NobodyReadsLetters, ValidationError.
    """
    refuse_stranger(by=by, city=city)
    city = City.objects.select_for_update().get(pk=city.pk)
    new = {name: value for name, value in changes.items() if name in SETTINGS and value != getattr(city, name)}
    if not new:
        return city
    if new.get("takes_letters"):
        refuse_unread_letters(city)
    before = {name: getattr(city, name) for name in new}
    for name, value in new.items():
        setattr(city, name, value)
    if new.keys() & set(TEXTS):
        city.texts_reviewed_on = None
    city.full_clean()
    city.save(update_fields=[*new, "texts_reviewed_on"])
    record(Deed.SETTINGS, by=by, whom=None, city=city, at=at, facts={"before": before, "after": new})
    return city


@transaction.atomic
def change_logo(*, by: User, city: City, upload: File[bytes] | None, at: datetime.datetime) -> City:
    """Give a city a logo, drawn anew, or (None) take it away. Returns the city. Raises NotCoordinator, PhotoRefused."""
    refuse_stranger(by=by, city=city)
    city = City.objects.select_for_update().get(pk=city.pk)
    before, storage = city.logo.name, city.logo.storage
    if upload:
        picture = logo_picture(upload)
        city.logo.save(str(picture.name), picture, save=False)
    elif before:
        city.logo = ""
    else:
        return city
    city.save(update_fields=["logo"])
    record(
        Deed.SETTINGS,
        by=by,
        whom=None,
        city=city,
        at=at,
        facts={"before": {"logo": before}, "after": {"logo": city.logo.name}},
    )
    if before:
        transaction.on_commit(lambda: storage.delete(before))
    return city


@transaction.atomic
def review_texts(*, by: User, city: City, at: datetime.datetime) -> None:
    """Write down that a person has read today all that the public reads about the city. Raises NotCoordinator."""
    refuse_stranger(by=by, city=city)
    read = {page.kind.value: page.digest for page in pages_of(city)}
    City.objects.filter(pk=city.pk).update(texts_reviewed_on=local_day(at), texts_read=read)
    record(Deed.REVIEWED, by=by, whom=None, city=city, at=at)


def refuse_unread_letters(city: City) -> None:
    """Raise NobodyReadsLetters where no supervisor signs in: theirs are the letters of a district without officer."""
    supervisors = Membership.objects.filter(
        city=city.pk, role=Role.SUPERVISOR, user__is_active=True, user__is_superuser=False
    )
    if not supervisors.exists():
        raise NobodyReadsLetters(
            _("Invite a supervisor first: they answer the letters to districts that have no officer.")
        )
