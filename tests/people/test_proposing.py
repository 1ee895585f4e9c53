"""Cards and texts change by proposal and approval; every change is written down, and nothing is written over unseen."""

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from appeals.models import Category
from people.models import Officer, Proposal, User
from people.phones import check_phone, phones_of
from people.proposal_rules import (
    AlreadyDecided,
    CannotBeUndone,
    ChangedMeanwhile,
    NothingChanges,
    NotYoursToDecide,
    NotYoursToPropose,
    ReasonMissing,
    SubjectGone,
    can_be_undone,
    may_decide,
    may_decide_about,
    may_propose,
)
from people.proposing import approve, change, decline, propose, undo, withdraw
from people.subjects import DISTRICT, OFFICER, STATION, differing, fingerprint, subjects, values_of
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import NOON, TODAY

LATER = NOON + datetime.timedelta(hours=1)


@pytest.fixture
def office(db: None) -> Office:
    return build_office()


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


@pytest.fixture
def coordinator(office: Office) -> User:
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


def proposed(office: Office, by: User, **changes: object) -> Proposal:
    """A change of the card of the north's officer that waits."""
    card = Officer.objects.get(pk=office.world.officer.pk)
    return propose(
        by=by, city=office.world.city, row=card, changes=changes or {"reception_uk": "пн 10:00–12:00"},
        why="Так на дверях", shown=fingerprint(card), at=NOON,
    )  # fmt: skip


def changed(office: Office, by: User, **changes: object) -> Proposal:
    """A direct change of the same card."""
    card = Officer.objects.get(pk=office.world.officer.pk)
    return change(by=by, city=office.world.city, row=card, changes=changes, shown=fingerprint(card), at=NOON)


def card_of(office: Office) -> Officer:
    return Officer.objects.select_related("station").get(pk=office.world.officer.pk)


# --- proposing and deciding -----------------------------------------------------------------------------------


def test_card_stays_as_it_is_until_the_proposal_is_approved(office: Office, moderator: User, coordinator: User) -> None:
    waiting = proposed(office, moderator, phone="+380443000222", reception_uk="пн 10:00–12:00")
    assert waiting.was == {"phone": "+380443000201", "reception_uk": "вт 17:00–19:00"}
    assert str(card_of(office).phone) == "+380 44 300 0201"
    done = approve(by=coordinator, proposal=waiting, shown=fingerprint(card_of(office)), at=LATER)
    assert card_of(office).reception_uk == "пн 10:00–12:00"
    assert (done.state, done.decided_by, done.became) == ("approved", coordinator, waiting.proposed)
    assert not done.is_edited


def test_the_same_asked_twice_is_one_proposal_while_it_waits(
    office: Office, moderator: User, coordinator: User
) -> None:
    first = proposed(office, moderator)
    assert proposed(office, moderator) == first
    others = {proposed(office, moderator, rank_uk="майор поліції"), proposed(office, coordinator)}
    assert first not in others and len(others) == 2
    withdraw(by=moderator, proposal=first, at=LATER)
    assert proposed(office, moderator) != first


def test_officer_proposes_changes_of_their_own_card_alone(office: Office) -> None:
    assert proposed(office, office.officer).state == "waiting"
    with pytest.raises(NotYoursToPropose):
        propose(
            by=office.officer, city=office.world.city, row=office.world.acting, changes={"name_uk": "Інший"},
            why="Так", shown=fingerprint(office.world.acting), at=NOON,
        )  # fmt: skip


def test_moderator_does_not_decide_about_a_card(office: Office, moderator: User) -> None:
    waiting = proposed(office, moderator)
    with pytest.raises(NotYoursToDecide):
        approve(by=moderator, proposal=waiting, shown=fingerprint(card_of(office)), at=LATER)
    with pytest.raises(NotYoursToDecide):
        changed(office, moderator, name_uk="Інший")
    with pytest.raises(NotYoursToDecide):
        decline(by=moderator, proposal=waiting, reason="Ні", at=LATER)


