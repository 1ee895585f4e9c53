"""One edition a city is in force at any moment; the past is never rewritten."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.boundaries.activation import ActivationRefused, activate_edition, roll_back, withdraw_activation
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition, EditionPeriod
from tests.world import World, square

DAY = datetime.timedelta(days=1)


def another_edition(world: World) -> BoundaryEdition:
    return record_edition(
        city=world.city,
        districts=[DrawnDistrict("1", "", square(25.0, 49.99)), DrawnDistrict("2", "", square(25.01, 49.99))],
        source="tests",
        recorded_at=timezone.now(),
        recorded_by="tests",
    )


def in_force(world: World, moment: datetime.datetime) -> BoundaryEdition | None:
    return BoundaryEdition.objects.in_force_at(moment).filter(city=world.city).first()


def test_a_new_edition_ends_the_one_before_at_the_same_moment(world: World) -> None:
    now = timezone.now()
    new = another_edition(world)
    activate_edition(new, by="tests", now=now)
    assert in_force(world, now) == new
    assert in_force(world, now - datetime.timedelta(microseconds=1)) == world.edition


def test_an_edition_may_wait_for_a_later_date(world: World) -> None:
    now = timezone.now()
    new = another_edition(world)
    activate_edition(new, by="tests", now=now, starts_at=now + 10 * DAY)
    assert in_force(world, now + 9 * DAY) == world.edition
    assert in_force(world, now + 10 * DAY) == new


def test_a_waiting_edition_can_be_withdrawn_and_the_present_one_goes_on(world: World) -> None:
    now = timezone.now()
    new = another_edition(world)
    activate_edition(new, by="tests", now=now, starts_at=now + 10 * DAY)
    withdrawal = withdraw_activation(world.city, by="coordinator", now=now + DAY)
    assert in_force(world, now + 100 * DAY) == world.edition
    assert (withdrawal.edition, withdrawal.starts_at, withdrawal.activated_at, withdrawal.activated_by) == (
        new, now + 10 * DAY, now, "tests",
    )  # fmt: skip
    assert (withdrawal.withdrawn_at, withdrawal.withdrawn_by) == (now + DAY, "coordinator")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        withdrawal.delete()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        withdrawal.save()


def test_a_rollback_opens_a_new_period_and_the_past_stays(world: World) -> None:
    now = timezone.now()
    new = another_edition(world)
    activate_edition(new, by="tests", now=now)
    later = now + datetime.timedelta(seconds=5)
    roll_back(world.city, by="tests", now=later)
    assert in_force(world, later) == world.edition
    assert in_force(world, now) == new
    assert EditionPeriod.objects.filter(city=world.city).count() == 3


def test_nothing_to_roll_back_to_is_said(world: World) -> None:
    with pytest.raises(ActivationRefused):
        roll_back(world.city, by="tests", now=timezone.now())


@pytest.mark.parametrize("change", ["errors", "rejected", "past", "twice"])
def test_an_unfit_activation_is_refused_and_changes_nothing(world: World, change: str) -> None:
    now = timezone.now()
    new = world.edition if change == "twice" else another_edition(world)
    if change == "errors":
        new.errors = 1
    if change == "rejected":
        new.rejected_at = now
    new.save()
    before = list(EditionPeriod.objects.values_list("period"))
    with pytest.raises(ActivationRefused):
        activate_edition(new, by="tests", now=now, starts_at=now - DAY if change == "past" else None)
    assert list(EditionPeriod.objects.values_list("period")) == before


def test_the_database_refuses_two_editions_in_force_at_once(world: World) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError, match="one_edition_in_force_per_city"), transaction.atomic():
        EditionPeriod.objects.create(
            edition=another_edition(world), city=world.city, period=DateTimeTZRange(now, None), activated_at=now
        )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM geo_editionperiod",
        "UPDATE geo_editionperiod SET period = tstzrange('2020-01-01', NULL)",
        "UPDATE geo_editionperiod SET period = tstzrange(lower(period), '2025-06-01')",
        "UPDATE geo_editionperiod SET activated_by = 'somebody else'",
    ],
)
def test_the_database_does_not_let_the_past_be_rewritten(world: World, statement: str) -> None:
    with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", ["boundary = ST_Multi(ST_Envelope(boundary))", "population = 5", "district_id = 0"])
def test_the_database_does_not_let_a_recorded_boundary_be_changed(world: World, change: str) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE geo_districtboundary SET {change}")  # noqa: S608 (ours)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.sampled_from(["activate", "wait", "withdraw", "back"]), st.integers(1, 40)), max_size=8)
)
def test_whatever_is_done_exactly_one_edition_is_in_force_and_history_only_grows(
    world: World, moves: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        now = timezone.now()
        history: dict[datetime.datetime, int] = {now: world.edition.pk}
        for move, hours in moves:
            now += datetime.timedelta(hours=hours)
            try:
                if move == "activate":
                    activate_edition(another_edition(world), by="tests", now=now)
                elif move == "wait":
                    activate_edition(another_edition(world), by="tests", now=now, starts_at=now + DAY)
                elif move == "withdraw":
                    withdraw_activation(world.city, by="tests", now=now)
                else:
                    roll_back(world.city, by="tests", now=now)
            except ActivationRefused:
                pass
            [edition] = BoundaryEdition.objects.in_force_at(now).filter(city=world.city)
            history[now] = edition.pk
            for moment, pk in history.items():
                assert in_force(world, moment).pk == pk
        transaction.set_rollback(True)
