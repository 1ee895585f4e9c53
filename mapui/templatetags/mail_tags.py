"""The rows of mail that did not arrive: a template takes longest for what there are dozens of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.models import Notice
from geo.models import City
from mapui.templatetags.mapui_tags import icon

register = template.Library()

ROW = """
      <li class="undelivered__one">
        <div class="row">
          <h3>{title}</h3>
          <span class="tag tag--notice">{state}</span>
        </div>
        <p>{to_whom}</p>
        <p class="soft">{trouble}. {advice}</p>
        <div class="row">
          <form action="{again}{asked}" method="post">
            <input type="hidden" name="csrfmiddlewaretoken" value="{token}">
            <button class="button button--quiet" type="submit">{send}</button>
          </form>
          <span class="soft small">{settled} · {tries}</span>
        </div>
      </li>"""


@register.simple_tag(takes_context=True)
def undelivered_rows(context: RequestContext, city: City, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return each notice with what stood in its way and the button that sends it again."""
    send = format_html("{}{}", icon("send"), _("Send again"))
    asked = f"?{context['request'].GET.urlencode()}" if context["request"].GET else ""
    token = str(context["csrf_token"])
    return format_html_join(
        "",
        "{}",
        ((_row(city, row["notice"], may_read=row["may_read"], send=send, asked=asked, token=token),) for row in rows),
    )


def _row(city: City, notice: Notice, *, may_read: bool, send: SafeString, asked: str, token: str) -> SafeString:
    name = _("Notice %(number)s") % {"number": notice.pk}
    return format_html(
        ROW,
        title=_letter(city, notice.appeal.public_number) if may_read and notice.appeal else name,
        state=notice.get_state_display(),
        to_whom=_to_whom(notice),
        trouble=capfirst(notice.get_trouble_display()),
        advice=_advice(notice),
        again=reverse("staff_mail_again", args=[city.slug, notice.pk]),
        asked=asked,
        token=token,
        send=format_html('{}<span class="visually-hidden">: {}</span>', send, name),
        settled=f"{localtime(notice.settled_at):%d.%m.%Y %H:%M}" if notice.settled_at else "",
        tries=ngettext("%(n)s try", "%(n)s tries", notice.tries) % {"n": notice.tries},
    )


def _letter(city: City, number: str) -> SafeString:
    address = reverse("staff_appeal", args=[city.slug, number])
    return format_html('<a href="{}">{}</a>', address, _("Letter № %(number)s") % {"number": number})


def _to_whom(notice: Notice) -> str:
    told = {"name": notice.reader, "what": notice.get_kind_display()}
    if notice.reader:
        return _("To %(name)s: %(what)s.") % told
    return (_("To whoever reported a mistake: %(what)s.") if notice.report_id else _("To the writer: %(what)s.")) % told


def _advice(notice: Notice) -> str:
    if notice.state == Notice.State.UNKNOWN:
        return _("It is not known whether the mail arrived. Sent again, it may arrive twice.")
    if notice.side == Notice.Side.WRITER:
        return _("The writer does not know yet. Call if they let you; they also see the news with their code.")
    return ""