def test_who_decides_may_edit_first_and_the_row_tells_both(office: Office, moderator: User, coordinator: User) -> None:
    waiting = proposed(office, moderator, name_en="Jon", reception_uk="пн 10:00–12:00")
    edited = {"name_en": "John", "rank_en": "major"}
    done = approve(by=coordinator, proposal=waiting, shown=fingerprint(card_of(office)), at=LATER, changes=edited)
    assert (card_of(office).name_en, card_of(office).reception_uk) == ("John", "вт 17:00–19:00")
    assert done.became == {"name_en": "John", "rank_en": "major", "reception_uk": "вт 17:00–19:00"}
    assert done.is_edited


def test_proposal_whose_base_has_changed_is_never_carried_out_unseen(
    office: Office, moderator: User, coordinator: User
) -> None:
    waiting = proposed(office, moderator)
    shown = fingerprint(card_of(office))
    changed(office, coordinator, name_en="Somebody")
    with pytest.raises(ChangedMeanwhile):
        approve(by=coordinator, proposal=waiting, shown=shown, at=LATER)
    assert card_of(office).reception_uk == "вт 17:00–19:00"
    approve(by=coordinator, proposal=waiting, shown=fingerprint(card_of(office)), at=LATER)
    assert card_of(office).reception_uk == "пн 10:00–12:00"


def test_refusal_needs_a_reason_and_changes_nothing(office: Office, moderator: User, coordinator: User) -> None:
    waiting = proposed(office, moderator)
    with pytest.raises(ReasonMissing):
        decline(by=coordinator, proposal=waiting, reason="  ", at=LATER)
    assert decline(by=coordinator, proposal=waiting, reason="Ні", at=LATER).reason == "Ні"
    with pytest.raises(AlreadyDecided):
        approve(by=coordinator, proposal=waiting, shown=fingerprint(card_of(office)), at=LATER)
    assert card_of(office).reception_uk == "вт 17:00–19:00"


def test_only_the_proposer_takes_a_proposal_back(office: Office, moderator: User, coordinator: User) -> None:
    waiting = proposed(office, moderator)
    with pytest.raises(NotYoursToPropose):
        withdraw(by=coordinator, proposal=waiting, at=LATER)
    assert withdraw(by=moderator, proposal=waiting, at=LATER).state == "withdrawn"


def test_nothing_new_is_no_proposal_and_a_reason_is_asked_for(office: Office, moderator: User) -> None:
    with pytest.raises(NothingChanges):
        proposed(office, moderator, name_en="Test Officer 1")
    with pytest.raises(ReasonMissing):
        propose(
            by=moderator, city=office.world.city, row=card_of(office), changes={"name_en": "X"}, why=" ",
            shown=fingerprint(card_of(office)), at=NOON,
        )  # fmt: skip


def test_only_fields_of_the_closed_set_are_changed(office: Office, moderator: User, coordinator: User) -> None:
    with pytest.raises(NothingChanges):
        proposed(office, moderator, user=moderator.pk, key="x", city=1, is_training=True)
    station = office.world.station
    with pytest.raises(NothingChanges):
        change(
            by=coordinator, city=station.city, row=station, changes={"is_duty": False}, shown=fingerprint(station),
            at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"phone": "12"}, {"phone": "", "email": ""}, {"name_uk": ""}, {"kind": "sheriff"}, {"checked_on": "soon"},
     {"station": 0}],
)  # fmt: skip
def test_direct_change_is_checked_as_a_proposal_is(
    office: Office, moderator: User, coordinator: User, changes: dict[str, object]
) -> None:
    for do, by in ((proposed, moderator), (changed, coordinator)):
        with pytest.raises(ValidationError), transaction.atomic():
            do(office, by, **changes)
    assert not Proposal.objects.exists()


def test_station_of_another_city_is_refused(office: Office, coordinator: User) -> None:
    elsewhere = build_office("inshe", west=26.0).world.station
    with pytest.raises(ValidationError, match=r"іншому місту|another city"):
        changed(office, coordinator, station=elsewhere.pk)


