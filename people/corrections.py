"""What readers say is wrong on an officer's card; moderators of the city read it."""

import datetime

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo.models import City

MAX_REPORTS_PER_DAY = 100
"""At most so many reports a city and day: the form asks for no sign-in, so a flood is stopped here."""


class TooManyReports(Exception):
    """The city has got too many reports today; the message says what to do instead."""


class CardReport(models.Model):
    """A reader's word that the card of a district is wrong. Nothing about the reader is kept."""

    city = models.ForeignKey(City, models.CASCADE, related_name="card_reports", verbose_name=_("city"))
    district_code = models.CharField(_("district code"), max_length=40)
    text = models.CharField(_("what is wrong"), max_length=1000)
    reported_at = models.DateTimeField(_("reported at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        app_label = "people"
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-reported_at"]
        indexes = [models.Index(fields=["city", "reported_at"], name="card_report_city_time")]

    def __str__(self) -> str:
        return f"{self.city.slug}/{self.district_code}: {self.text[:60]}"


@transaction.atomic
def report_card(*, city: City, district_code: str, text: str, reported_at: datetime.datetime) -> CardReport:
    """Keep a reader's report; raise TooManyReports beyond MAX_REPORTS_PER_DAY in 24 hours."""
    since = reported_at - datetime.timedelta(days=1)
    if CardReport.objects.filter(city=city, reported_at__gt=since).count() >= MAX_REPORTS_PER_DAY:
        raise TooManyReports(
            gettext("We have got too many reports today. Please write again tomorrow, or call the station.")
        )
    return CardReport.objects.create(city=city, district_code=district_code, text=text, reported_at=reported_at)
