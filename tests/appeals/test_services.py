"""A letter is sent once, goes to the right officer, and is answered."""

import threading
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from appeals import errors, services
from appeals.models import Appeal, Message
from geo.models import City
from people.lookup import district_answer
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import later, new_letter
from tests.world import NOON, build_world

KEY = "0b8f2a4c-95a1-4b7e-8f5e-2f1f3f0d9c11"


def test_a_letter_remembers_how_it_was_routed(office: Office) -> None:
    sent = new_letter(office.world)
    appeal = Appeal.objects.get()
    assert sent.appeal == appeal
    world = office.world
    assert (appeal.district, appeal.officer, appeal.edition) == (world.north, world.officer, world.edition)
    assert (appeal.rule, appeal.why, appeal.state) == ("polygon", "main", "received")
    assert appeal.answer_due_on.isoformat() == "2026-06-03"
    assert appeal.public_number == "2026-00001"


@pytest.mark.parametrize("keep_from", ["nobody", "officer"])
@pytest.mark.parametrize("lane", ["message", "formal"])
def test_a_letter_is_in_the_database_as_it_is_told(office: Office, keep_from: str, lane: str) -> None:
    told = new_letter(
        office.world, keep_from=keep_from, lane=lane, name="Олена", residence="Тернопіль", email="o@example.org"
    ).appeal
    kept = Appeal.objects.with_key().get()
    for field in Appeal._meta.concrete_fields:
        there, here = getattr(kept, field.attname), getattr(told, field.attname)
        assert (bytes(there) if isinstance(there, memoryview) else there) == here, field.name
    assert (kept.text, kept.writer, kept.place) == (told.text, told.writer, told.place)
    sent = kept.events.get()
    assert (sent.kind, sent.at, sent.by, sent.facts["district"]) == ("sent", NOON, None, "1")


def test_the_place_decides_when_no_district_is_given(office: Office) -> None:
    assert new_letter(office.world, district="", point=office.world.in_mid).appeal.district == office.world.mid


def test_a_letter_for_an_officer_on_leave_goes_to_the_acting_one(office: Office) -> None:
    appeal = new_letter(office.world, district="2", point=None).appeal
    assert (appeal.officer, appeal.why, appeal.rule) == (office.world.acting, "acting", "chosen")


def test_a_letter_for_an_officer_on_leave_without_an_acting_one_goes_to_nobody(office: Office) -> None:
    office.world.acting.postings.all().delete()
    appeal = new_letter(office.world, district="2", point=None).appeal
    assert (appeal.officer, appeal.why) == (None, "nobody")


def test_a_letter_goes_to_whom_the_public_card_names(office: Office) -> None:
    for code in ("1", "2", "3"):
        card = district_answer(city=office.world.city, code=code, at=NOON).district.officers
        officer = new_letter(office.world, district=code, point=None).appeal.officer
        assert ([officer.name] if officer else []) == [each.name for each in card[:1]]


def test_a_letter_for_a_vacant_district_says_that_nobody_serves_it(office: Office) -> None:
    appeal = new_letter(office.world, district="3", point=office.world.in_south).appeal
    assert (appeal.officer, appeal.why) == (None, "nobody")


def test_a_place_in_another_district_is_told_and_nothing_is_sent(office: Office) -> None:
    with pytest.raises(errors.PlaceInAnotherDistrict) as caught:
        new_letter(office.world, point=office.world.in_south)
    assert caught.value.code == "3"
    assert not Appeal.objects.exists()


def test_near_the_border_the_writer_may_choose_the_neighbour(office: Office) -> None:
    appeal = new_letter(office.world, district="2", point=Point(25.0099, 49.995, srid=4326)).appeal
    assert (appeal.district, appeal.rule) == (office.world.mid, "border")


def test_a_place_outside_every_district_is_told(office: Office) -> None:
    with pytest.raises(errors.UnknownAddressee):
        new_letter(office.world, point=office.world.outside)


@pytest.mark.parametrize("stage", City.Stage.values)
@pytest.mark.parametrize("takes_letters", [True, False])
def test_letters_are_open_in_training_and_where_a_served_city_takes_them(
    db: None, stage: str, takes_letters: bool
) -> None:
    world = build_world("misto", stage=stage)
    world.city.takes_letters = takes_letters
    if stage == "training" or (takes_letters and stage in {"pilot", "open"}):
        assert new_letter(world).appeal.city == world.city
    else:
        with pytest.raises(errors.LettersNotOpen):
            new_letter(world)


def test_the_same_key_returns_the_same_letter_and_receipt(office: Office) -> None:
    first = new_letter(office.world, idempotency_key=KEY)
    second = new_letter(office.world, idempotency_key=KEY, received_at=later(hours=1))
    assert first.appeal == second.appeal
    assert first.receipt == second.receipt
    assert Appeal.objects.count() == 1


def test_the_same_key_with_another_content_gives_no_receipt(office: Office) -> None:
    new_letter(office.world, idempotency_key=KEY)
    with pytest.raises(errors.KeyUsedForAnotherLetter):
        new_letter(office.world, idempotency_key=KEY, text="Another text")


