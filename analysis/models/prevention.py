"""What was done at a hotspot: the place in whole cells, and measures whose every version stays (docs/adr/0022)."""

import datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analysis.models.areas import STAYS
from appeals.models import Category, districts_open_to
from geo.models import City, District
from people.models import User

WORDS_MAX = 300
"""Characters of what is written about a measure, at most: what was done, no more."""
WORDS_GO_ONLY = (
    "IF NEW.text = '' AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL "
    "AND to_jsonb(OLD) - 'text' - 'erased_at' = to_jsonb(NEW) - 'text' - 'erased_at' THEN RETURN NEW; END IF; "
    "RAISE restrict_violation USING MESSAGE = 'what was written down stays; its words may be erased';"
)


class PreventionPlaceQuerySet(models.QuerySet["PreventionPlace"]):
    """Questions about places. Every list starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Places in the districts whose letters a user reads on a local day."""
        return self.filter(districts_open_to(user, on=on))


class PreventionPlace(models.Model):
    """A hotspot as it stood when something was first planned there: whole cells of one zoom, in Z-order numbers.

    Letters received from `first` to `last`, about `category` or about anything, made it a hotspot: its letters of those
    days are high because it was chosen for them.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("field", "district")
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city."))
    zoom = models.PositiveSmallIntegerField(_("zoom of the cells"))
    cells = ArrayField(models.BigIntegerField(), verbose_name=_("cells"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", null=True, verbose_name=_("category"))
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("at"))

    objects = PreventionPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of prevention")
        verbose_name_plural = _("places of prevention")
        ordering: ClassVar[list[Any]] = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="prevention_place_number_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="prevention_place_has_days"),
            models.CheckConstraint(condition=~Q(cells=[]), name="prevention_place_has_cells"),
        ]
        triggers = [pgtrigger.Protect(name="prevention_place_stays", operation=STAYS)]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.number}"

    @property
    def categories(self) -> tuple[str, ...]:
        """The key of its category; none means all."""
        return (self.category.slug,) if self.category else ()


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Questions about measures. Every list starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Measures in the districts whose letters a user reads on a local day."""
        return self.filter(districts_open_to(user, on=on, city="place__city", district="place__district"))

    def whole(self) -> Self:
        """Load their places, versions and comments with who wrote them."""
        places = self.select_related("place__city", "place__district", "place__category")
        return places.prefetch_related("versions__by", "comments__by")


class Measure(models.Model):
    """One deed of prevention at a place; what it is stands in its newest version. `key` comes from the form."""

    place = models.ForeignKey(PreventionPlace, models.PROTECT, related_name="measures", verbose_name=_("place"))
    key = models.UUIDField(unique=True, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of prevention")
        verbose_name_plural = _("measures of prevention")
        ordering: ClassVar[list[Any]] = ["pk"]
        triggers = [pgtrigger.Protect(name="measure_stays", operation=STAYS)]

    def __str__(self) -> str:
        return f"{self.place}: {self.pk}"

    @property
    def current(self) -> "MeasureVersion":
        """Its newest version; every measure has one."""
        return list(self.versions.all())[-1]


class MeasureVersion(models.Model):
    """What a measure is since it was recorded or changed: each change is another row, none is rewritten.

    `on` is the day on which it is planned or was done. Words may be erased, and nothing else.
    """

    class Kind(models.TextChoices):
        """What is done."""

        VISIT = "visit", _("visit to the place")
        LIGHT = "light", _("request for lighting")
        PATROL = "patrol", _("patrol")
        TALK = "talk", _("talk with people there")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned", _("planned")
        DONE = "done", _("done")
        WITHDRAWN = "withdrawn", _("withdrawn")

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions", verbose_name=_("measure"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("what"), max_length=6, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State)
    on = models.DateField(_("day"))
    text = models.CharField(_("words"), max_length=WORDS_MAX, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    erased_at = models.DateTimeField(_("words erased at"), null=True)

    class Meta:
        verbose_name = _("version of a measure")
        verbose_name_plural = _("versions of measures")
        ordering: ClassVar[list[Any]] = ["measure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="measure_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["visit", "light", "patrol", "talk", "other"]), name="measure_kind_known"
            ),
            models.CheckConstraint(condition=Q(state__in=["planned", "done", "withdrawn"]), name="measure_state_known"),
        ]
        triggers = [
            pgtrigger.Protect(name="measure_version_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="measure_version_words", when=pgtrigger.Before, operation=pgtrigger.Update, func=WORDS_GO_ONLY
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}.{self.number}: {self.kind}, {self.state}"


class MeasureComment(models.Model):
    """What somebody who reads a measure says to it. `key` comes from the form."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="comments", verbose_name=_("measure"))
    key = models.UUIDField(unique=True, editable=False)
    text = models.CharField(_("words"), max_length=WORDS_MAX, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    erased_at = models.DateTimeField(_("words erased at"), null=True)

    class Meta:
        verbose_name = _("comment on a measure")
        verbose_name_plural = _("comments on measures")
        ordering: ClassVar[list[Any]] = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="measure_comment_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="measure_comment_words", when=pgtrigger.Before, operation=pgtrigger.Update, func=WORDS_GO_ONLY
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.at:%Y-%m-%d %H:%M}"
