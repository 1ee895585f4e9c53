"""Release areas: fixed partitions of a city's districts, drawn from its addresses at one edition of its boundaries."""

from typing import Any

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.models import BoundaryEdition, City, District

STAYS = pgtrigger.Update | pgtrigger.Delete


class Sensitivity(models.TextChoices):
    """Ordinary categories are counted over smaller areas than protected ones."""

    ORDINARY = "ordinary", _("ordinary topics")
    PROTECTED = "protected", _("sensitive topics")


class AreaPlan(models.Model):
    """One partition of all districts of a city: what it was drawn from, and the floors that every area meets.

    Another edition, another gazetteer or stricter floors make another plan; releases keep theirs.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="area_plans", verbose_name=_("city"))
    sensitivity = models.CharField(_("for"), max_length=9, choices=Sensitivity)
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city."))
    edition = models.ForeignKey(BoundaryEdition, models.PROTECT, related_name="+", verbose_name=_("edition"))
    addresses = models.PositiveIntegerField(_("known addresses"))
    addresses_sha256 = models.CharField(_("fingerprint of the addresses"), max_length=64)
    min_addresses = models.PositiveIntegerField(_("addresses in an area, at least"))
    min_side = models.PositiveSmallIntegerField(_("cells on a side, at least"))
    min_side_without_addresses = models.PositiveSmallIntegerField(_("cells on a side without addresses, at least"))
    drawn_at = models.DateTimeField(_("drawn at"))

    class Meta:
        verbose_name = _("plan of release areas")
        verbose_name_plural = _("plans of release areas")
        ordering = ["city", "sensitivity", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "sensitivity", "number"], name="area_plan_number_once"),
            models.CheckConstraint(condition=Q(sensitivity__in=["ordinary", "protected"]), name="area_plan_for_known"),
        ]
        triggers = [pgtrigger.Protect(name="plan_stays", operation=STAYS)]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.sensitivity} #{self.number}"


class ReleaseArea(models.Model):
    """A release area: a rectangle of web-map cells clipped to its district, polygon in EPSG:4326.

    `reason` says why it is as large as it is, where that is not its addresses (`analysis.areas.Reason`).
    """

    plan = models.ForeignKey(AreaPlan, models.PROTECT, related_name="areas", verbose_name=_("plan"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("field", "district")
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the district."))
    addresses = models.PositiveIntegerField(_("addresses"))
    cells = models.PositiveIntegerField(_("cells"))
    reason = models.CharField(_("why it is so large"), max_length=20, blank=True)
    shape = models.MultiPolygonField(_("shape"), srid=4326)
    inside = models.GeneratedField(
        expression=PointOnSurface("shape"),
        output_field=models.PointField(_("point inside"), srid=4326),
        db_persist=True,
    )
    """A point inside of it, for maps and tables: worked out once, since an area never changes."""

    class Meta:
        verbose_name = _("release area")
        verbose_name_plural = _("release areas")
        ordering = ["plan", "district", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "district", "number"], name="area_number_once")]
        triggers = [
            pgtrigger.Protect(name="area_stays", operation=STAYS),
            pgtrigger.Trigger(
                name="areas_before_releases",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="IF EXISTS (SELECT FROM analysis_release WHERE plan_id = NEW.plan_id) THEN "
                "RAISE restrict_violation USING MESSAGE = 'a plan that was released keeps its areas'; END IF; "
                "RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district.code}-{self.number}"


class AreaCell(models.Model):
    """That a cell (zoom 18) of a district belongs to an area. A cell on a border belongs to one area of each side."""

    plan = models.ForeignKey(AreaPlan, models.PROTECT, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False)
    cell = models.BigIntegerField(_("cell"))
    area = models.ForeignKey(ReleaseArea, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("cell of an area")
        verbose_name_plural = _("cells of areas")
        constraints = [models.UniqueConstraint(fields=["plan", "district", "cell"], name="cell_in_one_area")]
        triggers = [pgtrigger.Protect(name="area_cell_stays", operation=STAYS)]

    def __str__(self) -> str:
        return f"{self.cell}: {self.area_id}"

    @staticmethod
    def areas_by_cell(plan: AreaPlan) -> dict[tuple[int, int], int]:
        """Return the key of the area for each (district, cell) of a plan."""
        rows: Any = AreaCell.objects.filter(plan=plan).values_list("district", "cell", "area")
        return {(district, cell): area for district, cell, area in rows}
