"""What the staff do with a letter: every deed, and every refusal."""

import datetime
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone, translation

from appeals import errors, services, telling
from appeals.access import as_staff, as_writer
from appeals.models import Appeal, Body, Category, Event, KeepFrom, Note, Registration
from appeals.retracing import Trace, retraced
from appeals.services.reading import hash_of_receipt
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

WHY = "It lies across the street, in their district."
FORMAL: dict[str, Any] = {"lane": "formal", "name": "Name", "residence": "Town", "email": "a@example.org"}
FORMAL["answer_by"] = "email"


@pytest.fixture
def acting(office: Office) -> User:
    """The acting officer of the middle district, who can sign in."""
    user = user_with_role(office.world, "officer", "acting@example.org")
    office.world.acting.user = user
    office.world.acting.save()
    return user


def told(letter: Appeal) -> list[str]:
    with translation.override("en"):
        return [each.words for each in telling.notices(Appeal.objects.with_key().get(pk=letter.pk))]


def test_a_transferred_letter_leaves_ones_sight_and_keeps_its_clock(office: Office, acting: User) -> None:
    letter = new_letter(office.world).appeal
    with as_staff(office.officer):
        services.transfer(appeal=letter, to=office.world.mid, by=office.officer, at=NOON, reason=WHY)
        assert not Appeal.objects.exists()
    with as_staff(acting):
        moved = Appeal.objects.get()
    assert (moved.district, moved.officer, moved.why) == (office.world.mid, office.world.acting, "acting")
    assert (moved.state, moved.answer_due_on) == (letter.state, letter.answer_due_on)
    event = Event.objects.get(kind="transfer")
    assert (event.by, event.reason) == (office.officer, WHY)
    assert event.facts == {"from": "1", "to": "2", "officer": "acting"}


def test_the_writer_is_told_the_new_addressee_and_why(office: Office) -> None:
    sent = new_letter(office.world)
    services.transfer(appeal=sent.appeal, to=office.world.mid, by=office.officer, at=NOON, reason=WHY)
    with as_writer(hash_of_receipt(sent.receipt)):
        assert told(sent.appeal) == ["Handed to the officer Test Officer 3, Middle"]
    (turn,) = telling.conversation(services.appeal_by_receipt(sent.receipt))
    assert (turn.side, turn.reason) == ("notice", WHY)


def test_what_the_office_does_stands_among_the_words_in_the_order_of_time(office: Office) -> None:
    sent = new_letter(office.world, **FORMAL)
    letter, by = sent.appeal, office.officer

    def write(words: str, minutes: float) -> None:
        at = later(minutes=minutes)
        services.add_writer_message(receipt=sent.receipt, key=uuid.uuid4(), body=words, sent_at=at)

    write("It goes on.", 1)
    services.accept(appeal=letter, by=by, at=later(minutes=2))
    write("Again tonight.", 3)
    services.start_work(appeal=letter, by=by, at=later(minutes=4))
    services.study(appeal=letter, by=by, at=later(minutes=5))
    services.reply(appeal=letter, author=by, body="We were there.", sent_at=later(minutes=6), key=uuid.uuid4())
    services.close(appeal=letter, by=by, at=later(minutes=7), reason="Done.")
    with translation.override("en"):
        turns = telling.conversation(services.appeal_by_receipt(sent.receipt))
    assert [(turn.side, turn.text.split(";")[0]) for turn in turns] == [
        ("writer", "It goes on."),
        ("notice", "The office accepted the letter"),
        ("writer", "Again tonight."),
        ("notice", "Work has begun"),
        ("notice", "It needs study"),
        ("officer", "We were there."),
        ("notice", "Closed"),
    ]


def test_an_answer_that_accepts_the_letter_stands_after_the_notice_of_it(office: Office) -> None:
    sent = new_letter(office.world)
    services.reply(appeal=sent.appeal, author=office.officer, body="Good day.", sent_at=NOON, key=uuid.uuid4())
    turns = telling.conversation(services.appeal_by_receipt(sent.receipt))
    assert [turn.side for turn in turns] == ["notice", "officer"]


def test_a_letter_handed_up_is_the_supervisors_and_comes_down_again(office: Office) -> None:
    letter = new_letter(office.world).appeal
    with as_staff(office.officer):
        services.hand_up(appeal=letter, by=office.officer, at=NOON, reason=WHY)
        assert not Appeal.objects.exists()
    with as_staff(office.supervisor):
        again = services.transfer(appeal=letter, to=office.world.north, by=office.supervisor, at=NOON, reason="Yours.")
    assert (again.addressee, again.officer, again.why) == ("officer", office.world.officer, "main")
    with as_staff(office.officer):
        assert Appeal.objects.count() == 1


