"""The rows of who answers for which district: a template takes longest for what there are dozens of."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from geo.models import City
from mapui.templatetags.mapui_tags import icon
from people.findings import Staffing, Vacancy
from people.models import Posting
from people.phones import as_people_write

register = template.Library()

ROW = """<tr{vacant}>
<th scope="row"><span class="staffing__code">{code}</span> {name}</th>
<td data-label="{answers}"><div>{nobody}{answering}{away}</div></td>
<td data-label="{phone}"><div>{phones}</div></td>
<td data-label="{checked}"><div>{days}{stale}</div></td>
</tr>"""
CARD = '<a href="{}">{}</a>'
NOBODY = '<p class="staffing__nobody">{}{}</p>'
ANSWERING, AWAY = "<p>{}{}</p>", '<p class="soft small">{}{}</p>'
SHOWN = '<p class="staffing__phone">{}</p>'
NOTHING = mark_safe('<p class="soft">—</p>')


@register.simple_tag
def staffing_rows(rows: Iterable[Staffing], city: City) -> SafeString:
    """Return rows of districts, each with who answers, who is away, their phones and when their cards were checked."""
    heads = {"answers": _("Answers today"), "phone": _("Phone"), "checked": _("Card checked")}
    acting = format_html(' <span class="tag">{}</span>', _("acting"))
    away = format_html(' <span class="tag tag--notice">{}</span>', _("away"))
    stale = format_html('<p><span class="tag tag--notice">{}</span></p>', _("long ago"))
    nobody = {
        None: "",
        Vacancy.NOBODY: format_html(NOBODY, icon("user-x"), _("Nobody: the duty station is shown")),
        Vacancy.ON_LEAVE: format_html(NOBODY, icon("user-x"), _("Nobody acts: the duty station is shown")),
    }

    def named(posting: Posting) -> SafeString | str:
        officer = posting.officer
        if city.is_copy:
            return officer.name
        return format_html(CARD, reverse("staff_card", args=[city.slug, "officer", officer.pk]), officer.name)

    def row(each: Staffing) -> SafeString:
        postings = each.answering
        return format_html(
            ROW,
            **heads,
            vacant=mark_safe(' class="staffing__vacant"') if each.vacancy else "",
            code=each.district.code,
            name=each.district.name,
            nobody=nobody[each.vacancy],
            answering=format_html_join(
                "", ANSWERING, ((named(one), acting if one.role == Posting.Role.ACTING else "") for one in postings)
            ),
            away=format_html_join("", AWAY, ((named(one), away) for one in each.away)),
            phones=format_html_join("", SHOWN, ((_contact(one),) for one in postings)) or NOTHING,
            days=format_html_join("", SHOWN, ((f"{one.officer.checked_on:%d.%m.%Y}",) for one in postings)) or NOTHING,
            stale=stale if each.stale else "",
        )

    return format_html_join("\n", "{}", ((row(each),) for each in rows))


def _contact(posting: Posting) -> str:
    phone: str = posting.phone  # type: ignore[attr-defined] # told by `staffing`
    return as_people_write(phone) if phone else posting.officer.email
