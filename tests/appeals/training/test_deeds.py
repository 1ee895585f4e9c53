"""A training copy: the same districts and people, letters made up, done as their history says, and nothing gets out."""

import datetime
import uuid
from collections.abc import Iterator

import pgtrigger
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from analysis.closing import OnlyTraining, close_due, close_period
from analysis.models import Release
from analysis.past import cities_with_letters
from analysis.periods import Period
from appeals import services
from appeals.access import as_staff
from appeals.delivery import deliver
from appeals.drafts import Draft
from appeals.due import announce_due, owed_by
from appeals.models import Appeal, ExerciseLetter, ExerciseRun, Notice
from appeals.notices import announce
from appeals.readiness import kit, move_on
from appeals.training.deeds import (
    ExercisesRun,
    NoExercisesRun,
    NotATrainingCopy,
    begin_exercises,
    end_exercises,
    make_training_copy,
)
from appeals.training.results import exercises_of
from appeals.training.tasks import OF_AN_OFFICER, Task
from geo.cities import add_city
from geo.copying import CannotCopy
from geo.lookup import OutsideServedArea
from geo.models import (
    BoundaryEdition,
    City,
    District,
    DistrictBoundary,
    EditionPeriod,
    Street,
    TerritoryList,
    TerritoryRule,
)
from geo.moments import local_day
from geo.stages import NoSuchStep
from geo.territories.files import read_territories
from geo.territories.recording import compile_reading, record_territories
from people.lookup import lookup_point
from people.managing import change_roles, disable, roles_in
from people.models import Membership, Officer, Posting, User
from people.rights import NotCoordinator
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY


@pytest.fixture
def coordinator(office: Office) -> User:
    """The coordinator of the office's city, whose officer in the middle signs in too."""
    second = user_with_role(office.world, "officer", "second@example.org")
    Officer.objects.filter(pk=office.world.officer_on_leave.pk).update(user=second)
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


@pytest.fixture
def copy(office: Office, coordinator: User) -> City:
    return make_training_copy(city=office.world.city, by=coordinator, at=NOON)


@pytest.fixture
def run(transactional_db: None, office: Office, coordinator: User) -> Iterator[ExerciseRun]:
    """Exercises that run, committed: each letter is sent in a transaction of its own."""
    copy = make_training_copy(city=office.world.city, by=coordinator, at=NOON)
    return begin_exercises(copy=copy, by=coordinator, seed=7, at=NOON)


def letter_of(run: ExerciseRun, person: User, task: Task) -> Appeal:
    return Appeal.objects.with_key().get(exercise__run=run, exercise__person=person, exercise__task=task)


def reply(letter: Appeal, by: User, at: datetime.datetime) -> None:
    with as_staff(by, on=local_day(at)):
        services.reply(appeal=letter, author=by, body="Навчальна відповідь.", sent_at=at, key=uuid.uuid4())


def test_the_copy_has_the_same_districts_polygons_and_people(office: Office, copy: City) -> None:
    world = office.world
    assert (copy.slug, copy.stage, copy.copy_of) == ("navchannia-training", "training", world.city)
    codes = {"1", "2", "3"}
    assert set(District.objects.filter(city=copy).values_list("code", flat=True)) == codes
    for code in codes:
        one, other = (
            DistrictBoundary.objects.in_force_at(NOON).get(edition__city=city, district__code=code)
            for city in (world.city, copy)
        )
        assert one.boundary.equals(other.boundary)
    cards = Officer.objects.filter(city=copy)
    assert set(cards.values_list("key", "is_training", "phone", "email")) == {
        (key, True, "", "") for key in ("north", "mid", "acting")
    }
    assert cards.get(key="north").user == office.officer
    roles = Membership.objects.filter(city=world.city).values_list("user", "role")
    assert set(Membership.objects.filter(city=copy).values_list("user", "role")) == set(roles)


def test_a_copy_finds_another_slug_where_its_own_is_taken(office: Office, coordinator: User) -> None:
    add_city(slug="navchannia-training", name_uk="Інше місто")
    copy = make_training_copy(city=office.world.city, by=coordinator, at=NOON)
    assert copy.slug == "navchannia-training-2"
    assert make_training_copy(city=office.world.city, by=coordinator, at=later(hours=1)) == copy


def test_renewing_follows_the_city_and_makes_no_second_copy(office: Office, coordinator: User, copy: City) -> None:
    leaver = office.supervisor
    Membership.objects.filter(user=leaver).delete()
    Posting.objects.filter(officer=office.world.officer).delete()
    again = make_training_copy(city=office.world.city, by=coordinator, at=later(days=1))
    assert again == copy
    assert not Membership.objects.filter(city=copy, user=leaver).exists()
    assert not Posting.objects.filter(officer__city=copy, officer__key="north", role="main").exists()
    assert BoundaryEdition.objects.filter(city=copy).count() == 1


