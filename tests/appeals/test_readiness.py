"""The opening kit is computed: each item in numbers, each stage refused with the list of what is missing."""

import datetime
import uuid

import pytest

from appeals import services
from appeals.access import as_staff
from appeals.promises import PromiseTooLong, promise, promise_of
from appeals.readiness import ANSWERS_AT_LEAST, kit, move_on
from geo.models import City, House, Street
from geo.stages import Item, Need, NoSuchStep, NotReady, Readiness
from people.cities import review_texts
from people.models import HelpLine, Officer, Posting, StaffDeed, Station, User
from people.pages import digests_of
from people.rights import NotCoordinator
from people.second_factor import give_authenticator_app
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, OPEN_ENDED, TODAY, World

DONE, WARNING, MISSING = Readiness.DONE, Readiness.WARNING, Readiness.MISSING


def item(city: City, need: Need, at: datetime.datetime = NOON) -> Item:
    [found] = [each for each in kit(city, at=at) if each.need is need]
    return found


def add_houses(world: World, inside: int, outside: int = 0) -> None:
    street = Street.objects.create(city=world.city, name_uk="вулиця Довга")
    for number in range(inside + outside):
        place = world.in_north if number < inside else world.outside
        House.objects.create(street=street, number=str(number + 1), location=place)


def make_ready(office: Office) -> User:
    """Let everything be right but letters; return the coordinator."""
    world = office.world
    add_houses(world, 3)
    Posting.objects.create(officer=world.acting, district=world.south, role="acting", during=OPEN_ENDED)
    for user in (office.supervisor, user_with_role(world, "moderator", f"moderator@{world.city.slug}.example.org")):
        give_authenticator_app(user)
    coordinator = user_with_role(world, "coordinator", f"coordinator@{world.city.slug}.example.org")
    HelpLine.objects.update(checked_on=TODAY)
    review_texts(by=coordinator, city=world.city, read=digests_of(world.city), at=NOON)
    world.city.refresh_from_db()
    return coordinator


def answer_letters(office: Office, number: int, *, days: int = 1) -> None:
    """Let so many letters come in, each answered after so many days."""
    for _ in range(number):
        sent = new_letter(office.world)
        at = later(days=days)
        with as_staff(office.officer, on=at.date()):
            services.reply(appeal=sent.appeal, author=office.officer, body="Так.", sent_at=at, key=_key())


def _key() -> uuid.UUID:
    return uuid.uuid4()


def test_boundaries_in_force_are_told_with_their_number(world: World) -> None:
    found = item(world.city, Need.BOUNDARIES)
    assert (found.readiness, found.sentence) == (DONE, "Редакція 1 перевірена і чинна: 3 дільниці.")
    bare = City.objects.create(slug="hole", name_uk="Голе")
    assert item(bare, Need.BOUNDARIES).readiness is MISSING


@pytest.mark.parametrize(
    ("inside", "outside", "readiness"), [(0, 0, MISSING), (8, 2, MISSING), (9, 1, WARNING), (10, 0, DONE)]
)
def test_addresses_are_as_ready_as_the_share_of_houses_in_one_district(
    world: World, inside: int, outside: int, readiness: Readiness
) -> None:
    add_houses(world, inside, outside)
    assert item(world.city, Need.ADDRESSES).readiness is readiness


def test_a_letter_answered_in_time_stays_so_when_it_is_closed_late(office: Office) -> None:
    for _ in range(ANSWERS_AT_LEAST):
        sent = new_letter(office.world)
        with as_staff(office.officer, on=TODAY):
            services.reply(appeal=sent.appeal, author=office.officer, body="Так.", sent_at=later(hours=1), key=_key())
            services.close(appeal=sent.appeal, by=office.officer, at=later(days=9), reason="Done.")
    assert item(office.world.city, Need.PRACTICE, later(days=10)).readiness is DONE


def test_a_district_without_officer_is_named(world: World) -> None:
    found = item(world.city, Need.OFFICERS)
    assert found.readiness is MISSING
    assert found.sentence.endswith(": 3.")
    Posting.objects.create(officer=world.acting, district=world.south, role="acting", during=OPEN_ENDED)
    assert item(world.city, Need.OFFICERS).readiness is DONE


def test_a_card_nobody_checked_for_90_days_is_missing(world: World) -> None:
    assert item(world.city, Need.CONTACTS).readiness is DONE
    Station.objects.update(checked_on=None)
    assert item(world.city, Need.CONTACTS).readiness is WARNING
    Station.objects.update(checked_on=TODAY)
    Officer.objects.filter(pk=world.officer.pk).update(phone="", email="")
    assert item(world.city, Need.CONTACTS).readiness is WARNING
    Officer.objects.filter(pk=world.officer.pk).update(checked_on=TODAY - datetime.timedelta(days=91))
    assert item(world.city, Need.CONTACTS).readiness is MISSING


def test_moderator_and_supervisor_count_with_a_second_factor_alone(office: Office) -> None:
    moderator = user_with_role(office.world, "moderator", "moderator@example.org")
    assert item(office.world.city, Need.STAFF).readiness is MISSING
    give_authenticator_app(office.supervisor)
    assert "модератора" in item(office.world.city, Need.STAFF).sentence
    give_authenticator_app(moderator)
    assert item(office.world.city, Need.STAFF).readiness is DONE
    user_with_role(office.world, "moderator", "late@example.org")
    assert item(office.world.city, Need.STAFF).readiness is WARNING
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    assert item(office.world.city, Need.STAFF).readiness is MISSING


