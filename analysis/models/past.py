"""How well a city's past told its future: computed now and then, kept with the day and the parameters."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import City


class PastEvaluationQuerySet(models.QuerySet["PastEvaluation"]):
    """Questions about evaluations."""

    def latest_first(self) -> Self:
        """The newest one first."""
        return self.order_by("-evaluated_at", "-pk")


class PastEvaluation(models.Model):
    """One evaluation of a city's own letters: squares marked before each week, and where its letters fell.

    `first` and `last` are the days of the weeks that were foretold; `figures` hold what each method reached, with
    intervals and parameters. Letters kept from anybody are not in it (docs/adr/0022).
    """

    class Verdict(models.TextChoices):
        """Whether anything can be told."""

        SHORT = "short", _("too short a past to tell")
        FEW = "few", _("too few letters to tell")
        TOLD = "told", _("told")

    city = models.ForeignKey(City, models.CASCADE, related_name="past_evaluations", verbose_name=_("city"))
    evaluated_at = models.DateTimeField(_("evaluated at"))
    verdict = models.CharField(_("verdict"), max_length=5, choices=Verdict)
    first = models.DateField(_("first day"), null=True)
    last = models.DateField(_("last day"))
    train_weeks = models.PositiveIntegerField(_("weeks before, at least"), default=0)
    letters = models.PositiveIntegerField(_("letters"), default=0)
    squares = models.PositiveIntegerField(_("squares"), default=0)
    marked = models.PositiveIntegerField(_("squares marked"), default=0)
    side_m = models.FloatField(_("side of a square, metres"), default=0)
    figures = models.JSONField(_("figures"), default=list)
    parameters = models.JSONField(_("parameters"), default=dict)

    objects = PastEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation of the past")
        verbose_name_plural = _("evaluations of the past")
        ordering: ClassVar[list[Any]] = ["city", "-evaluated_at"]
        constraints = [
            models.UniqueConstraint(fields=["city", "last"], name="past_evaluated_once"),
            models.CheckConstraint(condition=Q(verdict__in=["short", "few", "told"]), name="past_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.last}: {self.verdict}"
