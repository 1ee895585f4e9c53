"""Every page of the staff, who reads it, and where it finds something of a city to show.

`tests/project/test_staff_pages.py` keeps the table whole: a page that has no row in it fails the build.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.urls import reverse

from analysis.models import Measure, PreventionPlace, Report
from appeals.access import as_task
from appeals.models import Appeal, Holiday, MovedDay
from appeals.workflow import OPEN_STATES
from geo.models import BoundaryEdition, City
from people.models import HelpLine, Leave, PageVersion, Proposal, User

READERS = ("officer", "supervisor", "moderator", "coordinator", "superuser")
"""Whose eyes the pages are seen by: of the roles that open a page, the one for whom there is most to show."""
Row = TypeVar("Row", bound=Model)
Parts = Callable[[City], dict[str, Any]]


def _city(city: City) -> dict[str, Any]:
    return {"slug": city.slug}


def _nothing(_city: City) -> dict[str, Any]:
    return {}


def _letter(city: City) -> dict[str, Any]:
    """The first that waits: most of what a letter's page shows is of use for those."""
    return {"slug": city.slug, "number": _first(_letters(city).filter(state__in=OPEN_STATES)).public_number}


def _photo(city: City) -> dict[str, Any]:
    shown = _first(_letters(city).filter(photos__isnull=False))
    return {"slug": city.slug, "number": shown.public_number, "photo": shown.photos.earliest("pk").pk}


def _letters(city: City) -> "QuerySet[Appeal]":
    """The first letters of a district whose officer signs in."""
    signs_in = city.officers.exclude(user=None).values("postings__district")
    return Appeal.objects.filter(city=city, district__in=signs_in, recused_officer=None).order_by("pk")


def _place(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "number": _first(PreventionPlace.objects.filter(city=city).order_by("pk")).number}


def _measure(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(Measure.objects.filter(place__city=city).order_by("pk")).pk}


def _person(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(User.objects.filter(memberships__city=city).order_by("pk")).pk}


def _public(city: City) -> dict[str, Any]:
    may = Appeal.objects.filter(city=city, may_publish_since__isnull=False).order_by("pk")
    return {"slug": city.slug, "number": _first(may).public_number}


def _suspect(city: City) -> dict[str, Any]:
    spam = Appeal.objects.filter(city=city, state="spam", protected=False).order_by("pk")
    return {"slug": city.slug, "number": _first(spam).public_number}


def _report(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(Report.objects.filter(city=city, district=None).order_by("pk")).pk}


def _card(city: City) -> dict[str, Any]:
    """The card of an officer who signs in."""
    card = _first(city.officers.exclude(user=None).order_by("pk"))
    return {"slug": city.slug, "kind": "officer", "pk": card.pk}


def _mistake(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(city.card_reports.order_by("pk")).pk}


def _change(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(Proposal.objects.waiting().filter(city=city).order_by("pk")).pk}


def _leave(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(Leave.objects.filter(officer__city=city).order_by("pk")).pk}


def _version(city: City) -> dict[str, Any]:
    found = _first(PageVersion.objects.filter(city=city).order_by("-pk"))
    return {"slug": city.slug, "kind": found.kind, "number": found.number}


def _line(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(HelpLine.objects.filter(city=city).order_by("pk")).pk}


def _day_off(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(Holiday.objects.filter(city=city).order_by("pk")).pk}


def _day_moved(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "pk": _first(MovedDay.objects.filter(city=city).order_by("pk")).pk}


def _edition(city: City) -> dict[str, Any]:
    return {"slug": city.slug, "number": _first(BoundaryEdition.objects.filter(city=city).order_by("number")).number}


def _with(**more: str) -> Parts:
    return lambda city: {"slug": city.slug, **more}