def test_nothing_is_handed_up_where_nobody_stands_above(office: Office) -> None:
    letter = new_letter(office.world).appeal
    office.supervisor.memberships.all().delete()
    with pytest.raises(errors.NotPossibleNow):
        services.hand_up(appeal=letter, by=office.officer, at=NOON, reason=WHY)


def test_a_letter_that_is_kept_from_somebody_stays_above(office: Office) -> None:
    letter = new_letter(office.world, keep_from=KeepFrom.OFFICER).appeal
    with pytest.raises(errors.NotPossibleNow):
        services.transfer(appeal=letter, to=office.world.mid, by=office.supervisor, at=NOON, reason=WHY)


def test_a_letter_goes_to_no_foreign_and_no_same_district(office: Office) -> None:
    letter, foreign = new_letter(office.world).appeal, build_office("chuzhi", west=26.0).world.north
    with pytest.raises(errors.UnknownAddressee):
        services.transfer(appeal=letter, to=foreign, by=office.officer, at=NOON, reason=WHY)
    with pytest.raises(errors.NotPossibleNow):
        services.transfer(appeal=letter, to=office.world.north, by=office.officer, at=NOON, reason=WHY)


def test_a_forwarded_letter_names_the_body_and_ends_here(office: Office) -> None:
    letter = new_letter(office.world).appeal
    body = Body.objects.create(
        city=office.world.city, purpose="municipal", name_uk="Міська рада", name_en="City council",
        contact_uk="1551", checked_on=TODAY,
    )  # fmt: skip
    services.forward(appeal=letter, to=body, by=office.officer, at=NOON, reason="Lamps are theirs.")
    letter.refresh_from_db()
    assert (letter.state, letter.forwarded_to) == ("forwarded", body)
    assert told(letter) == ["Forwarded to another body, which will answer: City council (1551)"]
    with pytest.raises(errors.NotPossibleNow):
        services.forward(appeal=letter, to=body, by=office.officer, at=NOON, reason="Again.")


def test_a_letter_is_not_forwarded_to_the_body_of_another_city(office: Office) -> None:
    other = build_office("chuzhi", west=26.0).world.city
    body = Body.objects.create(city=other, purpose="other", name_uk="А", name_en="A", contact_uk="1", checked_on=TODAY)
    with pytest.raises(errors.UnknownBody):
        services.forward(appeal=new_letter(office.world).appeal, to=body, by=office.officer, at=NOON, reason=WHY)


@pytest.mark.parametrize("name", ["transfer", "forward", "close", "return_to_writer"])
def test_what_the_writer_is_told_needs_a_reason(office: Office, name: str) -> None:
    letter = new_letter(office.world, **FORMAL).appeal
    services.accept(appeal=letter, by=office.supervisor, at=NOON)
    more = {"transfer": {"to": office.world.mid}, "forward": {"to": Body.objects.first()}}.get(name, {})
    with pytest.raises(errors.TextMissing):
        getattr(services, name)(appeal=letter, by=office.supervisor, at=NOON, reason="  ", **more)


def test_a_completed_appeal_waits_for_its_first_word_anew(office: Office) -> None:
    sent = new_letter(office.world, **FORMAL)
    services.return_to_writer(appeal=sent.appeal, by=office.officer, at=NOON, reason="No signature.")
    assert Appeal.objects.get(pk=sent.appeal.pk).first_word_on == TODAY
    services.complete(receipt=sent.receipt, body="Signed.", sent_at=later(days=1), key=uuid.uuid4())
    completed = Appeal.objects.get(pk=sent.appeal.pk)
    assert (completed.first_word_on, completed.first_due_on) == (None, None)


def test_only_a_formal_appeal_is_returned(office: Office) -> None:
    formal = new_letter(office.world, **FORMAL).appeal
    services.return_to_writer(appeal=formal, by=office.officer, at=NOON, reason="No signature.")
    assert told(formal) == ["Returned to the writer to be completed"]
    with pytest.raises(errors.NotPossibleNow):
        services.return_to_writer(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON, reason="Why not.")


