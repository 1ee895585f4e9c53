"""The officer's half-year report to the local council: every version of its words, and what was signed (docs/adr/0026).

MIA order 650 of 28.07.2017 (edition of 03.06.2022): district officers report to the public at least twice a year.
"""

import datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.models import districts_open_to
from geo.models import City, District
from people.models import Membership, User

WORDS_MAX = 6_000
"""Characters of one block of text, at most."""
BLOCKS = ("done", "together", "plans")
"""The blocks of text that a person writes, in their order."""
SIGNED_STAYS = (
    "IF OLD.signed_at IS NULL AND to_jsonb(OLD) - 'signed_at' - 'signed_by_id' - 'content' - 'pdf'"
    " = to_jsonb(NEW) - 'signed_at' - 'signed_by_id' - 'content' - 'pdf' THEN RETURN NEW; END IF; "
    "RAISE restrict_violation USING MESSAGE = 'a report is signed once, and then stays as it is';"
)


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions about reports. Every list starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Reports of districts whose letters a user reads on a local day; of a whole city: its supervisors alone."""
        if not isinstance(user, User) or not user.is_active or user.is_superuser:
            return self.none()
        supervised = Membership.objects.filter(user=user, role=Membership.Role.SUPERVISOR).values("city")
        of_districts = Q(district__isnull=False) & districts_open_to(user, on=on)
        return self.filter(of_districts | Q(district__isnull=True, city__in=supervised))

    def of_districts_or_cities(self, districts: Any, cities: Any) -> Self:
        """Reports of some districts, and of whole cities with all of theirs, by key."""
        return self.filter(Q(district__in=districts) | Q(city__in=cities))


class Report(models.Model):
    """A report of a district, or (`district` None) of a whole city, about the days from `first` to `last`.

    Until it is signed its numbers are counted anew; `content` and `pdf` hold what was signed.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", null=True, verbose_name=pgettext_lazy("field", "district")
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun at"))
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("signed by"))
    signed_at = models.DateTimeField(_("signed at"), null=True)
    content = models.JSONField(_("what was signed"), null=True)
    pdf = models.BinaryField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("half-year report")
        verbose_name_plural = _("half-year reports")
        ordering: ClassVar[list[Any]] = ["-first", "district", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "district", "first", "last"],
                condition=Q(signed_at__isnull=True),
                nulls_distinct=False,
                name="one_report_in_the_making",
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="report_has_days"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, content__isnull=True, pdf__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, content__isnull=False, pdf__isnull=False),
                name="report_signed_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="report_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="report_signed_stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=SIGNED_STAYS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.district.code if self.district else '*'} {self.first} - {self.last}"

    @property
    def is_signed(self) -> bool:
        """Whether it was signed: nothing of it changes any more."""
        return self.signed_at is not None


class ReportVersion(models.Model):
    """The words of a report since they were saved: each saving is another row, none is rewritten."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", verbose_name=_("report"))
    number = models.PositiveIntegerField(_("number"))
    words = models.JSONField(_("words"), help_text=_("Text of each block."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering: ClassVar[list[Any]] = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]
        triggers = [pgtrigger.Protect(name="report_version_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.number}"
