"""Photos of letters: kept once, with their turn, sealed, and seen by nobody who does not read the letter whole."""

import io
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from appeals import access, services
from appeals.access import as_staff, as_task, as_writer
from appeals.errors import (
    KeyUsedForAnotherLetter,
    KeyUsedForAnotherMessage,
    PhotoNotTaken,
    TooManyPhotos,
    UnknownPhoto,
    UnknownReceipt,
)
from appeals.models import Appeal, KeepFrom, LetterKey, Message, NumberSeries, Opening, Photo
from appeals.photos import SMALL_SIDE_PX, clean_photo, fitted
from appeals.sealing import CannotUnseal
from appeals.services.reading import hash_of_receipt
from appeals.telling import photos_of
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.appeals.pictures import CANARY, small_photo
from tests.world import NOON

RED, BLUE, GREEN = small_photo("red"), small_photo("blue"), small_photo("green")


def turn(**changes: Any) -> dict[str, Any]:
    """What a message needs besides its letter."""
    return {"body": "Ось як це виглядає.", "sent_at": NOON, "key": uuid.uuid4()} | changes


def colour_of(content: bytes) -> str:
    """Name the strongest of red, green and blue in the middle of a picture."""
    with Image.open(io.BytesIO(content)) as opened:
        middle = opened.getpixel((opened.width // 2, opened.height // 2))
    assert isinstance(middle, tuple)
    return max(zip(middle, ("red", "green", "blue"), strict=True))[1]


def test_each_photo_stays_with_its_turn_in_its_order(office: Office) -> None:
    sent = new_letter(office.world, photos=[RED, BLUE])
    more = services.add_writer_message(receipt=sent.receipt, **turn(photos=[GREEN]))
    reply = services.reply(appeal=sent.appeal, author=office.officer, **turn(photos=[BLUE, RED]))
    letter = services.appeal_by_receipt(sent.receipt)
    seen = [[colour_of(photo.content) for photo in photos_of(letter, one)] for one in (None, more, reply)]
    assert seen == [["red", "blue"], ["green"], ["blue", "red"]]
    assert [photo.position for photo in photos_of(letter, reply)] == [1, 2]


def test_small_picture_has_the_measures_that_the_page_is_told(office: Office) -> None:
    letter = new_letter(office.world, photos=[small_photo(size=(1200, 300))]).appeal
    photo = letter.photos.get()
    with Image.open(io.BytesIO(photo.small)) as small:
        assert small.size == photo.small_size == (SMALL_SIDE_PX, 80)
    assert (photo.width, photo.height, photo.size) == (1200, 300, len(photo.content))


@given(width=st.integers(1, 20_000), height=st.integers(1, 20_000), side=st.integers(1, 2_000))
def test_fitted_picture_never_grows_and_keeps_its_shape(width: int, height: int, side: int) -> None:
    small = fitted((width, height), side)
    assert max(small) <= max(1, min(side, max(width, height)))
    assert min(small) >= 1
    # Each side is at most half a pixel away from the true one, or is the one pixel that has to stay.
    scale = min(1.0, side / max(width, height))
    assert all(abs(a - b * scale) <= 0.5 or a == 1 for a, b in zip(small, (width, height), strict=True))


# --- Once, or not at all ------------------------------------------------------------------------------------


def test_repeated_letter_keeps_its_photos_once(office: Office) -> None:
    key = str(uuid.uuid4())
    first, second = (new_letter(office.world, idempotency_key=key, photos=[RED, BLUE]) for _ in range(2))
    assert first.receipt == second.receipt
    assert (Appeal.objects.count(), Photo.objects.count()) == (1, 2)


@pytest.mark.parametrize("others", [[], [BLUE], [BLUE, RED], [RED, BLUE, GREEN]])
def test_other_photos_under_a_used_key_make_another_letter(office: Office, others: list[bytes]) -> None:
    key = str(uuid.uuid4())
    new_letter(office.world, idempotency_key=key, photos=[RED, BLUE])
    with pytest.raises(KeyUsedForAnotherLetter):
        new_letter(office.world, idempotency_key=key, photos=others)
    assert Photo.objects.count() == 2


def test_repeated_message_keeps_its_photos_once_and_no_other_ones_pass_as_it(office: Office) -> None:
    sent, same = new_letter(office.world), turn(photos=[RED])
    first, second = (services.add_writer_message(receipt=sent.receipt, **same) for _ in range(2))
    assert first.pk == second.pk
    for others in ([], [BLUE], [RED, RED]):
        with pytest.raises(KeyUsedForAnotherMessage):
            services.add_writer_message(receipt=sent.receipt, **same | {"photos": others})
    assert Photo.objects.count() == 1


def test_letter_with_something_else_than_photos_is_not_sent_at_all(office: Office) -> None:
    with pytest.raises(PhotoNotTaken) as refused:
        new_letter(office.world, photos=[RED, b"%PDF-1.7", BLUE])
    assert refused.value.which == 1
    assert not Appeal.objects.exists()
    assert not NumberSeries.objects.exists()


def test_more_than_may_be_sent_at_once_is_refused_before_any_is_looked_into(office: Office, settings: Any) -> None:
    settings.PHOTOS_AT_ONCE = 2
    sent = new_letter(office.world, photos=[RED, BLUE])
    for send in (
        lambda: new_letter(office.world, photos=[b"no photo"] * 3),
        lambda: services.add_writer_message(receipt=sent.receipt, **turn(photos=[b"no photo"] * 3)),
    ):
        with pytest.raises(TooManyPhotos):
            send()
    assert Photo.objects.count() == 2


def test_full_letter_takes_no_more_from_that_side_and_changes_nothing(office: Office, settings: Any) -> None:
    settings.PHOTOS_PER_LETTER = 2
    sent = new_letter(office.world, photos=[RED, BLUE])
    with pytest.raises(TooManyPhotos):
        services.reply(appeal=sent.appeal, author=office.officer, **turn(photos=[GREEN, RED, BLUE]))
    assert services.appeal_by_receipt(sent.receipt).state == "received"
    services.reply(appeal=sent.appeal, author=office.officer, **turn(photos=[GREEN, RED]))
    with pytest.raises(TooManyPhotos):
        services.add_writer_message(receipt=sent.receipt, **turn(photos=[RED]))
    assert services.appeal_by_receipt(sent.receipt).state == "answered"
    assert (Photo.objects.count(), Message.objects.count()) == (4, 1)


def test_photos_for_a_full_letter_are_not_even_looked_into(office: Office, settings: Any) -> None:
    settings.PHOTOS_PER_LETTER = 1
    sent = new_letter(office.world, photos=[RED])
    with pytest.raises(TooManyPhotos):
        services.add_writer_message(receipt=sent.receipt, **turn(photos=[b"no photo"]))


def test_nobody_without_a_receipt_lets_the_server_draw_a_photo(office: Office) -> None:
    with pytest.raises(UnknownReceipt):
        services.add_writer_message(receipt="0000-0000-0000-0000", **turn(photos=[b"no photo"]))


# --- Sealed -------------------------------------------------------------------------------------------------


def test_photo_rests_sealed_for_its_own_row_alone(office: Office) -> None:
    new_letter(office.world, photos=[RED, BLUE])
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM appeals_photo AS p")
        rows = "\n".join(row[0] for row in cursor.fetchall())
    clean = clean_photo(RED)
    for secret in (CANARY, clean.content[:40], clean.content[-40:], clean.small[-40:], b"JFIF"):
        assert secret.hex() not in rows
        assert secret not in rows.encode()
    first, second = Photo.objects.select_related("appeal__sealed_by")
    first.content_sealed, first.small_sealed = second.content_sealed, first.content_sealed
    for look in (lambda: first.content, lambda: first.small):
        with pytest.raises(CannotUnseal):
            look()


def test_photo_is_gone_with_the_key_of_its_letter(office: Office) -> None:
    letter = new_letter(office.world, photos=[RED]).appeal
    with as_task("erase"):
        LetterKey.objects.filter(appeal=letter).delete()
    photo = Photo.objects.select_related("appeal").get()
    with pytest.raises(LetterKey.DoesNotExist):
        _ = photo.content


def test_hash_of_the_file_as_it_came_is_worth_nothing_without_the_servers_key(office: Office, settings: Any) -> None:
    letter = new_letter(office.world, photos=[RED]).appeal
    before = letter.photos.get().original_hash
    settings.RECEIPT_KEY = "another"
    assert new_letter(office.world, photos=[RED]).appeal.photos.get().original_hash != before


def test_list_of_small_pictures_leaves_the_large_ones_where_they_lie(office: Office) -> None:
    sent = new_letter(office.world, photos=[RED, BLUE])
    with CaptureQueriesContext(connection) as asked:
        letter = services.appeal_by_receipt(sent.receipt)
        assert [colour_of(photo.small) for photo in photos_of(letter, None)] == ["red", "blue"]
    assert not [query for query in asked if "content_sealed" in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        opened = services.photo_by_receipt(receipt=sent.receipt, pk=photos_of(letter, None)[0].pk)
        assert colour_of(opened.content) == "red"
    assert len([query for query in asked if "content_sealed" in query["sql"]]) == 1


# --- Who sees them ------------------------------------------------------------------------------------------

Eyes = Callable[[], AbstractContextManager[None]]


def seen_by(eyes: AbstractContextManager[None]) -> set[uuid.UUID]:
    """The photos that the database shows to somebody, with no condition of ours."""
    with access._seeing(access._NOBODY), eyes:
        return set(Photo.objects.values_list("pk", flat=True))


def test_photos_are_seen_by_those_alone_who_read_the_letter_whole(office: Office) -> None:
    world, foreign = office.world, build_office("chuzhi", west=26.0)
    sent = {
        "north": new_letter(world, photos=[RED]),
        "south": new_letter(world, district="3", point=world.in_south, photos=[RED]),
        "kept": new_letter(world, keep_from=KeepFrom.OFFICER, photos=[RED]),
        "spam": new_letter(world, photos=[RED]),
    }
    services.mark_spam(appeal=sent["spam"].appeal, by=office.supervisor, at=NOON)
    photos = {name: set(one.appeal.photos.values_list("pk", flat=True)) for name, one in sent.items()}
    everybody = {role: user_with_role(world, role, f"{role}@example.org") for role in ("moderator", "analyst")}
    admin = User.objects.create_superuser("root@example.org")
    expected: list[tuple[AbstractContextManager[None], set[str]]] = [
        (as_staff(office.officer), {"north", "spam"}),
        (as_staff(office.supervisor), set(sent)),
        (as_staff(foreign.officer), set()),
        (as_staff(foreign.supervisor), set()),
        (as_staff(everybody["moderator"]), set()),  # of suspected spam a moderator reads the text alone
        (as_staff(everybody["analyst"]), set()),
        (as_staff(admin), set()),
        (as_writer(hash_of_receipt(sent["kept"].receipt)), {"kept"}),
        (as_writer(hash_of_receipt(new_letter(world).receipt)), set()),
        (access._seeing(access._NOBODY), set()),
    ]
    for eyes, names in expected:
        assert seen_by(eyes) == set().union(*(photos[name] for name in names)), (eyes, names)
    north = sent["north"].appeal
    asked = {"city": world.city, "year": north.year, "number": north.number, "user": admin}
    services.open_for_reason(**asked, at=timezone.now(), reason="The writer asked for help")
    assert seen_by(as_staff(admin)) == photos["north"]


def test_no_photo_is_put_into_a_foreign_letter_changed_or_taken_out(office: Office) -> None:
    foreign, sent = build_office("chuzhi", west=26.0), new_letter(office.world, photos=[RED])
    photo = Photo.objects.with_content().select_related("appeal").get()
    other = Photo(**{field.attname: getattr(photo, field.attname) for field in Photo._meta.concrete_fields})
    other.pk, other.position = uuid.uuid4(), 2
    for eyes in (as_staff(foreign.officer), as_writer(hash_of_receipt(new_letter(office.world).receipt))):
        with pytest.raises(ProgrammingError, match="row-level security"), eyes:
            other.save(force_insert=True)
    for eyes in (as_staff(office.supervisor), as_writer(hash_of_receipt(sent.receipt)), as_task("meddle")):
        with transaction.atomic(), eyes:
            assert Photo.objects.update(position=9) == 0
    for eyes in (as_staff(office.supervisor), as_writer(hash_of_receipt(sent.receipt))):
        with eyes:
            assert Photo.objects.filter(Q(pk=photo.pk)).delete()[0] == 0
    with as_task("erase"):
        assert Photo.objects.filter(pk=photo.pk).delete()[0] == 1


def test_looking_at_a_photo_belongs_to_the_opening_of_its_letter(office: Office) -> None:
    letter = new_letter(office.world, photos=[RED]).appeal
    asked = {"appeal": letter, "pk": letter.photos.get().pk, "user": office.officer}
    services.open_photo(**asked, at=NOON)
    assert Opening.objects.count() == 1, "nobody looks past the log"
    services.open_photo(**asked, at=later(minutes=59))
    assert Opening.objects.count() == 1
    services.open_photo(**asked, at=later(minutes=61))
    assert Opening.objects.count() == 2
    services.open_photo(**asked | {"user": office.supervisor}, at=later(minutes=62))
    assert Opening.objects.filter(user=office.supervisor).count() == 1


def test_receipt_opens_no_photo_of_another_letter(office: Office) -> None:
    sent, other = new_letter(office.world), new_letter(office.world, photos=[RED])
    with pytest.raises(UnknownPhoto):
        services.photo_by_receipt(receipt=sent.receipt, pk=other.appeal.photos.get().pk)