def test_texts_are_read_within_90_days(office: Office) -> None:
    assert item(office.world.city, Need.TEXTS).readiness is MISSING
    make_ready(office)
    assert item(office.world.city, Need.TEXTS).readiness is DONE
    assert item(office.world.city, Need.TEXTS, later(days=91)).readiness is MISSING
    HelpLine.objects.update(checked_on=TODAY - datetime.timedelta(days=91))
    assert item(office.world.city, Need.TEXTS).readiness is WARNING


def test_letters_are_answered_in_time_or_the_city_waits(office: Office) -> None:
    city = office.world.city
    answer_letters(office, ANSWERS_AT_LEAST - 1)
    assert item(city, Need.PRACTICE, later(days=2)).readiness is MISSING
    answer_letters(office, 1)
    assert item(city, Need.PRACTICE, later(days=2)).readiness is DONE
    new_letter(office.world)
    assert item(city, Need.PRACTICE, later(days=2)).readiness is DONE
    assert item(city, Need.PRACTICE, later(days=9)).readiness is MISSING


def test_late_answers_do_not_count(office: Office) -> None:
    answer_letters(office, ANSWERS_AT_LEAST - 2)
    answer_letters(office, 2, days=20)
    assert item(office.world.city, Need.PRACTICE, later(days=21)).readiness is MISSING


def test_a_city_goes_from_draft_to_open_and_each_step_is_written_down(db: None) -> None:
    office = build_office()
    city = office.world.city
    coordinator = make_ready(office)
    City.objects.filter(pk=city.pk).update(stage="draft")
    move_on(city=city, to="training", by=coordinator, at=NOON)
    move_on(city=city, to="pilot", by=coordinator, at=NOON)
    with pytest.raises(NotReady) as refusal:
        move_on(city=city, to="open", by=coordinator, at=NOON)
    assert [each.need for each in refusal.value.missing] == [Need.PRACTICE]
    City.objects.filter(pk=city.pk).update(takes_letters=True)
    office.world.city.refresh_from_db()
    answer_letters(office, ANSWERS_AT_LEAST)
    assert move_on(city=city, to="open", by=coordinator, at=later(days=2)).stage == "open"
    told = StaffDeed.objects.filter(deed="stage").order_by("pk").values_list("facts", flat=True)
    assert list(told) == [
        {"before": "draft", "after": "training"},
        {"before": "training", "after": "pilot"},
        {"before": "pilot", "after": "open"},
    ]


def test_what_is_missing_is_named_and_the_city_stays(office: Office) -> None:
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    with pytest.raises(NotReady) as refusal:
        move_on(city=office.world.city, to="pilot", by=coordinator, at=NOON)
    missing = [each.need for each in refusal.value.missing]
    assert missing == [Need.ADDRESSES, Need.OFFICERS, Need.STAFF, Need.TEXTS]
    assert all(each.sentence in str(refusal.value) for each in refusal.value.missing)
    office.world.city.refresh_from_db()
    assert office.world.city.stage == "training"
    assert not StaffDeed.objects.exists()


def test_a_city_is_not_closed_while_a_letter_waits(office: Office) -> None:
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    sent = new_letter(office.world)
    City.objects.filter(pk=office.world.city.pk).update(stage="open")
    with pytest.raises(NotReady):
        move_on(city=office.world.city, to="closed", by=coordinator, at=NOON)
    with as_staff(office.officer, on=TODAY):
        services.reply(appeal=sent.appeal, author=office.officer, body="Так.", sent_at=later(hours=1), key=_key())
    assert move_on(city=office.world.city, to="closed", by=coordinator, at=later(hours=2)).stage == "closed"


@pytest.mark.parametrize("to", ["open", "closed", "training", "", "nowhere"])
def test_what_the_table_does_not_have_cannot_happen(office: Office, to: str) -> None:
    coordinator = make_ready(office)
    with pytest.raises(NoSuchStep):
        move_on(city=office.world.city, to=to, by=coordinator, at=NOON)


def test_only_a_coordinator_of_the_city_moves_it(office: Office) -> None:
    make_ready(office)
    other = make_ready(build_office("inshe", west=26.0))
    for by in (other, office.supervisor, office.officer):
        with pytest.raises(NotCoordinator):
            move_on(city=office.world.city, to="pilot", by=by, at=NOON)


def test_a_promise_holds_for_letters_from_then_on(office: Office) -> None:
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    before = new_letter(office.world).appeal
    assert promise_of(office.world.city) == 2
    promise(by=coordinator, city=office.world.city, days=4, at=NOON)
    assert promise_of(office.world.city) == 4
    assert new_letter(office.world).appeal.answer_due_on > before.answer_due_on
    before.refresh_from_db()
    assert before.answer_due_on == TODAY + datetime.timedelta(days=2)
    assert StaffDeed.objects.get().facts == {"before": {"promise": 2}, "after": {"promise": 4}}
    for days in (0, 11):
        with pytest.raises(PromiseTooLong):
            promise(by=coordinator, city=office.world.city, days=days, at=NOON)
