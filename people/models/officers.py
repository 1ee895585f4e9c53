"""Who serves a district: officers, the stations they receive at, their postings and leaves."""

import datetime
from typing import Self

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from geo.models import City, District
from geo.names import in_current_language
from people.models.users import User


class Station(models.Model):
    """A police station (поліцейська станція), where citizens are received."""

    city = models.ForeignKey(City, models.PROTECT, related_name="stations", verbose_name=_("city"))
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stable name used in files of officers."))
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    address_uk = models.CharField(_("address in Ukrainian"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    location = models.PointField(_("location"), srid=4326, null=True, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    hours_uk = models.CharField(_("hours in Ukrainian"), max_length=200, blank=True)
    hours_en = models.CharField(_("hours in English"), max_length=200, blank=True)
    is_duty = models.BooleanField(
        _("duty station"),
        default=False,
        help_text=_("Its phone is the city's duty phone, shown where a district has nobody."),
    )
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("When a person last called its phone; empty: never yet.")
    )

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["city", "name_uk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "key"], name="station_key_once_in_city"),
            models.UniqueConstraint(fields=["city"], condition=Q(is_duty=True), name="one_duty_station_per_city"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="new_phone_is_unchecked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__phone__df=pgtrigger.F("new__phone"), old__checked_on__ndf=pgtrigger.F("new__checked_on")
                ),
                func="NEW.checked_on = NULL; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def address(self) -> str:
        """The address in the language that is active."""
        return in_current_language(self.address_uk, self.address_en)

    @property
    def hours(self) -> str:
        """The hours in the language that is active."""
        return in_current_language(self.hours_uk, self.hours_en)


class Officer(models.Model):
    """A district officer (ДОП) or a community officer (ПОГ)."""

    class Kind(models.TextChoices):
        """Two kinds of officer: MIA order 650 of 28.07.2017."""

        DISTRICT = "district", _("district police officer")
        COMMUNITY = "community", _("community police officer")

    city = models.ForeignKey(City, models.PROTECT, related_name="officers", verbose_name=_("city"))
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stable name used in files of officers."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DISTRICT)
    rank_uk = models.CharField(_("rank in Ukrainian"), max_length=80, blank=True)
    rank_en = models.CharField(_("rank in English"), max_length=80, blank=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    photo = models.ImageField(_("photo"), upload_to="officers", blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        related_name="officers",
        null=True,
        blank=True,
        verbose_name=_("place of reception"),
    )
    reception_uk = models.CharField(_("reception hours in Ukrainian"), max_length=200, blank=True)
    reception_en = models.CharField(_("reception hours in English"), max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=3), verbose_name=_("languages"), default=list, blank=True)
    checked_on = models.DateField(_("checked on"), help_text=_("When a person last confirmed this card."))
    user = models.ForeignKey(
        User, models.SET_NULL, related_name="cards", null=True, blank=True, verbose_name=_("sign-in")
    )
    is_training = models.BooleanField(
        _("for training"), default=False, editable=False,
        help_text=_("The card of a training copy: an officer has one there beside their own."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["city", "name_uk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "key"], name="officer_key_once_in_city"),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_training=False),
                name="one_card_of_an_account",
                violation_error_message=_("This person has a card already: one account has one card."),
            ),
            models.UniqueConstraint(fields=["user", "city"], name="one_card_of_an_account_in_a_city"),
            models.CheckConstraint(condition=Q(kind__in=["district", "community"]), name="officer_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """People must be able to reach the officer, at a station of the same city."""
        wrong = {}
        if not self.phone and not self.email:
            wrong["phone"] = _("Give a phone or an e-mail: people must be able to reach the officer.")
        if self.station_id and not Station.objects.filter(pk=self.station_id, city=self.city_id).exists():
            wrong["station"] = _("It belongs to another city.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def rank(self) -> str:
        """The rank in the language that is active."""
        return in_current_language(self.rank_uk, self.rank_en)

    @property
    def reception(self) -> str:
        """The reception hours in the language that is active."""
        return in_current_language(self.reception_uk, self.reception_en)


class PostingQuerySet(models.QuerySet["Posting"]):
    """Questions about postings."""

    def on(self, day: datetime.date) -> Self:
        """Postings in force on a local day."""
        return self.filter(during__contains=day)

    def on_or_after(self, day: datetime.date) -> Self:
        """Postings in force on a local day, or that begin later."""
        return self.filter(Q(during__endswith__gt=day) | Q(during__upper_inf=True))


class Posting(models.Model):
    """An officer serves a district for some days: as the main officer, or acting for one who is away."""

    class Role(models.TextChoices):
        """Main officer of the district, or the one who acts for them."""

        MAIN = "main", _("main")
        ACTING = "acting", _("acting")

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="postings", verbose_name=_("officer"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="postings", verbose_name=pgettext_lazy("field", "district")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MAIN)
    during = DateRangeField(_("days"))
    leave = models.ForeignKey(
        "people.Leave", models.SET_NULL, related_name="substitutes", null=True, blank=True, editable=False,
        verbose_name=_("for the leave"),
    )  # fmt: skip

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["district", "-during"]
        constraints = [
            ExclusionConstraint(
                name="one_main_and_one_acting_at_a_time",
                expressions=[
                    ("district", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(role__in=["main", "acting"]), name="posting_role_known"),
            models.CheckConstraint(condition=Q(during__isempty=False), name="posting_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} — {self.district} ({self.get_role_display()})"


class Leave(models.Model):
    """Days on which an officer is away; the acting officer, or the station, answers instead."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="leaves", verbose_name=_("officer"))
    during = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["officer", "-during"]
        constraints = [
            ExclusionConstraint(
                name="leaves_do_not_overlap",
                expressions=[("officer", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="leave_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.during}"