def test_renewing_follows_a_sign_in_that_moved_to_another_card(office: Office, coordinator: User, copy: City) -> None:
    first, second = Officer.objects.filter(city=office.world.city).exclude(user=None).order_by("key")
    signs_in = {card.key: card.user for card in (first, second)}
    Officer.objects.filter(pk__in=[first.pk, second.pk]).update(user=None)
    for card, other in ((first, second), (second, first)):
        Officer.objects.filter(pk=card.pk).update(user=signs_in[other.key])
    make_training_copy(city=office.world.city, by=coordinator, at=NOON)
    assert copy.officers.get(key=first.key).user == signs_in[second.key]


def test_who_leaves_the_city_leaves_its_copy_and_a_newcomer_comes_along(
    office: Office, coordinator: User, copy: City
) -> None:
    change_roles(
        by=coordinator, whom=office.supervisor, city=office.world.city, roles=["moderator"], officer=None, at=NOON
    )
    assert roles_in(copy, office.supervisor) == ["moderator"]
    newcomer = user_with_role(office.world, "coordinator", "newcomer@example.org")
    disable(by=newcomer, whom=office.supervisor, city=office.world.city, at=NOON)
    assert not User.objects.get(pk=office.supervisor.pk).is_active


def test_only_a_coordinator_copies_and_only_what_has_boundaries(office: Office, coordinator: User, copy: City) -> None:
    with pytest.raises(NotCoordinator):
        make_training_copy(city=office.world.city, by=office.supervisor, at=NOON)
    with pytest.raises(CannotCopy):
        make_training_copy(city=copy, by=coordinator, at=NOON)
    bare = City.objects.create(slug="hole", name_uk="Голе")
    Membership.objects.create(user=coordinator, city=bare, role="coordinator")
    with pytest.raises(CannotCopy):
        make_training_copy(city=bare, by=coordinator, at=NOON)


def test_a_city_of_lists_trains_in_a_copy_of_its_list(
    transactional_db: None, office: Office, coordinator: User
) -> None:
    city = office.world.city
    with pgtrigger.ignore("geo.EditionPeriod:past_is_not_rewritten"):
        EditionPeriod.objects.filter(city=city).delete()  # as if it had none
    street = Street.objects.create(city=city, name_uk="вулиця Перша")
    rows = "\n".join(f"{code};вул. Перша;{code}" for code in ("1", "2", "3"))
    listed = compile_reading(city, read_territories(f"дільниця;вулиця;будинки\n{rows}".encode(), name="list.csv"))
    record_territories(city=city, compiled=listed, source="перелік", sha256="", recorded_at=NOON, recorded_by="test")
    for day in (0, 1):  # renewing adds no second list
        copy = make_training_copy(city=city, by=coordinator, at=later(days=day))
    assert TerritoryList.objects.filter(city=copy).count() == 1
    assert not BoundaryEdition.objects.filter(city=copy).exists()
    assert not TerritoryRule.objects.filter(territory_list__city=copy, street=street).exists()
    names = dict(District.objects.filter(city=city).values_list("code", "name_uk"))
    assert dict(District.objects.filter(city=copy).values_list("code", "name_uk")) == names
    run = begin_exercises(copy=copy, by=coordinator, seed=7, at=later(days=1))
    letter = letter_of(run, office.officer, Task.ANSWER)
    reply(letter, office.officer, later(days=1))
    done = {one.task for one in exercises_of(run, office.officer) if one.done_on}
    assert done == {Task.ANSWER}


