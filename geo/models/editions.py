"""Editions of a city's boundaries: dated, checked sets of all its district polygons."""

import datetime
from typing import Self

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from geo.models.cities import City
from geo.models.constraints import ValidGeometry
from geo.models.districts import District


class EditionQuerySet(models.QuerySet["BoundaryEdition"]):
    """Questions about editions."""

    def in_force_at(self, moment: datetime.datetime) -> Self:
        """Editions in force at a moment: at most one a city (an exclusion constraint keeps it so)."""
        return self.filter(periods__period__contains=moment)


class BoundaryEdition(models.Model):
    """One set of all district polygons of a city, with where it comes from and what the check found."""

    city = models.ForeignKey(City, models.PROTECT, related_name="editions", verbose_name=_("city"))
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city."))
    source = models.CharField(_("source"), max_length=300, help_text=_("File, decision or person it comes from."))
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    source_sha256 = models.CharField(_("fingerprint of the file"), max_length=64, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    report = models.JSONField(_("report of the check"), default=dict)
    accepted = models.JSONField(
        _("accepted findings"),
        default=dict,
        help_text=_("Key of a finding -> who accepted it, when and why."),
    )
    errors = models.PositiveIntegerField(_("errors not accepted"), default=0)
    rejected_at = models.DateTimeField(_("rejected at"), null=True, blank=True)
    rejected_by = models.CharField(_("rejected by"), max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary edition")
        verbose_name_plural = _("boundary editions")
        ordering = ["city", "-number"]
        constraints = [models.UniqueConstraint(fields=["city", "number"], name="edition_number_once_in_city")]

    def __str__(self) -> str:
        return f"{self.city.slug} #{self.number}"


class EditionPeriod(models.Model):
    """When an edition is, was or will be in force: `period` is [from, until), open above while nothing follows.

    Append-only: a trigger lets the end of a running period be set, and a period that has not begun be withdrawn.
    """

    edition = models.ForeignKey(BoundaryEdition, models.PROTECT, related_name="periods")
    city = models.ForeignKey(City, models.PROTECT, related_name="edition_periods")
    period = DateTimeRangeField(_("in force"))
    activated_at = models.DateTimeField(_("activated at"))
    activated_by = models.CharField(_("activated by"), max_length=200)

    class Meta:
        verbose_name = _("period of an edition")
        verbose_name_plural = _("periods of editions")
        ordering = ["city", "-period"]
        constraints = [
            ExclusionConstraint(
                name="one_edition_in_force_per_city",
                expressions=[("city", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__lower_inc=True,
                    period__upper_inc=False,
                ),
                name="edition_period_has_a_beginning",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="past_is_not_rewritten",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        IF lower(OLD.period) > now() THEN RETURN OLD; END IF;
                    ELSIF NEW.id = OLD.id AND NEW.edition_id = OLD.edition_id AND NEW.city_id = OLD.city_id
                        AND NEW.activated_at = OLD.activated_at AND NEW.activated_by = OLD.activated_by
                        AND lower(NEW.period) = lower(OLD.period)
                        AND COALESCE(upper(OLD.period), 'infinity') > now() - interval '1 minute'
                        AND COALESCE(upper(NEW.period), 'infinity') > now() - interval '1 minute' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'the past of an edition is not rewritten' USING ERRCODE = 'restrict_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.period}"


class EditionWithdrawal(models.Model):
    """That an edition waited for `starts_at` and was called off before: append-only, since its period is deleted."""

    edition = models.ForeignKey(BoundaryEdition, models.PROTECT, related_name="withdrawals")
    starts_at = models.DateTimeField(_("was to come into force at"))
    activated_at = models.DateTimeField(_("activated at"))
    activated_by = models.CharField(_("activated by"), max_length=200)
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    withdrawn_by = models.CharField(_("withdrawn by"), max_length=200)

    class Meta:
        verbose_name = _("withdrawal of an edition")
        verbose_name_plural = _("withdrawals of editions")
        ordering = ["edition", "withdrawn_at"]
        triggers = [pgtrigger.Protect(name="withdrawal_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.edition} {self.withdrawn_at}"


class BoundaryQuerySet(models.QuerySet["DistrictBoundary"]):
    """Questions about district polygons."""

    def in_force_at(self, moment: datetime.datetime) -> Self:
        """Polygons of the editions in force at a moment."""
        return self.filter(edition__periods__period__contains=moment)


class DistrictBoundary(models.Model):
    """The polygon of a district in one edition, EPSG:4326. It never changes: what is made of it is kept."""

    edition = models.ForeignKey(BoundaryEdition, models.CASCADE, related_name="boundaries")
    district = models.ForeignKey(District, models.PROTECT, related_name="boundaries")
    boundary = models.MultiPolygonField(_("boundary"), srid=4326)
    population = models.PositiveIntegerField(_("residents"), null=True, blank=True)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("district boundary")
        verbose_name_plural = _("district boundaries")
        ordering = ["edition", "district"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "district"], name="district_once_in_edition"),
            ValidGeometry(field="boundary", name="district_boundary_valid"),
        ]
        indexes = [
            # The nearest by metres, in order; the index on the field itself knows degrees alone.
            GistIndex(Cast("boundary", models.MultiPolygonField(geography=True)), name="district_boundary_near"),
        ]
        triggers = [pgtrigger.Protect(name="boundary_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.edition}: {self.district}"


class BorderPiece(models.Model):
    """A short piece of a district's border: distance to a border asks these, not whole polygons.

    Measured: on whole polygons the lookup is five times slower (pieces of at most 16 vertices, GiST).
    """

    edition = models.ForeignKey(BoundaryEdition, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False)
    piece = models.GeometryField(srid=4326)

    class Meta:
        verbose_name = _("border piece")
        verbose_name_plural = _("border pieces")
        indexes = [models.Index(fields=["edition"], name="border_piece_edition")]

    def __str__(self) -> str:
        return f"{self.district_id}"


class SimplifiedBoundary(models.Model):
    """A polygon as the public map draws it: simplified together with its neighbours, so that no gap opens."""

    boundary = models.ForeignKey(DistrictBoundary, models.CASCADE, related_name="simplified")
    band = models.PositiveSmallIntegerField(_("zoom band"), help_text=_("Index into simplification.BANDS."))
    geometry_json = models.TextField(_("GeoJSON geometry"))

    class Meta:
        verbose_name = _("simplified boundary")
        verbose_name_plural = _("simplified boundaries")
        constraints = [models.UniqueConstraint(fields=["boundary", "band"], name="simplified_once_per_band")]

    def __str__(self) -> str:
        return f"{self.boundary_id}/{self.band}"