@pytest.mark.parametrize("key", ["", "1", "short", "with spaces in the key", "х" * 20])
def test_a_key_that_others_could_choose_too_is_refused(office: Office, key: str) -> None:
    with pytest.raises(errors.BadIdempotencyKey):
        new_letter(office.world, idempotency_key=key)


@pytest.mark.django_db(transaction=True)
def test_equal_submissions_at_once_make_one_letter_and_one_receipt() -> None:
    office = build_office()
    receipts: set[str] = set()
    start = threading.Barrier(8)

    def submit() -> None:
        try:
            start.wait()
            receipts.add(new_letter(office.world, idempotency_key=KEY).receipt)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 1
    assert Appeal.objects.count() == 1
    assert new_letter(office.world).appeal.number == 2, "a refused repeat leaves no gap"


def test_neither_receipt_nor_key_rests_in_the_database(office: Office) -> None:
    receipt = new_letter(office.world, idempotency_key=KEY).receipt
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM appeals_appeal a")
        row = cursor.fetchone()[0]
    assert receipt not in row
    assert receipt.replace("-", "") not in row
    assert KEY not in row


def test_numbers_count_by_city_and_year(office: Office) -> None:
    other = build_office("druhe", west=26.0)
    sent = [new_letter(office.world), new_letter(office.world), new_letter(other.world, point=None)]
    sent.append(new_letter(office.world, received_at=later(days=250)))
    assert [each.appeal.public_number for each in sent] == ["2026-00001", "2026-00002", "2026-00001", "2027-00001"]


def test_a_conversation_goes_both_ways(office: Office) -> None:
    sent = new_letter(office.world)
    answered_at = later(hours=2)
    services.reply(appeal=sent.appeal, author=office.officer, body="I came by.", sent_at=answered_at, key=uuid.uuid4())
    appeal = services.appeal_by_receipt(sent.receipt.lower().replace("-", " "))
    assert (appeal.state, appeal.accepted_at) == ("answered", later(hours=2))
    services.add_writer_message(receipt=sent.receipt, body="It is loud again.", sent_at=later(days=3), key=uuid.uuid4())
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer_due_on.isoformat()) == ("reopened", "2026-06-08")
    assert [message.side for message in appeal.messages.all()] == ["officer", "writer"]


def test_a_repeated_message_is_kept_once(office: Office) -> None:
    sent, key = new_letter(office.world), uuid.uuid4()
    for _ in range(2):
        services.add_writer_message(receipt=sent.receipt, body="One more thing.", sent_at=NOON, key=key)
        services.reply(appeal=sent.appeal, author=office.officer, body="Thank you.", sent_at=NOON, key=uuid.UUID(int=7))
    assert Message.objects.count() == 2


def test_a_key_counts_for_one_letter_and_one_side(office: Office) -> None:
    first, second, key = new_letter(office.world), new_letter(office.world), uuid.uuid4()
    for sent in (first, second):
        services.add_writer_message(receipt=sent.receipt, body="One more thing.", sent_at=NOON, key=key)
        services.reply(appeal=sent.appeal, author=office.officer, body="One more thing.", sent_at=NOON, key=key)
    assert [appeal.messages.count() for appeal in Appeal.objects.all()] == [2, 2]


def test_other_words_under_a_used_key_are_refused_not_dropped(office: Office) -> None:
    sent, key = new_letter(office.world), uuid.uuid4()
    services.add_writer_message(receipt=sent.receipt, body="One more thing.", sent_at=NOON, key=key)
    services.reply(appeal=sent.appeal, author=office.officer, body="Thank you.", sent_at=NOON, key=key)
    with pytest.raises(errors.KeyUsedForAnotherMessage):
        services.add_writer_message(receipt=sent.receipt, body="And another.", sent_at=NOON, key=key)
    with pytest.raises(errors.KeyUsedForAnotherMessage):
        services.reply(appeal=sent.appeal, author=office.officer, body="I came by.", sent_at=NOON, key=key)


def test_a_closed_conversation_takes_nothing_more(office: Office) -> None:
    sent = new_letter(office.world)
    services.accept(appeal=sent.appeal, by=office.officer, at=NOON)
    services.close(appeal=sent.appeal, by=office.officer, at=NOON, reason="Answered.")
    with pytest.raises(errors.ConversationClosed):
        services.add_writer_message(receipt=sent.receipt, body="Hello?", sent_at=NOON, key=uuid.uuid4())
    with pytest.raises(errors.NotPossibleNow):
        services.reply(appeal=sent.appeal, author=office.officer, body="Late", sent_at=NOON, key=uuid.uuid4())


@pytest.mark.parametrize("text", ["", "  \r\n ", "\x00", "х" * (services.TEXT_MAX + 1)])
def test_a_letter_needs_words_and_not_too_many(office: Office, text: str) -> None:
    with pytest.raises(errors.TextMissing):
        new_letter(office.world, text=text)


@pytest.mark.parametrize("typed", ["", "nonsense", "7K2M-Q8RD-4VXT-9HBA"])
def test_an_unknown_receipt_opens_nothing(office: Office, typed: str) -> None:
    new_letter(office.world)
    with pytest.raises(errors.UnknownReceipt):
        services.appeal_by_receipt(typed)
