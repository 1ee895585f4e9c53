"""The rows of a moderator's two queues: a template takes longest for what there are two dozen of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from appeals.models import Appeal
from geo.models import City
from mapui.templatetags.mapui_tags import whole

register = template.Library()


@register.simple_tag
def rows_to_publish(rows: Iterable[Mapping[str, Any]], *, city: City, kept: str, done: bool) -> SafeString:
    """Return letters with where each stands on its way to the site; `kept` is what their links keep of the address."""
    consent, tag = _("consent of %(day)s"), "tag" if done else "tag tag--notice"
    return _rows(
        (
            _link("staff_to_publish", letter, city=city, kept=kept),
            format_html(' <span class="{}">{}</span>', tag, each["stands"]),
            [*_about(letter), consent % {"day": f"{localtime(letter.may_publish_since):%d.%m.%Y}"}],
        )
        for each in rows
        for letter in [each["letter"]]
    )


@register.simple_tag
def suspected_rows(letters: Iterable[Appeal], *, city: City, kept: str, done: bool) -> SafeString:
    """Return letters that are suspected spam, with the moment since when."""
    set_aside, due = _("set aside on %(day)s"), _("answer due on %(day)s")

    def words(letter: Appeal) -> Iterator[str]:
        yield from _about(letter)
        assert letter.suspected_at  # noqa: S101
        yield set_aside % {"day": f"{localtime(letter.suspected_at):%d.%m.%Y %H:%M}"}
        if not done:
            yield due % {"day": f"{letter.answer_due_on:%d.%m.%Y}"}

    return _rows((_link("staff_suspect", each, city=city, kept=kept), "", words(each)) for each in letters)


def _rows(rows: Iterable[tuple[SafeString, SafeString | str, Iterable[str]]]) -> SafeString:
    return format_html_join(
        "",
        '<li class="questions__one surface"><p class="row">{}{}</p><p class="small soft">{}</p></li>',
        (
            (link, tag, format_html_join(mark_safe("\N{NO-BREAK SPACE}· "), "{}", ((one,) for one in words)))
            for link, tag, words in rows
        ),
    )


def _link(name: str, letter: Appeal, *, city: City, kept: str) -> SafeString:
    number = letter.public_number
    words = _("Letter № %(number)s") % {"number": number}
    return format_html('<a href="{}{}">{}</a>', reverse(name, args=[city.slug, number]), kept, words)


def _about(letter: Appeal) -> tuple[str, str]:
    return letter.category.name, whole(letter.district.name)
