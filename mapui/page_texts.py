"""A page of text as everybody reads it: its facts, its HTML, its words about itself."""

from typing import Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext_lazy as _

from appeals.models import terms
from appeals.promises import promise_of
from geo.models import City
from mapui.context import of_letters
from mapui.markdown import as_html
from people.models import PageVersion
from people.pages import PageText

Kind = PageVersion.Kind


DESCRIPTIONS: Final[dict[PageVersion.Kind, Promise]] = {
    Kind.ABOUT: _("What this service is, who runs it, and where its data come from."),
    Kind.HOW: _("How to find the district police officer of a house, write to them and get an answer."),
    Kind.RIGHTS: _("What the law gives you: answers in time, respect for your data, protection at home."),
    Kind.HELP: _("Police, emergency and help lines, each with the day when its number was checked."),
    Kind.PRIVACY: _("What is kept about you, who sees it, for how long, and how to have it erased."),
}
FACTS: Final = {
    "promise": _("within how many working days a message is answered"),
    "kept": _("how long letters and contacts are kept: whole sentences"),
    "reports_kept": _("how long reports of mistakes and their e-mails are kept: whole sentences"),
    "openings_kept": _("for how many years it is written down who opened a letter"),
    "controller": _("who answers for the data: a whole sentence"),
}
"""What a page may say in braces, in the words of whoever edits it."""


def facts_of(city: City | None) -> dict[str, str]:
    """Return the facts that pages tell, as HTML in the language that is active."""
    days, years = promise_of(city), terms().openings_years
    return {
        "promise": _unbroken(ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}),
        "kept": render_to_string("mapui/letters/_kept.html", of_letters()).strip(),
        "reports_kept": render_to_string("mapui/letters/_kept_reports.html", of_letters()).strip(),
        "openings_kept": _unbroken(ngettext("%(n)d year", "%(n)d years", years) % {"n": years}),
        "controller": render_to_string("mapui/letters/_controller.html", of_letters()).strip(),
    }


def shown(text: PageText, city: City | None, language: str | None = None) -> dict[str, SafeString | str]:
    """Return the HTML of a page for a reader of a language (the one that is active), and the language it is in."""
    words, lang = text.in_language(language or get_language() or "uk")
    with override(lang):
        return {"html": as_html(words, facts_of(city)), "lang": lang}


def sides_of(text: PageText, city: City | None) -> list[dict[str, SafeString | str]]:
    """Return a page as readers of either language would read it: `for` says whose side it is."""
    return [shown(text, city, language) | {"for": language} for language in ("uk", "en")]


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")