def test_nobody_outside_meets_the_copy(office: Office, coordinator: User, copy: City) -> None:
    assert copy not in City.objects.visible_on_site()
    assert copy not in City.objects.served()
    assert copy in City.objects.with_office()
    with pytest.raises(NoSuchStep):
        move_on(city=copy, to="pilot", by=coordinator, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.filter(pk=copy.pk).update(stage="open")
    with pytest.raises(OutsideServedArea):
        lookup_point(lon=25.005, lat=49.995, at=NOON)


def test_exercises_are_for_a_copy_and_its_coordinator_alone(office: Office, coordinator: User, copy: City) -> None:
    with pytest.raises(NotATrainingCopy):
        begin_exercises(copy=office.world.city, by=coordinator, seed=1, at=NOON)
    with pytest.raises(NotCoordinator):
        begin_exercises(copy=copy, by=office.supervisor, seed=1, at=NOON)
    with pytest.raises(NoExercisesRun):
        end_exercises(copy=copy, by=coordinator, at=NOON)


def test_each_officer_gets_every_exercise_and_sees_its_letter(run: ExerciseRun, office: Office) -> None:
    own = exercises_of(run, office.officer)
    assert [one.task for one in own] == list(OF_AN_OFFICER)
    visible = Appeal.objects.visible_to(office.officer, on=TODAY).filter(exercise__person=office.officer)
    assert visible.count() == len(own)
    substitute = letter_of(run, office.officer, Task.SUBSTITUTE)
    assert substitute.district.code == "2"
    assert letter_of(run, office.officer, Task.PROTECTED).protected
    assert [one.task for one in exercises_of(run, office.supervisor)] == [Task.EXTEND]


def test_an_exercise_is_done_when_its_person_made_its_move(run: ExerciseRun, office: Office, coordinator: User) -> None:
    with pytest.raises(ExercisesRun):
        begin_exercises(copy=run.city, by=coordinator, seed=1, at=NOON)
    reply(letter_of(run, office.officer, Task.ANSWER), office.officer, later(hours=1))
    reply(letter_of(run, office.officer, Task.PROTECTED), office.supervisor, later(hours=1))
    study = letter_of(run, office.officer, Task.STUDY)
    with as_staff(office.officer, on=TODAY):
        services.accept(appeal=study, by=office.officer, at=later(hours=2))
        services.study(appeal=study, by=office.officer, at=later(hours=2))
    handed = letter_of(run, office.officer, Task.TRANSFER)
    to = District.objects.get(city=run.city, code="2")
    with as_staff(office.officer, on=TODAY):
        services.transfer(appeal=handed, to=to, by=office.officer, at=later(days=9), reason="Сусідня дільниця.")
    done = {one.task: one for one in exercises_of(run, office.officer)}
    assert done[Task.ANSWER].in_time
    assert done[Task.STUDY].in_time
    assert done[Task.TRANSFER].done_on
    assert not done[Task.TRANSFER].in_time
    assert done[Task.PROTECTED].done_on is None
    assert done[Task.SUBSTITUTE].done_on is None


def test_the_end_erases_every_letter_and_keeps_the_numbers(run: ExerciseRun, office: Office, coordinator: User) -> None:
    reply(letter_of(run, office.officer, Task.ANSWER), office.officer, later(hours=1))
    draft = Draft(district="1", category="noise", text="Записано за столом.")
    by_hand = services.submit_appeal(
        city=run.city, draft=draft, idempotency_key=str(uuid.uuid4()), received_at=later(hours=1)
    ).appeal
    outside = new_letter(office.world).appeal
    ended = end_exercises(copy=run.city, by=coordinator, at=later(hours=3))
    counted = {row["task"]: (row["all"], row["done"], row["in_time"]) for row in ended.results}
    assert counted["answer"] == (2, 1, 1)
    assert counted["extend"] == (1, 0, 0)
    letters = Appeal.objects.filter(city=run.city)
    assert all(letter.is_erased for letter in letters)
    assert by_hand.pk in {letter.pk for letter in letters}
    assert not letters.waiting().exists()
    assert not ExerciseLetter.objects.exists()
    assert not Appeal.objects.get(pk=outside.pk).is_erased
    assert begin_exercises(copy=run.city, by=coordinator, seed=8, at=later(hours=4)).letters.exists()


def test_letters_answered_in_the_copy_count_for_the_opening_of_the_city(run: ExerciseRun, office: Office) -> None:
    before = next(item for item in kit(office.world.city, at=later(hours=2)) if item.need == "practice")
    reply(letter_of(run, office.officer, Task.ANSWER), office.officer, later(hours=1))
    after = next(item for item in kit(office.world.city, at=later(hours=2)) if item.need == "practice")
    assert before.sentence != after.sentence


def test_notices_of_the_copy_are_written_down_and_never_sent(office: Office, coordinator: User, copy: City) -> None:
    letter = new_letter(office.world, city=copy, answer_by="email", email="writer@example.org", point=None).appeal
    notice = announce(appeal=letter, kind=Notice.Kind.ANSWERED, event="reply:1", at=NOON)
    assert notice
    assert (notice.state, notice.settled_at) == ("dropped", NOON)
    assert not ProcrastinateJob.objects.exists()
    Notice.objects.filter(pk=notice.pk).update(state="waiting", settled_at=None)
    deliver(notice.pk, clock=lambda: NOON)
    notice.refresh_from_db()
    assert (notice.state, mail.outbox) == ("dropped", [])
    real = new_letter(office.world, answer_by="email", email="writer@example.org").appeal
    sent = announce(appeal=real, kind=Notice.Kind.ANSWERED, event="reply:2", at=NOON)
    assert sent
    assert sent.state == "waiting"


def test_what_is_due_in_the_copy_is_no_mails_matter(office: Office, coordinator: User, copy: City) -> None:
    new_letter(office.world, city=copy, point=None)
    late = later(days=9)
    assert not owed_by(office.officer, on=local_day(late))
    assert announce_due(now=late) == 0
    new_letter(office.world)
    assert owed_by(office.officer, on=local_day(late)).overdue == 1


def test_no_statistics_are_made_of_the_copy(office: Office, coordinator: User, copy: City) -> None:
    for city in (office.world.city, copy):
        sent = new_letter(office.world, city=city)
        reply(sent.appeal, office.officer, later(hours=1))
    assert cities_with_letters() == [office.world.city]
    close_due(now=later(days=400))
    assert set(Release.objects.values_list("city", flat=True)) == {office.world.city.pk}
    with pytest.raises(OnlyTraining):
        close_period(city=copy, kind=Release.Kind.ORDINARY, period=Period.read("2026-06"), now=later(days=400))