def test_a_formal_appeal_gets_a_month_and_then_45_days_from_the_supervisor(office: Office) -> None:
    letter = new_letter(office.world, **FORMAL).appeal
    services.accept(appeal=letter, by=office.officer, at=NOON)
    until, extended = (
        TODAY + datetime.timedelta(days=45),
        {"appeal": letter, "at": NOON, "reason": "An expert is asked."},
    )
    with translation.override("en"), pytest.raises(errors.TermRefused, match="study"):
        services.extend(until=until, by=office.supervisor, **extended)
    month = services.study(appeal=letter, by=office.officer, at=NOON).answer_due_on
    assert month == datetime.date(2026, 7, 1)
    for day in (month, until + datetime.timedelta(days=1)):
        with pytest.raises(errors.TermRefused):
            services.extend(until=day, by=office.supervisor, **extended)
    with pytest.raises(errors.NotPossibleNow):
        services.extend(until=until, by=office.officer, **extended)
    assert services.extend(until=until, by=office.supervisor, **extended).answer_due_on == until
    assert told(letter)[-1] == "The term is extended to 16.07.2026"


def test_a_category_that_protects_seals_the_place_and_another_shows_it_again(office: Office) -> None:
    letter = new_letter(office.world).appeal
    protected, ordinary = Category.objects.get(slug="domestic-violence"), Category.objects.get(slug="noise")
    sealed = services.change_category(appeal=letter, to=protected, by=office.officer, at=NOON)
    assert (sealed.protected, sealed.location, sealed.place.lon) == (True, None, 25.005)
    shown = services.change_category(appeal=letter, to=ordinary, by=office.officer, at=NOON)
    assert (shown.protected, shown.location) == (False, office.world.in_north)
    assert [each.facts["to"] for each in Event.objects.filter(kind="category")] == ["domestic-violence", "noise"]
    with pytest.raises(errors.NotPossibleNow):
        services.change_category(appeal=letter, to=ordinary, by=office.officer, at=NOON)


def test_an_entry_of_the_unified_register_is_sealed(office: Office) -> None:
    letter = new_letter(office.world).appeal
    services.register(appeal=letter, registration=Registration(" 12345 ", TODAY), by=office.officer, at=NOON)
    letter.refresh_from_db()
    assert letter.registration == Registration("12345", TODAY)
    assert b"12345" not in bytes(letter.registration_sealed)
    assert Event.objects.get(kind="registered").facts == {}
    for number, day in (("", TODAY), ("1" * 41, TODAY), ("1", TODAY - datetime.timedelta(1)), ("1", datetime.date.max)):
        with pytest.raises(errors.BadRegistration):
            services.register(appeal=letter, registration=Registration(number, day), by=office.officer, at=NOON)


def test_a_note_is_kept_once_and_only_the_office_reads_it(office: Office) -> None:
    sent, key = new_letter(office.world), uuid.uuid4()
    note = {"appeal": sent.appeal, "author": office.officer, "written_at": NOON, "key": key}
    first = services.add_note(body="Knock twice.", **note)
    assert services.add_note(body="Knock twice.", **note) == first
    with pytest.raises(errors.KeyUsedForAnotherMessage):
        services.add_note(body="Knock once.", **note)
    services.mark_spam(appeal=sent.appeal, by=office.officer, at=NOON)
    moderator = user_with_role(office.world, "moderator", "moderator@example.org")
    for eyes, seen in (
        (as_writer(hash_of_receipt(sent.receipt)), 0),
        (as_staff(moderator), 0),
        (as_staff(office.officer), 1),
        (as_staff(office.supervisor), 1),
    ):
        with eyes:
            assert Appeal.objects.count() == 1
            assert Note.objects.count() == seen


def _done(do: Callable[..., object], usual: dict[str, Any], by: User) -> object:
    return do(by=by, **usual)


def deeds(office: Office, letter: Appeal) -> dict[str, Callable[[User], object]]:
    """Every deed of the staff, ready to be done by somebody."""
    usual = {"appeal": letter, "at": NOON}
    plain = ("accept", "start_work", "study", "mark_spam", "not_spam")
    return {
        **{name: partial(_done, getattr(services, name), usual) for name in plain},
        "reply": lambda by: services.reply(appeal=letter, author=by, body="Hm.", sent_at=NOON, key=uuid.uuid4()),
        "close": lambda by: services.close(by=by, reason=WHY, **usual),
        "return": lambda by: services.return_to_writer(by=by, reason=WHY, **usual),
        "extend": lambda by: services.extend(by=by, reason=WHY, until=TODAY, **usual),
        "transfer": lambda by: services.transfer(by=by, reason=WHY, to=office.world.mid, **usual),
        "hand_up": lambda by: services.hand_up(by=by, reason=WHY, **usual),
        "forward": lambda by: services.forward(by=by, reason=WHY, to=Body.objects.first(), **usual),
        "category": lambda by: services.change_category(by=by, to=Category.objects.get(slug="other"), **usual),
        "register": lambda by: services.register(by=by, registration=Registration("1", TODAY), **usual),
        "note": lambda by: services.add_note(appeal=letter, author=by, body="Hm.", written_at=NOON, key=uuid.uuid4()),
    }


