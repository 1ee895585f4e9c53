"""Territories given as lists of streets and houses: what each district serves, beside or before its polygon."""

import datetime
from typing import Self

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.models.addresses import Settlement, Street
from geo.models.cities import City
from geo.models.districts import District


def _stays(but: str) -> pgtrigger.Trigger:
    """Let nobody delete a row, or change more of it than the columns of `but`: `- 'column'` for each."""
    return pgtrigger.Trigger(
        name="recorded_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) {but} = to_jsonb(OLD) {but} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'a list of streets is not rewritten' USING ERRCODE = 'restrict_violation';
        """,
    )


class TerritoryListQuerySet(models.QuerySet["TerritoryList"]):
    """Questions about lists."""

    def in_force_at(self, moment: datetime.datetime) -> Self:
        """Lists in force at a moment: at most one a city (an exclusion constraint keeps it so)."""
        return self.filter(period__contains=moment)


class TerritoryList(models.Model):
    """The streets and houses of all districts of a city: as one document gives them, or another list corrected.

    `period` is [from, until), open above while nothing follows: the next list ends it. `basis` is the list that this
    one corrects or puts back, `reason` why. A list is never changed once it is recorded.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="territory_lists", verbose_name=_("city"))
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city."))
    source = models.CharField(_("source"), max_length=300, help_text=_("File, decision or person it comes from."))
    source_sha256 = models.CharField(_("fingerprint of the file"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.CharField(_("recorded by"), max_length=200)
    period = DateTimeRangeField(_("in force"))
    basis = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, verbose_name=_("made from list"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = TerritoryListQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory list")
        verbose_name_plural = _("territory lists")
        ordering = ["city", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="territory_list_number_once_in_city"),
            ExclusionConstraint(
                name="one_territory_list_in_force_per_city",
                expressions=[("city", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [_stays(but="- 'period'")]

    def __str__(self) -> str:
        return f"{self.city.slug} #{self.number}"


class TerritoryRule(models.Model):
    """One entry of a list: houses of a street, or a whole settlement, are of a district.

    `houses` is what `ranges.HouseSet` prints and reads; empty, where nothing after the street could be read. An entry
    that names neither a street nor a settlement of the gazetteer keeps its text and decides nothing.

    `corrected_in` is the number of the list in which a person decided what the entry means; without `text` it stands
    in no document: the person gave those houses to the district.
    """

    territory_list = models.ForeignKey(TerritoryList, models.CASCADE, related_name="rules")
    district = models.ForeignKey(
        District,
        models.PROTECT,
        related_name="territory_rules",
        null=True,
        verbose_name=pgettext_lazy("field", "district"),
    )
    street = models.ForeignKey(
        Street,
        models.SET_NULL,
        related_name="territory_rules",
        null=True,
        verbose_name=pgettext_lazy("field", "street"),
    )
    settlement = models.ForeignKey(
        Settlement, models.SET_NULL, related_name="territory_rules", null=True, verbose_name=_("settlement")
    )
    named = models.TextField(_("street as written"), blank=True)
    named_settlement = models.TextField(_("settlement as written"), blank=True)
    houses = models.TextField(_("houses"), blank=True)
    notes = ArrayField(models.TextField(), verbose_name=_("remarks in brackets"), default=list)
    text = models.TextField(_("text of the source"), blank=True)
    row = models.PositiveIntegerField(_("row"), help_text=_("0 in a text."))
    start = models.PositiveIntegerField(_("first character"))
    end = models.PositiveIntegerField(_("after the last character"))
    unread = models.CharField(_("why it was not read"), max_length=20, blank=True)
    corrected_in = models.PositiveIntegerField(
        _("corrected in list"), default=0, help_text=_("0: as the document says.")
    )

    class Meta:
        verbose_name = _("territory rule")
        verbose_name_plural = _("territory rules")
        ordering = ["territory_list", "row", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(street__isnull=True) | Q(settlement__isnull=True), name="territory_rule_of_one_place"
            ),
            models.CheckConstraint(
                condition=Q(district__isnull=False) | ~Q(unread=""), name="territory_rule_has_a_district"
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(corrected_in__gt=0), name="territory_rule_of_a_document_or_a_person"
            ),
        ]
        # what the gazetteer knows under a name may change after
        triggers = [_stays(but="- 'street_id' - 'settlement_id'")]

    def __str__(self) -> str:
        return self.text or f"{self.named or self.named_settlement}: {self.houses}"
