"""Carrying a plan out: said before it is done, all or nothing, and twice is once."""

import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from geo.models import City
from people.importing import (
    ImportRefused,
    PlanOutdated,
    commit_import,
    plan_import,
    read_officers_file,
    read_stations_file,
)
from people.models import Officer, Posting
from tests.people.importing.files import commit, officers_table, plan, row
from tests.world import NOON, TODAY, World

D = datetime.date
DEMO = Path(__file__).resolve().parents[3] / "data" / "boundaries"


def test_dry_run_writes_nothing(world: World):
    planned = plan(world.city, row(leave_from="2026-07-01"))
    assert [step.noun for step in planned.additions] == ["officer", "posting", "leave"]
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_importing_the_same_file_twice_changes_nothing(world: World):
    rows = [
        row(districts="3;2", until="2026-12-31", from_="2026-06-10", leave_from="01.07.2026", leave_until="14.07.2026"),
        row(name_uk="Інший Офіцер", phone="", email="i@example.org", role="в.о."),
        row(name_uk="Третя", phone="+380443000298", districts="1", languages="українська, en"),
    ]
    commit(world.city, *rows)
    before = list(Posting.objects.order_by("pk").values()), list(Officer.objects.order_by("pk").values())
    again = commit(world.city, *rows, today=TODAY + datetime.timedelta(days=90))
    assert again.steps == ()
    assert (list(Posting.objects.order_by("pk").values()), list(Officer.objects.order_by("pk").values())) == before
    assert len(again.unchanged) == 3


def test_one_error_and_nothing_is_written(world: World):
    with pytest.raises(ImportRefused):
        commit(world.city, row(), row(name_uk="Друга", phone="x", districts="2"))
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_plan_that_is_no_longer_true_is_not_carried_out(world: World):
    table = officers_table(row())
    agreed = plan_import(city=world.city, today=TODAY, officers=table).fingerprint
    Posting.objects.create(officer=world.officer, district=world.south, during=(D(2026, 1, 1), None))
    with pytest.raises(PlanOutdated):
        commit_import(city=world.city, today=TODAY, at=NOON, officers=table, expected=agreed)
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_rule_that_the_plan_itself_breaks_is_not_told_as_somebody_elses_change(world: World):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_officer ADD CONSTRAINT no_newcomers CHECK (key <> 'nova-liudyna')")
    with pytest.raises(IntegrityError, match="no_newcomers"):
        commit(world.city, row())


@pytest.mark.parametrize("slug", ["ternopil", "kyiv-holosiivskyi"])
def test_demonstration_files_are_imported_once_and_for_all(db: None, slug: str):
    city = City.objects.create(slug=slug, name_uk=slug)
    officers = read_officers_file((DEMO / slug / "officers.csv").read_bytes(), name="officers.csv")
    stations = read_stations_file((DEMO / slug / "stations.csv").read_bytes(), name="stations.csv")
    for code in {code for each in officers.rows for code in each["districts"].split(";")}:
        city.districts.create(code=code, name_uk=code)
    today = D(2026, 11, 23)
    planned = commit_import(city=city, today=today, at=NOON, officers=officers, stations=stations)
    assert not planned.errors
    assert Posting.objects.filter(district__city=city).count() >= 30
    assert commit_import(city=city, today=today, at=NOON, officers=officers, stations=stations).steps == ()
