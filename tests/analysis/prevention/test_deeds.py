"""Measures: who records them, that nothing is rewritten, and that words can be erased."""

import uuid

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from analysis.filters import HeatFilters
from analysis.models import Measure, MeasureVersion, PreventionPlace
from analysis.prevention import deeds
from analysis.prevention.drafts import Draft
from analysis.prevention.errors import BadDay, BadWords, MeasureChanged, NoHotspotThere, NotATopicOfPlaces, NotTheirs
from analysis.prevention.places import is_live
from appeals.models import Category
from people.models import Posting, User
from tests.analysis.letters import accepted
from tests.analysis.prevention.worlds import (
    DAY,
    FILTERS,
    SINCE,
    another,
    at_corner,
    corner_cell,
    draft,
    recorded,
    with_hotspot,
)
from tests.appeals.conftest import Office, user_with_role
from tests.world import NOON, OPEN_ENDED, TODAY


@pytest.fixture
def measure(office: Office) -> Measure:
    """A patrol ten days ago at the hotspot of the north."""
    with_hotspot(office)
    return recorded(office)


@pytest.fixture
def acting(office: Office) -> User:
    """Another officer, who acts for the north today."""
    user = user_with_role(office.world, "officer", "acting@example.org")
    office.world.acting.user = user
    office.world.acting.save()
    Posting.objects.create(officer=office.world.acting, district=office.world.north, role="acting", during=OPEN_ENDED)
    return user


def states(measure: Measure) -> list[str]:
    """Its versions, the oldest first."""
    return list(measure.versions.values_list("state", flat=True))


def fresh(measure: Measure) -> Measure:
    """Read it anew."""
    return Measure.objects.whole().get(pk=measure.pk)


def test_a_measure_is_recorded_at_whole_cells_of_a_hotspot(office: Office, measure: Measure) -> None:
    place = measure.place
    assert (place.district, place.number, place.category, place.zoom) == (office.world.north, 1, None, 17)
    assert (place.first, place.last) == (SINCE, TODAY)
    assert corner_cell(office) in place.cells
    assert (measure.current.kind, measure.current.state, measure.current.by) == ("patrol", "done", office.officer)


def test_a_second_measure_at_the_hotspot_belongs_to_the_same_place(office: Office, measure: Measure) -> None:
    accepted(office, at_corner(3))
    assert recorded(office, draft(kind="light")).place == measure.place
    assert another(measure, office, draft(kind="talk")).place == measure.place
    assert PreventionPlace.objects.count() == 1


def test_a_place_that_is_no_longer_measured_leaves_the_hotspot_to_a_new_one(office: Office, measure: Measure) -> None:
    place = PreventionPlace.objects.prefetch_related("measures__versions").get()
    assert is_live(place, on=TODAY + 364 * DAY)
    assert not is_live(place, on=TODAY + 365 * DAY)
    deeds.withdraw_measure(measure=measure, after=1, by=office.officer, at=NOON)
    assert recorded(office).place.number == 2


def test_the_same_key_is_the_same_measure(office: Office) -> None:
    with_hotspot(office)
    given = {"city": office.world.city, "filters": FILTERS, "cell": corner_cell(office), "by": office.officer}
    key = uuid.uuid4()
    one, two = (deeds.record_at_hotspot(**given, draft=draft(), key=key, at=NOON) for _ in range(2))
    assert one == two
    assert MeasureVersion.objects.count() == 1


def test_a_key_of_another_place_is_refused(office: Office, measure: Measure) -> None:
    other = PreventionPlace.objects.create(
        city=office.world.city, district=office.world.north, number=7, zoom=17, cells=[1], first=SINCE, last=TODAY,
        recorded_by=office.officer, recorded_at=NOON,
    )  # fmt: skip
    with pytest.raises(MeasureChanged):
        deeds.record_measure(place=other, draft=draft(), key=measure.key, by=office.officer, at=NOON)


def test_where_nothing_stands_out_nothing_is_recorded(office: Office) -> None:
    with_hotspot(office)
    with pytest.raises(NoHotspotThere):
        deeds.record_at_hotspot(
            city=office.world.city, filters=FILTERS, cell=1, draft=draft(), key=uuid.uuid4(), by=office.officer, at=NOON
        )


@pytest.mark.parametrize("slugs", [("domestic-violence",), ("noise", "traffic")])
def test_sensitive_topics_have_no_place(office: Office, slugs: tuple[str, ...]) -> None:
    filters = HeatFilters(categories=slugs, first=SINCE, last=TODAY, zoom=17)
    with pytest.raises(NotATopicOfPlaces):
        deeds.record_at_hotspot(
            city=office.world.city, filters=filters, cell=1, draft=draft(), key=uuid.uuid4(), by=office.officer, at=NOON
        )


def test_letters_on_sensitive_topics_are_in_no_place(office: Office) -> None:
    accepted(office, [*at_corner(30)])
    letters = at_corner(1)[0]
    accepted(office, [type(letters)(place=letters.place, at=letters.at, category="domestic-violence")] * 40)
    with_hotspot(office)
    assert recorded(office).place.category is None
    assert Category.objects.filter(protected=True).exists()


def test_an_acting_officer_records_too(office: Office, measure: Measure, acting: User) -> None:
    deeds.change_measure(measure=measure, draft=draft(kind="visit"), after=1, by=acting, at=NOON)
    assert (fresh(measure).current.kind, fresh(measure).current.by) == ("visit", acting)


