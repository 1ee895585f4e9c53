"""Put editions in force and roll them back: one atomic act each, and the past is never rewritten."""

import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from geo.boundaries.simplification import simplify_edition
from geo.models import BoundaryEdition, City, EditionPeriod, EditionWithdrawal
from geo.moments import local_day


class ActivationRefused(Exception):
    """An edition cannot be put in force; the message says why and what to do."""


def activate_edition(
    edition: BoundaryEdition, *, by: str, now: datetime.datetime, starts_at: datetime.datetime | None = None
) -> EditionPeriod:
    """Put an edition in force from `starts_at` (by default now) and return the new period.

    What the public map draws is made now, once. The period that runs then ends at that moment.
    Only a city's first edition may start in the past.
    Raises ActivationRefused: errors not accepted, rejected, already in force, a start in the past,
    another edition already waiting for a later date.
    """
    starts_at = starts_at or now
    with transaction.atomic():
        city = City.objects.select_for_update().get(pk=edition.city_id)
        edition.refresh_from_db(from_queryset=BoundaryEdition.objects.select_for_update())
        _refuse_unfit(edition)
        simplify_edition(edition)
        periods = list(EditionPeriod.objects.select_for_update().filter(city=city).order_by("period"))
        if periods:
            _refuse_conflict(edition, periods[-1], starts_at=starts_at, now=now)
            end_period(periods[-1], at=starts_at)
        return EditionPeriod.objects.create(
            edition=edition,
            city=city,
            period=DateTimeTZRange(starts_at, None),
            activated_at=now,
            activated_by=by,
        )


def _refuse_unfit(edition: BoundaryEdition) -> None:
    if edition.rejected_at:
        raise ActivationRefused(_("This edition was rejected. Import the corrected boundaries as a new edition."))
    if edition.errors:
        raise ActivationRefused(
            _("The check found %(count)d errors. Correct the file and import it again, or accept them by name.")
            % {"count": edition.errors}
        )


def _refuse_conflict(
    edition: BoundaryEdition, last: EditionPeriod, *, starts_at: datetime.datetime, now: datetime.datetime
) -> None:
    if last.period.lower >= now:
        raise ActivationRefused(
            _("%(edition)s already waits for %(date)s. Withdraw that first.")
            % {"edition": last.edition, "date": local_day(last.period.lower).isoformat()}
        )
    if starts_at < now:
        raise ActivationRefused(_("The past is not rewritten: choose today or a later date."))
    if last.edition_id == edition.pk and last.period.upper is None:
        raise ActivationRefused(_("This edition is already in force."))


def end_period(period: EditionPeriod, *, at: datetime.datetime) -> None:
    """Let a running period end at a moment; one that has ended before stays as it is."""
    if period.period.upper is None or period.period.upper > at:
        period.period = DateTimeTZRange(period.period.lower, at)
        period.save(update_fields=["period"])


def withdraw_activation(city: City, *, by: str, now: datetime.datetime) -> EditionWithdrawal:
    """Withdraw the edition that waits for a later date, on record; the one in force goes on.

    Raises ActivationRefused where none waits.
    """
    with transaction.atomic():
        City.objects.select_for_update().get(pk=city.pk)
        waiting = EditionPeriod.objects.filter(city=city, period__startswith__gt=now).first()
        if waiting is None:
            raise ActivationRefused(_("No edition waits for a later date."))
        starts_at = waiting.period.lower
        waiting.delete()
        for running in EditionPeriod.objects.filter(city=city, period__endswith=starts_at):
            running.period = DateTimeTZRange(running.period.lower, None)
            running.save(update_fields=["period"])
        return EditionWithdrawal.objects.create(
            edition=waiting.edition,
            starts_at=starts_at,
            activated_at=waiting.activated_at,
            activated_by=waiting.activated_by,
            withdrawn_at=now,
            withdrawn_by=by,
        )


def edition_before(city: City, *, now: datetime.datetime) -> BoundaryEdition:
    """Return the edition that was in force before the present one. Raises ActivationRefused where there is none."""
    in_force = EditionPeriod.objects.filter(city=city, period__contains=now).first()
    if in_force is None:
        raise ActivationRefused(_("No edition is in force, so there is nothing to roll back."))
    earlier = (
        EditionPeriod.objects.filter(city=city, period__startswith__lt=in_force.period.lower)
        .exclude(edition=in_force.edition)
        .select_related("edition")
        .order_by("-period")
        .first()
    )
    if earlier is None:
        raise ActivationRefused(_("There is no earlier edition to go back to."))
    return earlier.edition


def roll_back(city: City, *, by: str, now: datetime.datetime) -> EditionPeriod:
    """Open a new period for the edition that was in force before the present one, and return it."""
    with transaction.atomic():
        City.objects.select_for_update().get(pk=city.pk)
        return activate_edition(edition_before(city, now=now), by=by, now=now)
