"""Carrying a plan out: all of it in one transaction, or nothing."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from geo.models import City
from geo.tables import Table
from people.importing.plan import Days, Noun, Plan, Step
from people.importing.planning import plan_import
from people.models import Leave, Officer, Posting, Proposal, Station, User
from people.proposing import written_down
from people.subjects import Values, values_of


class ImportRefused(Exception):
    """The file has errors; `plan` lists them by row. Nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("\n".join(str(error) for error in plan.errors))
        self.plan = plan


class PlanOutdated(Exception):
    """Somebody changed the city's officers since the plan was shown; `plan` is the new one. Nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the officers changed since the plan was made")
        self.plan = plan


def commit_import(
    *,
    city: City,
    today: datetime.date,
    at: datetime.datetime,
    by: User | None = None,
    officers: Table | None = None,
    stations: Table | None = None,
    expected: str = "",
) -> Plan:
    """Import the tables and return what was done; every card and station that changes is written down.

    `by` is None when a command does it.

    `expected` is the fingerprint of the plan a person agreed to. Raises `ImportRefused` and `PlanOutdated`; importing
    the same file twice changes nothing the second time.
    """
    try:
        with transaction.atomic():
            City.objects.select_for_update().get(pk=city.pk)
            plan = plan_import(city=city, today=today, officers=officers, stations=stations)
            if plan.errors:
                raise ImportRefused(plan)
            if expected and plan.fingerprint != expected:
                raise PlanOutdated(plan)
            _carry_out(city, plan, _Import(by, at))
            return plan
    except IntegrityError as error:
        now = plan_import(city=city, today=today, officers=officers, stations=stations)
        if now.fingerprint == plan.fingerprint:
            raise
        # Somebody saved a posting or leave in the administration between the plan and the writing
        raise PlanOutdated(now) from error


@dataclass(frozen=True, slots=True)
class _Import:
    """Who brings a file in, and when."""

    by: User | None
    at: datetime.datetime

    def written_down(self, row: Officer | Station, before: Values | None) -> None:
        """Keep what the file changed of a card or station."""
        written_down(row, before, by=self.by, through=Proposal.Through.FILE, at=self.at)


def _carry_out(city: City, plan: Plan, of: _Import) -> None:
    by_noun = {noun: [step for step in plan.steps if step.noun == noun] for noun in Noun}
    # One duty station at a time: the one relieved is written before the one that takes over
    for step in sorted(by_noun[Noun.STATION], key=lambda step: bool(step.target.values.get("is_duty"))):
        _save_station(city, step, of)
    stations = {station.key: station for station in Station.objects.filter(city=city)}
    for step in by_noun[Noun.OFFICER]:
        _save_officer(city, step, stations, of)
    officers = dict(Officer.objects.filter(city=city).values_list("key", "pk"))
    _save_days(Posting, by_noun[Noun.POSTING], officers)
    _save_days(Leave, by_noun[Noun.LEAVE], officers)


def _save_station(city: City, step: Step, of: _Import) -> None:
    station = Station.objects.get(pk=step.target.pk) if step.target.pk else Station(city=city)
    before = values_of(station) if step.target.pk else None
    for name, value in step.target.values.items():
        setattr(station, name, value)
    station.save()
    checked_on = step.target.values.get("checked_on")
    if checked_on:  # a new phone counts as never called, unless the file says when somebody did
        Station.objects.filter(pk=station.pk).update(checked_on=checked_on)
    of.written_down(station, before)


def _save_officer(city: City, step: Step, stations: dict[str, Station], of: _Import) -> None:
    officer = Officer.objects.get(pk=step.target.pk) if step.target.pk else Officer(city=city)
    before = values_of(officer) if step.target.pk else None
    for name, value in step.target.values.items():
        setattr(officer, name, value)
    if step.target.station_key is not None:
        officer.station = stations[step.target.station_key] if step.target.station_key else None
    officer.save()
    of.written_down(officer, before)


def _save_days(model: type[Posting] | type[Leave], steps: list[Step], officers: dict[str, int]) -> None:
    """Write spans of days so that no two overlap on the way: first what shrinks, then what grows, then what is new."""
    changed = [
        (model._default_manager.get(pk=step.target.pk), step.target.values["during"])
        for step in steps
        if step.target.pk
    ]
    for row, during in changed:
        old, new = Days.between(row.during.lower, row.during.upper), Days.between(*during)
        if old.overlaps(new):
            row.during = Days(max(old.start, new.start), min(old.end, new.end)).bounds
            row.save(update_fields=["during"])
    for row, during in changed:
        row.during = during
        row.save(update_fields=["during"])
    for step in steps:
        if not step.target.pk:
            model._default_manager.create(officer_id=officers[step.target.officer_key], **step.target.values)
