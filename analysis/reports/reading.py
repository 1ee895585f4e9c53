"""A report as it is opened: found by its key, with all versions of its words, in one trip to the database."""

import datetime
from typing import Final

from django.db.models import BigIntegerField

from analysis.models import Report, ReportVersion
from appeals.models import rights_by_key
from geo.models import City
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from people.models import User

REPORT: Final = PreparedQuery(
    lambda: (
        Report.objects.of_districts_or_cities(each_given("own", "bigint"), each_given("supervised", "bigint"))
        .filter(city=given("city", "bigint"), pk=given("report", "bigint"))
        .select_related("district", "begun_by", "signed_by")
        .defer("pdf")
        .order_by()
    )
)
VERSIONS: Final = PreparedQuery(
    lambda: ReportVersion.objects.filter(report=given("report", "bigint")).select_related("by").order_by("-number")
)


def report_read_by(user: User, *, city: City, pk: int, on: datetime.date) -> tuple[Report, list[ReportVersion]] | None:
    """Return a report of a city, where a person may see it on a local day, and its versions, the newest first."""
    if pk > BigIntegerField.MAX_BIGINT:
        return None
    own, supervised = rights_by_key(user, on=on)
    found, versions = answers_of(
        REPORT.asked(report=pk, city=city.pk, own=own, supervised=supervised), VERSIONS.asked(report=pk)
    )
    if not found:
        return None
    [report] = found
    report.city = city
    return report, versions


def versions_of(report: Report) -> list[ReportVersion]:
    """Return the versions of a report's words with who wrote them, the newest first."""
    return VERSIONS.rows(report=report.pk)
