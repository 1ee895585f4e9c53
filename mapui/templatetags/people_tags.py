"""The rows of the staff of a city: a template takes longest for what there are dozens of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.models import Membership, User

register = template.Library()

ROW = """<tr>
<th scope="row"><p>{name}{me}{disabled}</p><p class="soft small member__email">{email}</p></th>
<td data-label="{roles_head}"><div>{roles}</div></td>
<td data-label="{signed_in_head}"><div>{signed_in}</div></td>
<td data-label="{guarded_head}"><div>{guarded}</div></td>
</tr>"""
LINK = '<a class="member" href="{}">{}</a>'
TAG = ' <span class="tag">{}</span>'
NOTICE = '<span class="tag tag--notice">{}</span>'


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff of a city, as `people.managing.staff_of` finds them, with their roles there."""

    person: User
    roles: Sequence[str]
    is_me: bool


@register.simple_tag
def member_rows(members: Iterable[Member], slug: str, *, may_manage: bool) -> SafeString:
    """Return rows of the staff of a city; whoever manages it finds the way to each person."""
    heads = {"roles_head": _("Roles"), "signed_in_head": _("Last sign-in"), "guarded_head": _("Second factor")}
    me = format_html(TAG, _("you"))
    disabled = format_html(" " + NOTICE, pgettext("account", "disabled"))
    never = format_html('<span class="soft">{}</span>', _("never yet"))
    guarded = pgettext("second factor", "yes"), format_html(NOTICE, pgettext("second factor", "not yet"))
    names = {role: str(label) for role, label in Membership.Role.choices}

    def row(member: Member) -> SafeString:
        person: Any = member.person
        link = format_html(LINK, reverse("staff_person", args=[slug, person.pk]), person) if may_manage else person
        signed_in = person.last_login and date_format(timezone.localtime(person.last_login), "d.m.Y H:i")
        return format_html(
            ROW,
            **heads,
            name=link,
            me=me if member.is_me else "",
            disabled="" if person.is_active else disabled,
            email=person.email,
            roles=", ".join(names[role] for role in member.roles),
            signed_in=signed_in or never,
            guarded=guarded[0] if person.is_guarded else guarded[1],
        )

    return format_html_join("\n", "{}", ((row(member),) for member in members))