@pytest.mark.parametrize("role", ["supervisor", "officer", "moderator", "analyst", "coordinator"])
def test_nobody_else_records_or_changes(office: Office, measure: Measure, role: str) -> None:
    user = user_with_role(office.world, role, f"{role}@example.org")
    given = {"by": user, "at": NOON}
    with pytest.raises(NotTheirs):
        deeds.record_measure(place=measure.place, draft=draft(), key=uuid.uuid4(), **given)
    with pytest.raises(NotTheirs):
        deeds.record_at_hotspot(
            city=office.world.city,
            filters=FILTERS,
            cell=measure.place.cells[0],
            draft=draft(),
            key=uuid.uuid4(),
            **given,
        )
    with pytest.raises(NotTheirs):
        deeds.change_measure(measure=measure, draft=draft(), after=1, **given)
    with pytest.raises(NotTheirs):
        deeds.withdraw_measure(measure=measure, after=1, **given)
    with pytest.raises(NotTheirs):
        deeds.put_back(measure=measure, number=1, after=1, **given)
    assert states(measure) == ["done"]


def test_supervisors_read_and_comment_and_others_do_not(office: Office, measure: Measure) -> None:
    say = {"measure": measure, "text": "Добре.", "at": NOON}
    deeds.comment_on(key=uuid.uuid4(), by=office.supervisor, **say)
    deeds.comment_on(key=uuid.uuid4(), by=office.officer, **say)
    for role in ("officer", "moderator", "analyst", "coordinator"):
        user = user_with_role(office.world, role, f"{role}@example.org")
        assert not Measure.objects.visible_to(user, on=TODAY).exists()
        with pytest.raises(NotTheirs):
            deeds.comment_on(key=uuid.uuid4(), by=user, **say)
        with pytest.raises(NotTheirs):
            deeds.erase_words(measure=measure, by=user, at=NOON)
    assert measure.comments.count() == 2


def test_each_change_is_another_version_and_any_can_be_put_back(office: Office, measure: Measure) -> None:
    given = {"by": office.officer, "at": NOON}
    deeds.change_measure(measure=measure, draft=draft(kind="talk", text="З двором"), after=1, **given)
    deeds.withdraw_measure(measure=fresh(measure), after=2, **given)
    deeds.withdraw_measure(measure=fresh(measure), after=3, **given)  # pressed twice: nothing more happens
    assert states(measure) == ["done", "done", "withdrawn"]
    deeds.put_back(measure=fresh(measure), number=2, after=3, **given)
    assert (fresh(measure).current.kind, fresh(measure).current.text) == ("talk", "З двором")
    with pytest.raises(MeasureChanged):
        deeds.put_back(measure=fresh(measure), number=3, after=4, **given)


def test_what_somebody_changed_meanwhile_is_not_overwritten(office: Office, measure: Measure) -> None:
    stale = fresh(measure)
    stale.current  # noqa: B018 - read before the other's change
    given = {"by": office.officer, "at": NOON}
    deeds.change_measure(measure=measure, draft=draft(kind="talk"), after=1, **given)
    for read in (stale, fresh(measure)):
        with pytest.raises(MeasureChanged):
            deeds.change_measure(measure=read, draft=draft(kind="visit"), after=1, **given)
    assert fresh(measure).current.kind == "talk"


@pytest.mark.parametrize("table", ["analysis_preventionplace", "analysis_measure", "analysis_measureversion"])
def test_the_database_keeps_history_as_it_is(office: Office, measure: Measure, table: str) -> None:
    for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):  # noqa: S608
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


def test_words_can_be_erased_and_nothing_else(office: Office, measure: Measure) -> None:
    given = {"by": office.officer, "at": NOON}
    deeds.change_measure(measure=measure, draft=draft(text="Чиїсь слова"), after=1, **given)
    deeds.comment_on(measure=measure, text="І ще слова", key=uuid.uuid4(), **given)
    with pytest.raises(DatabaseError), transaction.atomic():
        measure.versions.update(text="інші слова")
    with pytest.raises(DatabaseError), transaction.atomic():
        measure.versions.update(text="", erased_at=NOON, kind="visit")
    assert deeds.erase_words(measure=measure, by=office.supervisor, at=NOON) == 2
    assert set(measure.versions.values_list("text", flat=True)) == {""}
    assert set(measure.comments.values_list("text", flat=True)) == {""}
    assert [each.erased_at is not None for each in measure.versions.all()] == [False, True]


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (Draft("patrol", "done", TODAY + DAY), BadDay),
        (Draft("patrol", "planned", TODAY - DAY), BadDay),
        (Draft("patrol", "done", TODAY - 400 * DAY), BadDay),
        (Draft("other", "done", TODAY), BadWords),
        (Draft("visit", "done", TODAY, "x" * 301), BadWords),
        (Draft("visit", "done", TODAY, "Розмова, кв. 5"), BadWords),
    ],
)
def test_what_cannot_be_is_refused_in_words(office: Office, what: Draft, error: type[Exception]) -> None:
    with_hotspot(office)
    with pytest.raises(error, match=r"\w"):
        recorded(office, what)
    assert not PreventionPlace.objects.exists()
