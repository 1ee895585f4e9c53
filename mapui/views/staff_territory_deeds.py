"""What a coordinator decides on the list of streets in force: corrections on record, and an earlier list back."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from geo.models import City, TerritoryList
from geo.territories.correcting import Bound, Correction, correct_territories, put_back
from geo.territories.matching import Matcher
from geo.territories.recording import ListRefused
from mapui.permissions import staff_of_city
from mapui.territory_words import Told
from mapui.views.staff_boundaries import CHANGE, actor
from mapui.views.staff_territories import checked, newest_list, render_report


class ReasonForm(forms.Form):
    """Why something is decided."""

    reason = forms.CharField(max_length=500)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def resolve(request: HttpRequest, city: City) -> HttpResponse:
    """Save the decisions that were gathered on a page of the report."""
    current = newest_list(city)
    if current is None or str(current.number) != request.POST.get("after"):
        messages.error(request, _changed(current))
        return redirect("staff_territory_report", city.slug)
    now = timezone.now()
    facts, told = checked(current, now=now)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    corrections = _decisions(Matcher(city), told, request.POST)
    problems = [one.problem for one in told if one.problem]
    if not reason:
        problems.append(_("Say why: it stays on record with your name."))
    if not corrections and not problems:
        problems.append(_("Nothing was decided."))
    if problems:
        return render_report(request, current, facts, told, reason=reason, problems=problems, status=422)
    try:
        made = correct_territories(current=current, corrections=corrections, reason=reason, at=now, by=actor(request))
    except ListRefused as refusal:
        messages.error(request, str(refusal))
    else:
        count = len(corrections)
        messages.success(
            request,
            ngettext(
                "List № %(number)d is in force: %(count)d decision.",
                "List № %(number)d is in force: %(count)d decisions.",
                count,
            )
            % {"number": made.number, "count": count},
        )
    section = request.POST.get("section", "")
    return redirect(reverse("staff_territory_report", args=[city.slug]) + (f"?section={section}" if section else ""))


def _decisions(matcher: Matcher, told: list[Told], posted: QueryDict) -> list[Correction]:
    """Read what was decided on each matter; what cannot be followed is told beside it."""
    made: list[Correction] = []
    for one in told:
        one.do = posted.get(f"do-{one.key}", "")
        one.other = posted.get(f"other-{one.key}", "").strip()
        one.named_houses = posted.get(f"houses-{one.key}", "").strip()
        if one.binds and (name := one.other or one.do):
            if street := matcher.labelled(name):
                made.append(Bound(*one.first.named, street))
            else:
                one.problem = _("“%(name)s” is no street of the gazetteer.") % {"name": name}
        elif one.gives_houses and one.do:
            given = one.given(one.do)
            if one.do not in one.districts:
                one.problem = _("There is no district %(code)s.") % {"code": one.do}
            elif given.houses.unread or not given.houses.ranges:
                one.problem = _("This is no list of houses: “%(text)s”.") % {"text": one.named_houses}
            else:
                made.append(given)
    return made


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def back(request: HttpRequest, city: City) -> HttpResponse:
    """Put an earlier list in force again."""
    current = newest_list(city)
    number, after = (request.POST.get(name, "") for name in ("number", "after"))
    if current is None or str(current.number) != after:
        messages.error(request, _changed(current))
        return redirect("staff_territories", city.slug)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it stays on record with your name."))
        return redirect("staff_territories", city.slug)
    earlier = next((one for one in TerritoryList.objects.filter(city=city)[1:] if str(one.number) == number), None)
    if earlier is None:
        raise Http404
    try:
        made = put_back(
            earlier=earlier,
            current=current,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
            by=actor(request),
        )
    except ListRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("List № %(number)d is in force: it says what № %(earlier)d said.")
            % {"number": made.number, "earlier": earlier.number},
        )
    return redirect("staff_territories", city.slug)


def _changed(current: TerritoryList | None) -> str:
    """Why nothing was saved: somebody else did, or a button was pressed twice."""
    if current is None:
        return _("No list is in force.")
    return _("List № %(number)d is in force now, recorded by %(who)s. Look at it before you decide.") % {
        "number": current.number,
        "who": current.recorded_by,
    }
