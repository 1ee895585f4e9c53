"""What the opening kit asks of people: officers and their contacts, the staff with second factors, texts reviewed."""

import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.models import City
from geo.prepared_queries import PreparedQuery, given
from geo.stages import Item, Need, Readiness
from people.findings import STALE_AFTER_DAYS, served, stale_before
from people.models import Membership, Officer, Posting
from people.pages import unread_pages
from people.phones import SILENT_STATIONS, STALE_CARDS, unchecked_lines, unchecked_of
from people.second_factor import FACTORS

NAMED_MAX = 5
"""More districts are counted, not named."""


POSTED: Final = PreparedQuery(
    lambda: (
        Officer.objects.filter(
            pk__in=Posting.objects.on(given("on", "date"))
            .filter(officer__city=given("city", "bigint"))
            .values("officer")
        )
        .order_by()
        .values("city")
        .annotate(cards=Count("pk"), mute=Count("pk", filter=Q(phone="", email="")))
        .values_list("cards", "mute")
    )
)
"""How many officers of a city are posted on a day, and how many of their cards have neither phone nor e-mail."""
HELD: Final = PreparedQuery(
    lambda: (
        Membership.objects.filter(
            city=given("city", "bigint"),
            role__in=[Membership.Role.SUPERVISOR, Membership.Role.MODERATOR],
            user__is_active=True,
            user__is_superuser=False,
        )
        .order_by()
        .values_list("user", "role", Exists(Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)))
    )
)
"""Who may sign in and holds which role, and whether with a second factor; an administrator's account is no city's."""


def officers_item(city: City, *, on: datetime.date) -> Item:
    """Say whether an officer or a substitute answers for every district on a local day."""
    districts = served(city, on)
    if not districts:
        return Item(Need.OFFICERS, Readiness.MISSING, _("There are no districts yet."))
    vacant = [each.code for each in districts if not each.is_served]
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
    cards, mute = next(iter(POSTED.rows(city=city.pk, on=on)), (0, 0))
    stale = unchecked_of(STALE_CARDS, city, on=on)
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
    silent = unchecked_of(SILENT_STATIONS, city, on=on)
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
    held = HELD.rows(city=city.pk)
    guarded = {role: sum(one == role and has_factor for _user, one, has_factor in held) for role in roles}
    open_doors = len({user for user, _role, has_factor in held if not has_factor})
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
        told = (
            _("Read on %(day)s; since then other words stand on: %(pages)s.")
            if city.texts_read
            else _("Read on %(day)s. Nobody knows how the pages of text read then: read them once more.")
        )
        return Item(Need.TEXTS, Readiness.MISSING, told % (facts | {"pages": pages}))
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
