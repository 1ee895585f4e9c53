"""The gazetteer: the settlements, streets and houses a city knows, under all their names."""

from typing import Any

import pgtrigger
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.streets import StreetName as ReadName
from geo.models.cities import City
from geo.names import in_current_language


def street_key(name: str) -> str:
    """Return what is the same for every spelling of one street: its kind and its folded name."""
    read = ReadName.parse(name)
    return f"{read.kind} {fold(read.name)}".strip()


def house_key(number: str) -> str:
    """Return what is the same for every spelling of one house; what is no number is folded."""
    read = HouseNumber.parse(number)
    return read.key if read else fold(number)


def _new_version(name: str, counter: str, cities: str) -> list[pgtrigger.Trigger]:
    """Let a version of the city count up when rows change: what was made of them is made anew.

    `cities` selects the cities of some `{rows}`. An update may take rows from one city to another: both count up.
    """
    triggers = []
    for on, operation, rows in (
        ("insert", pgtrigger.Insert, {"new": "changed"}),
        ("update", pgtrigger.Update, {"new": "changed", "old": "before"}),
        ("delete", pgtrigger.Delete, {"old": "changed"}),
    ):
        theirs = " UNION ".join(cities.format(rows=each) for each in rows.values())
        triggers.append(
            pgtrigger.Trigger(
                name=f"{name}_on_{on}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]
                func=f"UPDATE geo_city SET {counter} = {counter} + 1 "  # noqa: S608 - our own sub-queries
                f"WHERE id IN ({theirs}); RETURN NULL;",
            )
        )
    return triggers


def _of_known_streets(on: str, func: str) -> pgtrigger.Trigger:
    """Guard that every house is on a street: a statement is checked as a whole, where a foreign key looks at each row.

    As a foreign key does, it locks the streets of new houses against being deleted meanwhile.
    """
    return pgtrigger.Trigger(
        name=f"house_on_street_on_{on}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation={"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}[on],
        referencing=pgtrigger.Referencing(old="changed") if on == "delete" else pgtrigger.Referencing(new="changed"),  # type: ignore[no-untyped-call]
        func=f"IF EXISTS ({func}) THEN RAISE foreign_key_violation USING MESSAGE = 'a house must be on a street';"
        " END IF; RETURN NULL;",
    )


class Settlement(models.Model):
    """A part of a city or community that people name in an address: a village, a hamlet, a microdistrict."""

    class Kind(models.TextChoices):
        """What it is."""

        TOWN = "town", _("town")
        VILLAGE = "village", _("village")
        HAMLET = "hamlet", _("hamlet")
        QUARTER = "quarter", _("microdistrict")

    city = models.ForeignKey(City, models.PROTECT, related_name="settlements", verbose_name=_("city"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VILLAGE)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["city", "name_uk"]
        constraints = [models.UniqueConstraint(fields=["city", "name_uk"], name="settlement_once_in_city")]
        triggers = _new_version("new_dictionary", "gazetteer_version", "SELECT city_id FROM {rows}")

    def __str__(self) -> str:
        return in_current_language(self.name_uk, self.name_en)


class Street(models.Model):
    """A street of a city; `line` is its centre line in EPSG:4326, where it is known.

    `name_uk` is the official name with its kind («вулиця Руська»); without a settlement it lies in the city itself.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="streets", verbose_name=_("city"))
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="streets", null=True, blank=True, verbose_name=_("settlement")
    )
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    key = models.CharField(max_length=200, editable=False, default="")
    is_main = models.BooleanField(_("main street"), default=False, help_text=_("Drawn wider, named earlier."))
    line = models.MultiLineStringField(_("centre line"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("field", "street")
        verbose_name_plural = _("streets")
        ordering = ["city", "name_uk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "settlement", "key"], name="street_once_in_settlement", nulls_distinct=False
            )
        ]
        triggers = [
            *_new_version("new_dictionary", "gazetteer_version", "SELECT city_id FROM {rows}"),
            _of_known_streets("delete", "SELECT FROM geo_house JOIN changed ON geo_house.street_id = changed.id"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key with the name."""
        self.key = street_key(self.name_uk)
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)


class StreetName(models.Model):
    """Another name of a street: a former, Russian, English or colloquial one.

    `houses` says which houses had it, where not all did: «12-26» of Бригадна became Покрови.
    """

    class Kind(models.TextChoices):
        """Why the street has it."""

        FORMER = "former", _("former")
        RUSSIAN = "russian", _("Russian")
        ENGLISH = "english", _("English")
        COLLOQUIAL = "colloquial", _("colloquial")

    street = models.ForeignKey(
        Street, models.CASCADE, related_name="other_names", verbose_name=pgettext_lazy("field", "street")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    key = models.CharField(max_length=200, editable=False, default="")
    houses = models.CharField(_("houses"), max_length=300, blank=True, help_text=_("Which houses had it; empty: all."))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("other name of a street")
        verbose_name_plural = _("other names of streets")
        ordering = ["street", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["street", "kind", "key"], name="other_name_once_on_street")]
        triggers = _new_version(
            "new_dictionary",
            "gazetteer_version",
            "SELECT street.city_id FROM {rows} JOIN geo_street AS street ON street.id = {rows}.street_id",
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key with the name."""
        self.key = street_key(self.name)
        super().save(*args, **kwargs)


class House(models.Model):
    """A numbered house on a street, as a point in EPSG:4326.

    A million come at once, so each costs two indexes only: nobody asks for houses by their place, the constraint's
    index starts with the street, and triggers are the foreign key.
    """

    street = models.ForeignKey(
        Street,
        models.CASCADE,
        related_name="houses",
        db_index=False,
        db_constraint=False,
        verbose_name=pgettext_lazy("field", "street"),
    )
    number = models.CharField(_("number"), max_length=30)
    key = models.CharField(max_length=40, db_collation="C", editable=False, default="")
    location = models.PointField(_("location"), srid=4326, spatial_index=False)

    class Meta:
        verbose_name = pgettext_lazy("field", "house")
        verbose_name_plural = _("houses")
        ordering = ["street", "number"]
        constraints = [models.UniqueConstraint(fields=["street", "key"], name="house_once_on_street")]
        triggers = [
            _of_known_streets(
                on,
                "SELECT FROM (SELECT DISTINCT street_id FROM changed) AS changed WHERE NOT EXISTS "
                "(SELECT FROM geo_street WHERE geo_street.id = changed.street_id FOR KEY SHARE)",
            )
            for on in ("insert", "update")
        ] + _new_version(
            "new_houses", "houses_version", "SELECT city_id FROM geo_street WHERE id IN (SELECT street_id FROM {rows})"
        )

    def __str__(self) -> str:
        return f"{self.street}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key with the number."""
        self.key = house_key(self.number)
        super().save(*args, **kwargs)
