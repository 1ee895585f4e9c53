"""The rows of the list of phones: a template takes longest for what there are dozens of."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mapui.templatetags.mapui_tags import icon
from people.phones import Owner, Phone

register = template.Library()

ROW = """<tr>
<th scope="row"><p>{name}</p><p class="soft small phones__kind">{kind}</p></th>
<td data-label="{phone}"><div><a class="phones__number" href="{href}">{number}</a></div></td>
<td data-label="{checked}"><div>{day}{tag}</div></td>
<td class="phones__deed">
<form method="post" action="{action}">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="number" value="{number}">
<button class="button button--quiet" type="submit" name="phone" value="{key}">{button}\
<span class="visually-hidden">: {name}, {number}</span></button>
</form>
</td>
</tr>"""


@register.simple_tag(takes_context=True)
def phone_rows(context: Context, phones: Iterable[Phone], slug: str) -> SafeString:
    """Return rows of phones, each with whose it is, when it was checked, and the button that says so."""
    kinds = {Owner.CARD: _("officer's card"), Owner.STATION: _("police station"), Owner.LINE: _("help line")}
    never = format_html('<span class="soft">{}</span>', pgettext("phone", "never yet"))
    stale = format_html(' <span class="tag tag--notice">{}</span>', _("check it"))
    same: dict[str, Any] = {
        "phone": _("Phone"),
        "checked": pgettext("phone", "Checked"),
        "action": reverse("staff_phones_checked", args=[slug]),
        "token": context["csrf_token"],
        "button": format_html("{}{}", icon("phone"), _("Checked today")),
    }
    return format_html_join(
        "\n",
        "{}",
        (
            (
                format_html(
                    ROW,
                    name=phone.name,
                    kind=kinds[phone.owner],
                    href=_address(phone.number),
                    number=phone.number,
                    day=f"{phone.checked_on:%d.%m.%Y}" if phone.checked_on else never,
                    tag=stale if phone.is_stale else "",
                    key=phone.key,
                    **same,
                ),
            )
            for phone in phones
        ),
    )


def _address(number: str) -> str:
    return f"mailto:{number}" if "@" in number else f"tel:{number.replace(' ', '')}"
