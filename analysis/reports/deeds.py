"""Deeds on a half-year report: begun, written, signed."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analysis.models import Report, ReportVersion
from analysis.models.reports import BLOCKS, WORDS_MAX
from geo.models import City, District
from geo.moments import local_day
from people.models import User


class ReportRefused(Exception):
    """A deed on a report that cannot be; the message is a sentence."""


class NotTheirReport(ReportRefused):
    """Whoever acts does not read the letters that the report is about."""


class BadPeriod(ReportRefused):
    """The days are no whole months, or still to come."""


class SignedAlready(ReportRefused):
    """What was signed stays as it is."""


class WrittenMeanwhile(ReportRefused):
    """Somebody else saved other words since the page was opened."""


class TooLong(ReportRefused):
    """A block of text is longer than WORDS_MAX."""


@transaction.atomic
def begin(
    *, city: City, district: District | None, first: datetime.date, last: datetime.date, by: User, at: datetime.datetime
) -> Report:
    """Return the report of a district (None: of the whole city) about whole months that is in the making, begun now
    where there was none. Raises BadPeriod, NotTheirReport.
    """
    following = last + datetime.timedelta(days=1)
    if first.day != 1 or following.day != 1 or first > last or following > local_day(at):
        raise BadPeriod(_("A report is about whole months that have ended."))
    report = Report.objects.filter(city=city, district=district, first=first, last=last, signed_at=None).first()
    report = report or Report.objects.create(
        city=city, district=district, first=first, last=last, begun_by=by, begun_at=at
    )
    return _theirs(report, by=by, at=at)


@transaction.atomic
def write(
    *, report: Report, words: Mapping[str, str], after: int, by: User, at: datetime.datetime
) -> ReportVersion | None:
    """Save the words of a report as another version; None where nothing changed. `after` is the number of the version
    that they change, 0 for the first. Raises NotTheirReport, SignedAlready, WrittenMeanwhile, TooLong.
    """
    report = _open(report, by=by, at=at)
    cleaned = {block: str(words.get(block, "")).replace("\r\n", "\n").strip() for block in BLOCKS}
    if any(len(text) > WORDS_MAX for text in cleaned.values()):
        raise TooLong(_("The text is too long: at most %(most)s characters in each block.") % {"most": WORDS_MAX})
    newest = report.versions.order_by("number").last()
    if after != (newest.number if newest else 0):
        raise WrittenMeanwhile(_("Somebody else has saved other words meanwhile. Yours are still below: compare them."))
    if newest and newest.words == cleaned:
        return None
    return ReportVersion.objects.create(report=report, number=after + 1, words=cleaned, by=by, at=at)


@transaction.atomic
def sign(
    *, report: Report, content: Mapping[str, Any], by: User, at: datetime.datetime, printed: Callable[[Report], bytes]
) -> Report:
    """Freeze a report: its numbers, its words and the PDF that `printed` makes of it. Nothing changes it afterwards.

    Raises NotTheirReport, SignedAlready.
    """
    report = _open(report, by=by, at=at)
    report.signed_by, report.signed_at, report.content = by, at, dict(content)
    report.pdf = printed(report)
    report.save(update_fields=["signed_by", "signed_at", "content", "pdf"])
    return report


def words_of(report: Report) -> dict[str, str]:
    """Return the newest words of a report, by block; empty where nobody has written any."""
    return words_in(report.versions.order_by("number").last())


def words_in(version: ReportVersion | None) -> dict[str, str]:
    """Return the words of a version, by block; empty where there is none."""
    return dict.fromkeys(BLOCKS, "") | (version.words if version else {})


def _open(report: Report, *, by: User, at: datetime.datetime) -> Report:
    """Return a report, locked, that is still in the making."""
    report = Report.objects.select_for_update(of=("self",)).select_related("city", "district").get(pk=report.pk)
    if report.is_signed:
        raise SignedAlready(_("The report is signed: it stays as it is. Begin another one for corrections."))
    return _theirs(report, by=by, at=at)


def _theirs(report: Report, *, by: User, at: datetime.datetime) -> Report:
    if not Report.objects.visible_to(by, on=local_day(at)).filter(pk=report.pk).exists():
        raise NotTheirReport(_("This report is about letters that you do not read."))
    return report
