"""Tags of the pages about a city itself: stages, pages and settings by their names."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from geo.models import City
from mapui.deed_words import label_of
from people.models import PageVersion

register = template.Library()


@register.simple_tag
def stage_name(stage: str) -> str:
    """Return what a stage is called; what is no stage stays as it is."""
    return str(dict(City.Stage.choices).get(stage, stage))


@register.simple_tag
def page_name(kind: str) -> str:
    """Return what a page of text is called; what is no page stays as it is."""
    return str(dict(PageVersion.Kind.choices).get(kind, kind))


@register.simple_tag
def setting_names(changed: Mapping[str, Any]) -> str:
    """Return what the changed settings are called, with the new promise."""
    names = []
    for name, value in changed.items():
        if name == "promise":
            names.append(_("promise in working days: %(n)s") % {"n": value})
        else:
            names.append(label_of(City, name))
    return ", ".join(names)
