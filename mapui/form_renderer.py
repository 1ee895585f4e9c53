"""How forms are drawn: as Django does, but for the widgets that pages are full of, which are put together in one go.

Django draws a field with two or three templates, and each option of a choice with two more: a choice of a hundred
districts takes longer than its page, and so do the fields of a card.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

REQUIRED = gettext_noop("This field is required.")
"""Django's own words, which in Ukrainian have a typewriter's apostrophe."""
_WIDGETS = "django/forms/widgets/{}.html"
SELECT, TEXTAREA = _WIDGETS.format("select"), _WIDGETS.format("textarea")
INPUTS = {
    _WIDGETS.format(kind)
    for kind in (
        "checkbox", "checkbox_option", "date", "datetime", "email", "file", "hidden", "number", "password",
        "radio_option", "search", "tel", "text", "time", "url",
    )
}  # fmt: skip


class LeanRenderer(DjangoTemplates):
    """Django's own renderer, with `<select>`, `<textarea>` and `<input>` written here. They say what Django's do."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return a widget as HTML."""
        if template_name == SELECT:
            return _select(context["widget"])
        if template_name in INPUTS and not context["widget"].get("wrap_label"):
            return _input(context["widget"])
        if template_name == TEXTAREA:
            return _textarea(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = [
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name else _options(options)
        for name, options, _index in widget["optgroups"]
    ]
    inside = format_html_join("", "{}", ((group,) for group in groups))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), inside)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes)


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    attributes = _attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or "")


def _options(options: Iterable[Mapping[str, Any]]) -> SafeString:
    return mark_safe("".join(_option(**each) for each in options))  # noqa: S308 - each part is escaped


def _option(*, value: Any, attrs: Mapping[str, Any], label: Any, **_more: Any) -> str:
    return f'<option value="{conditional_escape(str(value))}"{_attributes(attrs)}>{conditional_escape(label)}</option>'


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    told = (
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )
    return mark_safe("".join(told))  # noqa: S308 - each value is escaped; names are ours
