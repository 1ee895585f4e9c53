"""Questions and answers that everybody reads: a list, a map, a page each. Nothing of it is kept by caches."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appeals.models import Category, PublicQuestion
from appeals.models.publishing import ZOOM
from geo.cells import polygon_of
from geo.models import BoundaryEdition, City
from mapui.lists import page_of

OPEN, ANSWERED = "open", "answered"


class QuestionFilter(forms.Form):
    """Which questions are listed."""

    state = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("all")), (OPEN, _("waiting for an answer")), (ANSWERED, _("answered"))],
        required=False,
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(protected=False),
        to_field_name="slug",
        label=_("Category"),
        required=False,
        empty_label=_("all"),
    )
    cell = forms.IntegerField(min_value=0, max_value=4**ZOOM - 1, required=False, widget=forms.HiddenInput)


@require_safe
@never_cache
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, the latest question first, and the squares they lie in."""
    city = get_object_or_404(City.objects.served(), slug=slug)
    form = QuestionFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = PublicQuestion.objects.of_city(city)
    if chosen.get("state") == OPEN:
        found = found.open()
    elif chosen.get("state") == ANSWERED:
        found = found.answered()
    if chosen.get("category"):
        found = found.filter(category=chosen["category"])
    squares = _squares(found.exclude(cell=None).values_list("cell", flat=True), request)
    if chosen.get("cell") is not None:
        found = found.filter(cell=chosen["cell"])
    page = page_of(request, found.select_related("category", "district"), size=20)
    context = {
        "city": city,
        "form": form,
        "page": page,
        "is_filtered": any(value not in {None, ""} for value in chosen.values()),
        "squares": squares,
        "is_drawn": BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=city).exists(),
    }
    return _unlisted(render(request, "mapui/questions/list.html", context))


@require_safe
@never_cache
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question with its answer."""
    city = get_object_or_404(City.objects.served(), slug=slug)
    shown = get_object_or_404(PublicQuestion.objects.of_city(city).select_related("category", "district"), pk=pk)
    return _unlisted(render(request, "mapui/questions/one.html", {"city": city, "shown": shown}))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a page out of search engines and their copies: what its writer takes back would stay there."""
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _squares(cells: Any, request: HttpRequest) -> Mapping[str, Any]:
    """Return each square with the words that it is called by, and the address that lists what lies in it."""
    counts: dict[int, int] = {}
    for cell in cells:
        counts[cell] = counts.get(cell, 0) + 1
    others = request.GET.copy()
    for name in ("cell", "page"):
        others.pop(name, None)
    query = others.urlencode()
    features = [
        {
            "type": "Feature",
            "geometry": polygon_of(cell, ZOOM),
            "properties": {
                "n": n,
                "words": ngettext("%(n)s question", "%(n)s questions", n) % {"n": n},
                "address": f"?{query}&cell={cell}" if query else f"?cell={cell}",
            },
        }
        for cell, n in sorted(counts.items())
    ]
    return {"type": "FeatureCollection", "features": features}