def _first(rows: "QuerySet[Row]") -> Row:
    return rows[:1].get()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, its reader, its parts of a city, its query. A file grows with what it holds: no limit then."""

    name: str
    reader: str
    parts: Parts = _city
    query: str = ""
    is_file: bool = False

    @property
    def title(self) -> str:
        """What its figures are called."""
        return "_".join(
            [
                self.name.removeprefix("staff_").replace(":", "_").removesuffix("_changelist"),
                *filter(None, [self.query.partition("=")[2]]),
                self.reader,
            ]
        )

    def path(self, city: City) -> str:
        """Its address, of the first thing of a city that it can show."""
        with as_task("staff pages"):
            parts = self.parts(city)
        return reverse(self.name, kwargs=parts) + (f"?{self.query}" if self.query else "")


PAGES = (
    Page("staff_home", "officer", _nothing),
    Page("staff_home", "supervisor", _nothing),
    Page("staff_home", "superuser", _nothing),
    # --- letters --------------------------------------------------------------------------------------------
    Page("staff_appeals", "officer"),
    Page("staff_appeals", "supervisor"),
    Page("staff_appeals", "supervisor", query="state=answered"),
    Page("staff_appeal", "officer", _letter),
    Page("staff_appeal", "supervisor", _letter),
    Page("staff_appeal_photo", "officer", _photo, is_file=True),
    Page("staff_appeal_enter", "officer"),
    Page("staff_openings", "supervisor"),
    Page("staff_open_for_reason", "superuser"),
    # --- the supervisor's view ------------------------------------------------------------------------------
    Page("staff_board", "supervisor"),
    Page("staff_reassign", "supervisor"),
    Page("staff_statistics", "supervisor"),
    Page("staff_leaves", "supervisor"),
    Page("staff_leave_new", "supervisor"),
    Page("staff_leave", "supervisor", _leave),
    Page("staff_reports", "officer"),
    Page("staff_reports", "supervisor"),
    Page("staff_report", "supervisor", _report),
    Page("staff_report_print", "supervisor", _report),
    Page("staff_report_pdf", "supervisor", _report, is_file=True),
    # --- what the public may read ---------------------------------------------------------------------------
    Page("staff_moderation", "moderator"),
    Page("staff_to_publish", "moderator", _public),
    Page("staff_spam", "moderator"),
    Page("staff_suspect", "moderator", _suspect),
    # --- what it all shows ----------------------------------------------------------------------------------
    Page("staff_heatmap", "officer"),
    Page("staff_heatmap", "supervisor"),
    Page("staff_prevention", "officer"),
    Page("staff_prevention", "supervisor"),
    Page("staff_measure", "supervisor", _measure),
    Page("staff_measure_new", "officer"),
    Page("staff_place_measure", "officer", _place),
    Page("staff_exports", "supervisor"),
    Page("staff_exports_log", "supervisor"),
    # --- a city's people and territory ----------------------------------------------------------------------
    Page("staff_add_city", "superuser", _nothing),
    Page("staff_opening", "coordinator"),
    Page("staff_city", "coordinator"),
    Page("staff_days", "coordinator"),
    Page("staff_day_off_new", "coordinator"),
    Page("staff_day_off", "coordinator", _day_off),
    Page("staff_day_moved_new", "coordinator"),
    Page("staff_day_moved", "coordinator", _day_moved),
    Page("staff_pages", "coordinator"),
    Page("staff_page", "coordinator", _with(kind="about")),
    Page("staff_page_version", "coordinator", _version),
    Page("staff_phones", "coordinator"),
    Page("staff_line_new", "coordinator"),
    Page("staff_line", "coordinator", _line),
    Page("staff_training", "coordinator"),
    Page("staff_mail", "supervisor"),
    Page("staff_mail", "coordinator"),
    Page("staff_people", "coordinator"),
    Page("staff_deeds", "coordinator"),
    Page("staff_person", "coordinator", _person),
    Page("staff_changes", "coordinator"),
    Page("staff_changes", "officer"),
    Page("staff_change", "coordinator", _change),
    Page("staff_cards", "moderator"),
    Page("staff_mistakes", "moderator"),
    Page("staff_mistake", "moderator", _mistake),
    Page("staff_card", "coordinator", _card),
    Page("staff_card_history", "coordinator", _card),
    Page("staff_officers", "coordinator"),
    Page("staff_officers_workbook", "coordinator", _with(name="officers"), is_file=True),
    Page("staff_addresses", "coordinator"),
    Page("staff_boundaries", "coordinator"),
    Page("staff_boundaries_upload", "coordinator"),
    Page("staff_outline", "coordinator"),
    Page("staff_boundary_report", "coordinator", _edition),
    Page("staff_boundary_report_json", "coordinator", _edition, is_file=True),
    Page("staff_boundary_streets", "coordinator", is_file=True),
    Page("staff_boundary_districts", "coordinator", _edition, is_file=True),
    Page("staff_boundary_findings", "coordinator", _edition, is_file=True),
    Page("staff_boundary_exact", "coordinator", _edition, is_file=True),
    Page("staff_boundary_edit", "coordinator", _edition),
    Page("staff_territories", "coordinator"),
    Page("staff_territory_report", "coordinator"),
    Page("staff_territory_bring", "coordinator"),
    Page("staff_territory_draft", "coordinator"),
    Page("staff_territory_streets", "coordinator", is_file=True),
)
ADMINISTRATION = tuple(
    Page(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", "superuser", _nothing)
    for model in admin.site._registry
)
"""The list of everything that the administration keeps."""
LEADS_ON = ("staff_export", "staff_territory_preview")
"""Addresses that show nothing of their own when they are opened, and lead on to another."""


def city_pages(city: City) -> dict[Page, str]:
    """Return every page with its address in a city."""
    return {page: page.path(city) for page in (*PAGES, *ADMINISTRATION)}
