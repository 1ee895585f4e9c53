"""The log of exports: who took which numbers away, when. Written down once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analysis.models.tokens import Token
from geo.models import City
from people.models import User


class Export(models.Model):
    """One file that somebody downloaded, or one answer to a script's token: append-only.

    `rows` is written once, when the last byte was sent: without it the download was broken off, or goes on.
    """

    class What(models.TextChoices):
        """What it held."""

        AREAS = "areas", _("release areas")
        HOTSPOTS = "hotspots", _("hotspots")
        DISTRICTS = "districts", _("districts")
        CELLS = "cells", _("live squares")
        HOURS = "hours", _("hours")
        CHANGES = "changes", _("changes")

    class Format(models.TextChoices):
        """How it was written."""

        GEOJSON = "geojson", "GeoJSON"
        CSV = "csv", "CSV"
        GPKG = "gpkg", "GeoPackage"
        JSON = "json", "JSON"
        OGC = "ogc", "OGC API"

    city = models.ForeignKey(City, models.PROTECT, related_name="+", db_index=False, verbose_name=_("city"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    token = models.ForeignKey(Token, models.PROTECT, related_name="uses", null=True, verbose_name=_("token"))
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=9, choices=What)
    format = models.CharField(_("format"), max_length=7, choices=Format)
    asked = models.JSONField(_("filters"), default=dict, help_text=_("Parameter: values, as they were asked for."))
    rows = models.PositiveBigIntegerField(_("rows"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["city", "-at"], name="export_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["areas", "hotspots", "districts", "cells", "hours", "changes"]),
                name="export_of_known",
            ),
            models.CheckConstraint(
                condition=Q(format__in=["geojson", "csv", "gpkg", "json", "ogc"]), name="export_in_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="export_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="export_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="IF OLD.rows IS NULL AND NEW.rows IS NOT NULL "
                "AND to_jsonb(OLD) - 'rows' = to_jsonb(NEW) - 'rows' THEN RETURN NEW; END IF; "
                "RAISE restrict_violation USING MESSAGE = 'the log of exports is never changed';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} ({self.format})"