# --- whose it is ----------------------------------------------------------------------------------------------


def test_nobody_proposes_or_decides_in_another_city(office: Office, moderator: User, coordinator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    for row in (elsewhere.world.officer, elsewhere.world.station, elsewhere.world.north):
        assert not may_propose(moderator, row, office.world.city)
        assert not may_propose(coordinator, row, office.world.city)
        assert not may_decide(coordinator, row)


def test_categories_are_proposed_in_a_city_and_decided_by_an_administrator(
    office: Office, moderator: User, coordinator: User
) -> None:
    topic, root = Category.objects.order_by("pk")[0], User.objects.create_superuser("root@example.org")
    assert may_propose(coordinator, topic, office.world.city)
    assert not may_decide(coordinator, topic)
    waiting = propose(
        by=moderator, city=office.world.city, row=topic, changes={"name_uk": "Сусіди", "protected": True},
        why="Коротше", shown=fingerprint(topic), at=NOON,
    )  # fmt: skip
    assert waiting.proposed == {"name_uk": "Сусіди"}
    with pytest.raises(NotYoursToDecide):
        approve(by=coordinator, proposal=waiting, shown=fingerprint(topic), at=LATER)
    approve(by=root, proposal=waiting, shown=fingerprint(topic), at=LATER)
    assert Category.objects.get(pk=topic.pk).name_uk == "Сусіди"


def test_who_is_disabled_proposes_nothing(office: Office, moderator: User) -> None:
    moderator.is_active = False
    assert not may_propose(moderator, office.world.officer, office.world.city)


def test_city_and_others_see_what_is_theirs(office: Office, moderator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    foreign = user_with_role(elsewhere.world, "moderator", "foreign@example.org")
    mine, city = proposed(office, moderator), office.world.city
    assert list(Proposal.objects.shown_to(moderator, city)) == [mine]
    assert list(Proposal.objects.shown_to(office.officer, city)) == [mine]  # it is their card
    assert not Proposal.objects.shown_to(foreign, city).exists()
    assert not Proposal.objects.shown_to(foreign, elsewhere.world.city).exists()


# --- history --------------------------------------------------------------------------------------------------


def test_undoing_is_a_new_change_back(office: Office, coordinator: User) -> None:
    done = changed(office, coordinator, name_en="Somebody", languages=["uk", "en"])
    back = undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert (card_of(office).name_en, card_of(office).languages) == ("Test Officer 1", ["uk"])
    assert (back.undoes, back.was, back.became) == (done, done.became, done.replaced)
    again = undo(by=coordinator, city=office.world.city, done=back, at=LATER)
    assert card_of(office).name_en == "Somebody"
    assert again.undoes == back


def test_what_was_changed_again_is_not_undone(office: Office, coordinator: User) -> None:
    done = changed(office, coordinator, name_en="Somebody")
    changed(office, coordinator, name_en="Somebody Else")
    assert not can_be_undone(done, card_of(office))
    with pytest.raises(CannotBeUndone):
        undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert card_of(office).name_en == "Somebody Else"


def test_change_of_another_field_stands_in_nobodys_way(office: Office, coordinator: User) -> None:
    done = changed(office, coordinator, name_en="Somebody")
    changed(office, coordinator, rank_en="major")
    undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert (card_of(office).name_en, card_of(office).rank_en) == ("Test Officer 1", "major")


def test_check_stands_in_the_way_of_no_undoing_and_stays(office: Office, moderator: User, coordinator: User) -> None:
    done = changed(office, coordinator, name_en="Somebody", checked_on="2026-01-02")
    key = f"card:{done.subject_pk}"
    [phone] = [each for each in phones_of(office.world.city, on=TODAY) if each.key == key]
    check_phone(by=moderator, city=office.world.city, key=key, number=phone.number, at=NOON)
    check = Proposal.objects.latest("pk")
    assert (check.by, check.was, check.became) == (moderator, {"checked_on": "2026-01-02"}, {"checked_on": str(TODAY)})
    undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert (card_of(office).name_en, card_of(office).checked_on) == ("Test Officer 1", TODAY)


def test_photo_that_was_replaced_comes_back(office: Office, coordinator: User) -> None:
    storage = Officer._meta.get_field("photo").storage
    first, second = (storage.save(f"officers/{name}.jpg", ContentFile(b"x")) for name in ("a", "b"))
    changed(office, coordinator, photo=first)
    done = changed(office, coordinator, photo=second)
    undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert card_of(office).photo.name == first


def test_the_upgrade_forgets_photos_that_were_refused_before(
    office: Office, moderator: User, coordinator: User, django_capture_on_commit_callbacks: Any
) -> None:
    storage = Officer._meta.get_field("photo").storage
    names = ("first", "second", "declined", "withdrawn", "waiting")
    files = {name: storage.save(f"officers/{name}.jpg", ContentFile(b"x")) for name in names}
    changed(office, coordinator, photo=files["first"])
    changed(office, coordinator, photo=files["second"])
    for name in names[2:]:
        waiting = proposed(office, moderator, photo=files[name])
        if name == "declined":
            decline(by=coordinator, proposal=waiting, reason="Ні", at=LATER)
        elif name == "withdrawn":
            withdraw(by=moderator, proposal=waiting, at=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        import_module("people.migrations.0015_forget_refused_photos").forget_photos(apps, None)
    assert [name for name in names if storage.exists(files[name])] == ["first", "second", "waiting"]


def test_what_is_decided_is_never_rewritten_or_deleted(office: Office, coordinator: User) -> None:
    done = changed(office, coordinator, name_en="Somebody")
    for rewrite in (lambda: Proposal.objects.filter(pk=done.pk).update(why="Інше"), done.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rewrite()


def test_proposal_about_a_card_that_is_gone_can_only_be_declined(
    office: Office, moderator: User, coordinator: User
) -> None:
    waiting = proposed(office, moderator)
    Officer.objects.filter(pk=office.world.officer.pk).delete()
    with pytest.raises(SubjectGone):
        approve(by=coordinator, proposal=waiting, shown="", at=LATER)
    assert decline(by=coordinator, proposal=waiting, reason="Картки немає", at=LATER).state == "declined"


def test_who_decides_stays_the_same_when_the_card_is_gone(office: Office, moderator: User, coordinator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    foreign = user_with_role(elsewhere.world, "coordinator", "foreign@example.org")
    waiting = proposed(office, moderator)
    Officer.objects.filter(pk=office.world.officer.pk).delete()
    for stranger in (moderator, office.officer, foreign):
        assert not may_decide_about(stranger, waiting, None)
        with pytest.raises(NotYoursToDecide):
            decline(by=stranger, proposal=waiting, reason="Ні", at=LATER)
    assert may_decide_about(coordinator, waiting, None)
    assert not may_decide_about(coordinator, Proposal(kind="category", city=office.world.city), None)


# --- kinds ----------------------------------------------------------------------------------------------------


def test_every_kind_has_its_fields_and_nothing_of_accounts_or_letters() -> None:
    assert {each.kind for each in subjects()} == set(Proposal.Kind)
    for each in subjects():
        names = {field.name for field in each.model._meta.concrete_fields}
        assert set(each.fields) <= names
        assert not set(each.fields) & {"user", "city", "key", "code", "slug", "is_training", "location"}


def test_values_of_a_card_are_json_and_lead_back(office: Office) -> None:
    for row, kind in ((card_of(office), OFFICER), (office.world.station, STATION), (office.world.north, DISTRICT)):
        values = values_of(row)
        assert set(values) == set(kind.fields)
        assert all(isinstance(value, str | int | bool | list | None) for value in values.values())


FIELDS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))


@given(FIELDS, FIELDS)
def test_putting_what_differs_over_the_first_makes_the_second(before: dict[str, int], after: dict[str, int]) -> None:
    new = differing(before, after)
    assert (before | new).items() >= after.items()
    assert all(before.get(name) != value for name, value in new.items())
