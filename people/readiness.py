"""What the opening kit asks of people: officers and their contacts, the staff with second factors, texts reviewed."""

import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.models import City
from geo.stages import Item, Need, Readiness
from people.findings import STALE_AFTER_DAYS, staffing, stale_before, stale_cards
from people.models import Membership, Officer, Posting, User
from people.pages import unread_pages
from people.phones import unchecked_lines, unchecked_stations
from people.second_factor import FACTORS

NAMED_MAX = 5
"""More districts are counted, not named."""


def officers_item(city: City, *, on: datetime.date) -> Item:
    """Say whether an officer or a substitute answers for every district on a local day."""
    districts = staffing(city, on)
    if not districts:
        return Item(Need.OFFICERS, Readiness.MISSING, _("There are no districts yet."))
    vacant = [each.district.code for each in districts if each.vacancy]
    if vacant:
        named = ", ".join(vacant[:NAMED_MAX]) + ("…" if len(vacant) > NAMED_MAX else "")
        told = ngettext(
            "In %(n)d district nobody answers today: %(named)s.",
            "In %(n)d districts nobody answers today: %(named)s.",
            len(vacant),
        )
        return Item(Need.OFFICERS, Readiness.MISSING, told % {"n": len(vacant), "named": named})
    told = ngettext(
        "An officer or a substitute answers today in %(n)d district, the only one.",
        "An officer or a substitute answers today in each of %(n)d districts.",
        len(districts),
    )
    return Item(Need.OFFICERS, Readiness.DONE, told % {"n": len(districts)})


def contacts_item(city: City, *, on: datetime.date) -> Item:
    """Say whether every card that is shown was checked within 90 days, and whether each has a phone or an e-mail."""
    posted = Officer.objects.filter(pk__in=Posting.objects.on(on).filter(officer__city=city).values("officer"))
    cards, stale = posted.count(), stale_cards(city, on=on).count()
    mute = posted.filter(phone="", email="").count()
    if not cards:
        return Item(Need.CONTACTS, Readiness.MISSING, _("No officer has a card yet."))
    if stale:
        told = ngettext(
            "%(n)d card was not checked for %(days)d days.", "%(n)d cards were not checked for %(days)d days.", stale
        )
        return Item(Need.CONTACTS, Readiness.MISSING, told % {"n": stale, "days": STALE_AFTER_DAYS})
    if mute:
        told = ngettext("%(n)d card has neither phone nor e-mail.", "%(n)d cards have neither phone nor e-mail.", mute)
        return Item(Need.CONTACTS, Readiness.WARNING, told % {"n": mute})
    silent = unchecked_stations(city, on=on).count()
    if silent:
        told = ngettext(
            "The phone of %(n)d station was not checked for %(days)d days.",
            "The phones of %(n)d stations were not checked for %(days)d days.",
            silent,
        )
        return Item(Need.CONTACTS, Readiness.WARNING, told % {"n": silent, "days": STALE_AFTER_DAYS})
    told = ngettext(
        "%(n)d card, checked within %(days)d days.", "%(n)d cards, each checked within %(days)d days.", cards
    )
    return Item(Need.CONTACTS, Readiness.DONE, told % {"n": cards, "days": STALE_AFTER_DAYS})


def staff_item(city: City) -> Item:
    """Say whether a moderator and a supervisor are named and have a second factor."""
    roles = (Membership.Role.SUPERVISOR, Membership.Role.MODERATOR)
    guarded = {role: _in_role(city, role).filter(Exists(_factors())).count() for role in roles}
    open_doors = _in_role(city, *roles).exclude(Exists(_factors())).count()
    lacking = [
        sentence
        for role, sentence in zip(
            roles, (_("No supervisor with a second factor."), _("No moderator with a second factor.")), strict=True
        )
        if not guarded[role]
    ]
    if lacking:
        return Item(Need.STAFF, Readiness.MISSING, " ".join(lacking))
    named = _("Supervisors: %(supervisors)d, moderators: %(moderators)d, with a second factor.") % {
        "supervisors": guarded[roles[0]], "moderators": guarded[roles[1]],
    }  # fmt: skip
    if open_doors:
        named += " " + ngettext(
            "%(n)d more has none yet: they cannot open anything.",
            "%(n)d more have none yet: they cannot open anything.",
            open_doors,
        ) % {"n": open_doors}
    return Item(Need.STAFF, Readiness.WARNING if open_doors else Readiness.DONE, named)


def texts_item(city: City, *, on: datetime.date) -> Item:
    """Say whether somebody read what the public reads within 90 days, and whether the help lines were checked.

    A page that reads otherwise since then is named: a person of the city or the site changed it, or a new release.
    """
    reviewed = city.texts_reviewed_on
    if reviewed is None:
        return Item(Need.TEXTS, Readiness.MISSING, _("Nobody has read the city's texts since they were changed."))
    facts: dict[str, str | int] = {"day": f"{reviewed:%d.%m.%Y}"}
    if changed := unread_pages(city):
        pages = ", ".join(f"«{kind.label}»" for kind in changed)
        told = _("Read on %(day)s; since then other words stand on: %(pages)s.") % (facts | {"pages": pages})
        return Item(Need.TEXTS, Readiness.MISSING, told)
    if reviewed < stale_before(on):
        return Item(Need.TEXTS, Readiness.MISSING, _("The texts were last read on %(day)s.") % facts)
    unchecked = unchecked_lines(city, on=on).count()
    if unchecked:
        told = ngettext(
            "Texts read on %(day)s. %(n)d help line was not checked for %(days)d days.",
            "Texts read on %(day)s. %(n)d help lines were not checked for %(days)d days.",
            unchecked,
        )
        return Item(Need.TEXTS, Readiness.WARNING, told % (facts | {"n": unchecked, "days": STALE_AFTER_DAYS}))
    if not city.name_en:
        return Item(Need.TEXTS, Readiness.WARNING, _("Texts read on %(day)s. The English name is missing.") % facts)
    return Item(Need.TEXTS, Readiness.DONE, _("Texts read on %(day)s.") % facts)


def _in_role(city: City, *roles: Membership.Role) -> QuerySet[User]:
    """Those who may sign in and hold one of the roles; an administrator's account is no city's."""
    held = Membership.objects.filter(city=city, role__in=roles)
    return User.objects.filter(Q(is_active=True, is_superuser=False), pk__in=held.values("user"))


def _factors() -> QuerySet[Authenticator]:
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return factors