def test_nobody_does_anything_with_a_letter_that_is_not_theirs(office: Office, acting: User) -> None:
    letter, other = new_letter(office.world).appeal, build_office("chuzhi", west=26.0)
    roles = [
        user_with_role(office.world, role, f"{role}@x.example.org") for role in ("moderator", "analyst", "coordinator")
    ]
    admin = User.objects.create_superuser("admin@example.org")
    services.open_for_reason(
        city=letter.city,
        year=letter.year,
        number=letter.number,
        user=admin,
        at=timezone.now(),
        reason="To help the writer",
    )
    before = Event.objects.count()
    for name, do in deeds(office, letter).items():
        for user in (acting, other.officer, other.supervisor, admin, *roles):
            with pytest.raises(errors.NotYours):
                do(user)
            assert Event.objects.count() == before, (name, user)


def test_a_kept_letter_is_out_of_its_officers_count_and_deeds(office: Office) -> None:
    ours, kept = new_letter(office.world).appeal, new_letter(office.world, keep_from=KeepFrom.OFFICER).appeal
    Appeal.objects.update(building_hash="the same house")
    ours.refresh_from_db()
    counted = {
        user: Appeal.objects.visible_to(user).repeats_of(ours, at=later(days=1)).count()
        for user in (office.officer, office.supervisor)
    }
    assert counted == {office.officer: 1, office.supervisor: 2}
    for do in deeds(office, kept).values():
        with pytest.raises(errors.NotYours):
            do(office.officer)


def test_a_building_is_counted_for_12_months_without_spam_and_other_cities(office: Office) -> None:
    other = build_office("chuzhi", west=26.0)
    old, spam = new_letter(office.world, received_at=later(days=-366)).appeal, new_letter(office.world).appeal
    new_letter(office.world, category="domestic-violence")
    new_letter(other.world, point=other.world.in_north)
    ours = new_letter(office.world).appeal
    services.mark_spam(appeal=spam, by=office.officer, at=NOON)
    assert Appeal.objects.repeats_of(ours, at=later(days=1)).count() == 0
    Appeal.objects.update(building_hash="the same house")
    ours.refresh_from_db()
    found = Appeal.objects.repeats_of(ours, at=later(days=1))
    assert found.count() == 2
    assert old not in found


def test_similar_letters_are_near_recent_and_never_protected(office: Office) -> None:
    ours = new_letter(office.world).appeal
    near = new_letter(office.world, point=Point(25.0083, 49.995, srid=4326)).appeal  # 236 m
    new_letter(office.world, point=Point(25.0086, 49.995, srid=4326))  # 258 m
    new_letter(office.world, received_at=later(days=91))
    new_letter(office.world, point=None)
    protected = new_letter(office.world, category="domestic-violence").appeal
    assert list(Appeal.objects.similar_to(ours)) == [near]
    assert not Appeal.objects.similar_to(protected).exists()


def test_the_route_of_a_letter_is_found_again_for_its_day(office: Office) -> None:
    for letter in (
        new_letter(office.world).appeal,
        new_letter(office.world, district="2", point=Point(25.0099, 49.995, srid=4326)).appeal,
        new_letter(office.world, district="3", point=None).appeal,
        new_letter(office.world, keep_from=KeepFrom.OFFICER).appeal,
    ):
        assert retraced(letter).is_same, letter.rule
    letter = new_letter(office.world).appeal
    services.transfer(appeal=letter, to=office.world.mid, by=office.officer, at=NOON, reason=WHY)
    letter.refresh_from_db()
    assert Trace.of(letter).district == "1", "a hand-over does not rewrite why it came"
    assert retraced(letter).is_same
    office.world.officer.postings.all().delete()
    again = retraced(letter)
    assert not again.is_same
    assert again.now is not None
    assert again.now.why == "nobody"


def test_the_list_of_notices_costs_the_same_for_many(office: Office, django_assert_max_num_queries: Any) -> None:
    letter = new_letter(office.world).appeal
    for to in (office.world.mid, office.world.south, office.world.north):
        services.transfer(appeal=letter, to=to, by=office.supervisor, at=NOON, reason=WHY)
    loaded = Appeal.objects.with_names().with_key().prefetch_related("events__by").get(pk=letter.pk)
    with django_assert_max_num_queries(2):
        assert len(telling.history(loaded)) == 4
    assert connection.in_atomic_block
