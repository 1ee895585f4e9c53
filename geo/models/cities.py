"""The city: the tenant that has districts, staff and texts of its own."""

import datetime
from collections.abc import Sequence
from typing import Self

from django.contrib.gis.db import models
from django.contrib.gis.db.models import Extent
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.basemaps import refuse_basemap
from geo.labels import RESERVED_SLUGS
from geo.models.constraints import ValidGeometry
from geo.names import in_current_language
from geo.stages import Stage as KnownStage


class CityQuerySet(models.QuerySet["City"]):
    """Questions about cities. Those that every page asks leave out the outline, tens of kilobytes a city."""

    def served(self) -> Self:
        """Cities that the public may look up: in stage pilot or open."""
        return self.filter(stage__in=City.SERVED_STAGES).defer("outline")

    def visible_on_site(self) -> Self:
        """Cities that have a page: those served, and those in training (marked as such). No training copy has one."""
        return self.filter(stage__in=City.PAGE_STAGES, copy_of=None).defer("outline")

    def with_office(self) -> Self:
        """Cities whose staff work with letters here: those that have a page, training copies, and closed ones.

        A writer may ask again or reopen a letter after its city has closed: somebody has to read that.
        """
        return self.filter(stage__in=City.OFFICE_STAGES).defer("outline")


class City(models.Model):
    """A city or community (громада) with its own districts.

    `outline` is the city's own border in EPSG:4326, where it is known; the districts may be checked against it.
    """

    class Stage(models.TextChoices):
        """How far the city has come; the public sees `pilot` and `open`."""

        DRAFT = "draft", _("draft")
        TRAINING = "training", _("training")
        PILOT = "pilot", _("pilot")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Accent(models.TextChoices):
        """The city's colour: one of a few whose contrast is checked in both schemes (tests/mapui/test_accents.py)."""

        TEAL = "teal", pgettext_lazy("colour", "teal")
        BLUE = "blue", pgettext_lazy("colour", "blue")
        VIOLET = "violet", pgettext_lazy("colour", "violet")
        GREEN = "green", pgettext_lazy("colour", "green")

    SERVED_STAGES = (Stage.PILOT, Stage.OPEN)
    PAGE_STAGES = (*SERVED_STAGES, Stage.TRAINING)
    OFFICE_STAGES = (*PAGE_STAGES, Stage.CLOSED)

    slug = models.SlugField(_("address part"), max_length=50, unique=True)
    katottg = models.CharField(
        _("KATOTTG code"),
        max_length=19,
        blank=True,
        validators=[RegexValidator(r"^UA\d{17}$", _("A KATOTTG code is UA and 17 digits."))],
    )
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    outline = models.MultiPolygonField(_("outline"), srid=4326, null=True, blank=True)

    takes_letters = models.BooleanField(
        _("takes letters"),
        default=False,
        help_text=_(
            "Switch on when the officers and a supervisor of the city sign in here and answer. A training city takes "
            "letters anyway: they reach those who train."
        ),
    )

    welcome_uk = models.TextField(
        _("welcome in Ukrainian"), max_length=600, blank=True, help_text=_("Stands on the city's page, as plain text.")
    )
    welcome_en = models.TextField(_("welcome in English"), max_length=600, blank=True)
    accent = models.CharField(_("colour"), max_length=6, choices=Accent, default=Accent.TEAL)
    logo = models.ImageField(_("logo"), upload_to="logos", blank=True, editable=False)
    basemap_url = models.CharField(
        _("address of the map's tiles"), max_length=300, blank=True, validators=[refuse_basemap],
        help_text=_("Empty: the map of the site. With {z}, {x} and {y}, from a host that the operator allows."),
    )  # fmt: skip
    basemap_attribution = models.CharField(
        _("whose map it is"), max_length=200, blank=True,
        help_text=_("Stands in the corner of the map, as its licence asks: [© OpenStreetMap](https://…)."),
    )  # fmt: skip
    texts_reviewed_on = models.DateField(
        _("texts read on"), null=True, blank=True, editable=False,
        help_text=_("When somebody last read all that the public reads about this city; empty once a text changes."),
    )  # fmt: skip
    texts_read = models.JSONField(default=dict, editable=False)
    """By page of text, a digest of what was read on that day: `people.pages.unread_pages` compares them."""
    copy_of = models.OneToOneField(
        "self", models.PROTECT, related_name="training_copy", null=True, blank=True, editable=False,
        verbose_name=_("training copy of"),
    )  # fmt: skip
    """A training copy is for exercises for ever: no page, no statistics, no mail (docs/adr/0025)."""

    data_licence = models.CharField(
        _("licence of released numbers"),
        max_length=200,
        default="CC-BY-4.0",
        help_text=_(
            "Under which terms exported release areas and hotspots may be used: an SPDX identifier or the city's own "
            "words. Every file says it. The city decides."
        ),
    )

    gazetteer_version = models.PositiveIntegerField(default=0, editable=False)
    """Counts up whenever a name in the gazetteer changes (triggers on its tables)."""
    houses_version = models.PositiveIntegerField(default=0, editable=False)
    """Counts up whenever a house changes."""

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name_uk", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["katottg"], condition=~Q(katottg="") & ~Q(stage="training"), name="city_katottg_once"
            ),
            ValidGeometry(field="outline", name="city_outline_valid"),
            models.CheckConstraint(condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="city_slug_not_reserved"),
            models.CheckConstraint(condition=Q(stage__in=[each.value for each in KnownStage]), name="city_stage_known"),
            models.CheckConstraint(
                condition=Q(copy_of=None) | Q(stage="training"), name="training_copy_stays_in_training"
            ),
            models.CheckConstraint(
                condition=Q(basemap_url="") | ~Q(basemap_attribution=""),
                name="city_basemap_is_attributed",
                violation_error_message=_("Say whose map it is: its licence asks for it."),
            ),
            models.CheckConstraint(
                condition=Q(accent__in=["teal", "blue", "violet", "green"]), name="city_accent_known"
            ),
        ]

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Say in words of people what is there already."""
        if tuple(unique_check) == ("slug",):
            return ValidationError(_("There is a city with this part of the address already."), code="unique")
        return super().unique_error_message(model_class, unique_check)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def welcome(self) -> str:
        """The city's own words on its page, in the language that is active; empty without any."""
        return in_current_language(self.welcome_uk, self.welcome_en)

    @property
    def is_copy(self) -> bool:
        """Whether the city is a training copy of another one: nothing of it leaves the staff's pages."""
        return self.copy_of_id is not None

    def bounds(self, at: datetime.datetime) -> tuple[float, float, float, float] | None:
        """(west, south, east, north) in degrees: of the outline, else of the edition in force; None without either."""
        extent: tuple[float, float, float, float] | None
        if self.outline:
            extent = self.outline.extent
        else:
            in_force = self.editions.filter(periods__period__contains=at)
            extent = in_force.aggregate(extent=Extent("boundaries__boundary"))["extent"]
        if extent is None:
            return None
        west, south, east, north = (round(value, 6) for value in extent)
        return west, south, east, north

    @property
    def is_training(self) -> bool:
        """Whether the city is for exercises only: whoever trains there reads its letters."""
        return self.stage == self.Stage.TRAINING
