"""Nothing is public but what its writer agreed to, word for word; what must not be public cannot be."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from appeals import access, services
from appeals.access import as_staff, as_task, as_writer
from appeals.errors import NotPossibleNow, NotYours, TextMissing
from appeals.models import (
    Appeal,
    Category,
    Event,
    KeepFrom,
    LetterKey,
    Message,
    Note,
    Notice,
    Opening,
    Photo,
    PublicQuestion,
    PublicVersion,
    Shown,
)
from appeals.services.erasing import ERASE, What, Why, erase_letters
from appeals.services.publishing import HOMES_MIN, public_cell
from appeals.services.reading import hash_of_receipt
from geo.models import City, House, Street
from people.models import Membership
from tests.appeals.conftest import user_with_role
from tests.appeals.letters import later, new_letter
from tests.appeals.pictures import small_photo
from tests.appeals.towns import ANSWER, QUESTION, Town, allowed, answered, build_town, offered, published
from tests.world import LONG_AGO, NOON, build_world


@pytest.fixture
def town(db: None) -> Town:
    """A pilot city whose moderator and officer of the north can sign in."""
    return build_town()


@contextmanager
def nobody() -> Iterator[None]:
    """Ask as the site does for a visitor."""
    with access._seeing(access._NOBODY):
        yield


def kinds(sent: services.Submitted) -> list[str]:
    """What its history tells of publishing."""
    return list(Event.objects.filter(appeal=sent.appeal, kind__startswith="publish").values_list("kind", flat=True))


# --- One after the other ------------------------------------------------------------------------------------


def test_a_letter_is_public_once_its_writer_agreed_to_the_very_words(town: Town) -> None:
    sent = allowed(town)
    assert not PublicQuestion.objects.exists()
    version = offered(town, sent)
    assert not PublicQuestion.objects.exists()
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=2))
    with nobody():
        shown = PublicQuestion.objects.select_related("city", "district").get()
    assert (shown.question, shown.answer, shown.is_open, shown.answered_on) == (QUESTION, "", True, None)
    assert (shown.city, shown.district, shown.asked_on) == (town.world.city, town.world.north, NOON.date())
    with as_task("test"):
        assert kinds(sent) == ["publish_allowed", "publish_offered", "published"]


def test_taking_the_consent_back_takes_the_text_off_at_once(town: Town) -> None:
    sent = published(town)
    services.forbid_publishing(receipt=sent.receipt, at=later(hours=3))
    assert not PublicQuestion.objects.exists()
    with as_staff(town.moderator):
        assert not Appeal.objects.exists()
    with as_task("test"):
        assert kinds(sent)[-1] == "publish_forbidden"


def test_another_text_asks_its_writer_again_and_the_earlier_one_stays_till_then(town: Town) -> None:
    sent = published(town)
    answered(town, sent)
    version = offered(town, sent, answer=ANSWER)
    shown = PublicQuestion.objects.get()
    assert (shown.answer, shown.is_open, shown.answered_on) == ("", False, later(days=1).date())
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(days=2))
    assert PublicQuestion.objects.get().answer == ANSWER
    assert PublicQuestion.objects.get().pk == shown.pk, "its address stays"


def test_a_declined_version_is_not_published_and_another_may_be(town: Town) -> None:
    sent = allowed(town)
    services.decline_version(receipt=sent.receipt, number=offered(town, sent).number, at=later(hours=2))
    assert not PublicQuestion.objects.exists()
    with as_staff(town.moderator):
        assert services.suggested(sent.appeal, at=NOON).question == QUESTION, "where the moderator goes on from"
    second = offered(town, sent, question="Music at night.")
    services.agree_to_version(receipt=sent.receipt, number=second.number, at=later(hours=3))
    assert PublicQuestion.objects.get().question == "Music at night."


def test_only_the_latest_version_can_be_agreed_to_and_once(town: Town) -> None:
    sent = allowed(town)
    first, second = offered(town, sent), offered(town, sent, question="Music at night.")
    for number in (first.number, 7):
        with pytest.raises(NotPossibleNow, match="змінився"):
            services.agree_to_version(receipt=sent.receipt, number=number, at=later(hours=2))
    services.agree_to_version(receipt=sent.receipt, number=second.number, at=later(hours=2))
    with pytest.raises(NotPossibleNow):
        services.decline_version(receipt=sent.receipt, number=second.number, at=later(hours=3))


def test_what_a_moderator_refuses_is_gone_for_a_reason_that_the_writer_reads(town: Town) -> None:
    sent = published(town)
    with as_staff(town.moderator), pytest.raises(TextMissing):
        services.refuse_publishing(appeal=sent.appeal, by=town.moderator, reason=" ", at=later(hours=3))
    with as_staff(town.moderator):
        services.refuse_publishing(appeal=sent.appeal, by=town.moderator, reason="A name.", at=later(hours=3))
    assert not PublicQuestion.objects.exists()
    with as_writer(hash_of_receipt(sent.receipt)):
        standing = services.publishing_of(services.conversation_by_receipt(sent.receipt))
        assert standing
        assert standing.version
        assert standing.version.reason == "A name."
    with pytest.raises(NotPossibleNow):
        services.agree_to_version(receipt=sent.receipt, number=2, at=later(hours=4))


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_agrees_while_a_moderator_refuses_publishes_nothing() -> None:
    town = build_town()
    sent = allowed(town)
    version = offered(town, sent)

    def agree() -> None:
        try:
            services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=3))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as writer:
        with as_staff(town.moderator):
            services.refuse_publishing(appeal=sent.appeal, by=town.moderator, reason="A name.", at=later(hours=2))
            agreeing = writer.submit(agree)
            assert wait([agreeing], timeout=1).not_done
        with pytest.raises(NotPossibleNow):
            agreeing.result()
    assert not PublicQuestion.objects.exists()


def test_the_writer_is_told_by_mail_where_they_chose_so(town: Town) -> None:
    sent = allowed(town, answer_by="email", name="Олена", email="olena@example.org")
    offered(town, sent)
    assert Notice.objects.get(kind="offered").appeal_id == sent.appeal.pk
    offered(town, allowed(town))
    assert Notice.objects.filter(kind="offered").count() == 1


# --- What is never public -----------------------------------------------------------------------------------

NEVER: dict[str, Callable[[Town], services.Submitted]] = {
    "protected": lambda town: new_letter(town.world, category="domestic-violence", keep_from=KeepFrom.NOBODY),
    "kept": lambda town: new_letter(town.world, keep_from=KeepFrom.OFFICER),
    "told by phone": lambda town: new_letter(town.world, source="phone"),
    "brought on paper": lambda town: new_letter(town.world, source="paper"),
    "training": lambda town: new_letter(build_world("uchbove", stage="training", west=27.0), point=None),
}


@pytest.mark.parametrize("which", NEVER)
def test_some_letters_are_never_published(town: Town, which: str) -> None:
    sent = NEVER[which](town)
    assert services.publishing_of(sent.appeal) is None
    with pytest.raises(NotPossibleNow, match="не оприлюднюється"):
        services.allow_publishing(receipt=sent.receipt, at=NOON)


def test_what_its_writer_sent_by_a_program_may_be_published(town: Town) -> None:
    assert services.publishing_of(new_letter(town.world, source="api").appeal) is not None


@pytest.mark.parametrize("which", ["protected", "kept", "told by phone", "brought on paper"])
def test_the_database_takes_no_consent_for_them(town: Town, which: str) -> None:
    letter = NEVER[which](town).appeal
    with pytest.raises(IntegrityError, match="appeal_never_published"), transaction.atomic():
        Appeal.objects.filter(pk=letter.pk).update(may_publish_since=NOON)


CHANGES: dict[str, Callable[[Town, Appeal], Any]] = {
    "protected topic": lambda town, letter: services.change_category(
        appeal=letter, to=Category.objects.filter(protected=True).first(), by=town.officer, at=later(hours=3)
    ),
    "spam": lambda town, letter: services.mark_spam(appeal=letter, by=town.officer, at=later(hours=3)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_becomes_private_is_gone_with_the_change(town: Town, what: str) -> None:
    sent = published(town)
    with as_staff(town.officer, on=NOON.date()):
        CHANGES[what](town, sent.appeal)
    assert not PublicQuestion.objects.exists()


def test_an_erased_letter_leaves_nothing_public(town: Town) -> None:
    sent = published(town)
    with as_task(ERASE):
        erase_letters([sent.appeal.pk], at=later(days=9), why=Why.RULE)
    assert not PublicQuestion.objects.exists()
    assert not PublicVersion.objects.exists()
    assert What.LETTER


def test_another_ordinary_topic_is_shown_on_the_site_too(town: Town) -> None:
    sent = published(town)
    to = Category.objects.filter(protected=False).exclude(slug="noise").first()
    assert to
    with as_staff(town.officer, on=NOON.date()):
        services.change_category(appeal=sent.appeal, to=to, by=town.officer, at=later(hours=3))
    assert PublicQuestion.objects.get().category == to


FORGED: dict[str, Callable[[Town, services.Submitted], Any]] = {
    "other words": lambda town, sent: PublicQuestion.objects.update(question="Sold: a bicycle."),
    "an answer nobody gave": lambda town, sent: PublicQuestion.objects.update(answer="All is well."),
    "another place": lambda town, sent: PublicQuestion.objects.update(cell=5),
}


@pytest.mark.parametrize("what", FORGED)
def test_the_database_publishes_nothing_but_the_agreed_version(town: Town, what: str) -> None:
    sent = published(town)
    with pytest.raises(ProgrammingError, match="Nothing is published but"), transaction.atomic():
        FORGED[what](town, sent)


def test_the_database_publishes_nothing_of_a_city_in_training(town: Town) -> None:
    sent = published(town)
    row = PublicQuestion.objects.get()
    City.objects.filter(pk=town.world.city.pk).update(stage="training")
    with as_writer(hash_of_receipt(sent.receipt)):
        row.delete()
        with pytest.raises(ProgrammingError, match="never published"), transaction.atomic():
            row.save(force_insert=True)


def test_a_city_that_closed_shows_nothing_and_its_officer_still_answers(town: Town) -> None:
    sent = published(town)
    City.objects.filter(pk=town.world.city.pk).update(stage="closed")
    answered(town, sent)
    assert not PublicQuestion.objects.of_city(town.world.city).exists()
    assert PublicQuestion.objects.get().answered_on == later(days=1).date()


def test_a_version_is_decided_by_its_writer_alone_and_once(town: Town) -> None:
    sent = allowed(town)
    version = offered(town, sent)
    for who in (town.moderator, town.officer):
        with as_staff(who, on=NOON.date()):
            assert PublicVersion.objects.update(agreed=True, decided_at=NOON, agreed_hash=version.shown.hash) == 0
    services.decline_version(receipt=sent.receipt, number=1, at=NOON)
    with as_writer(hash_of_receipt(sent.receipt)):
        for change in ({"agreed": True, "agreed_hash": "x"}, {"body_sealed": b"x"}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                PublicVersion.objects.update(**change)


@pytest.mark.parametrize("who", ["moderator", "officer"])
def test_nobody_but_the_writer_puts_a_row_in(town: Town, who: str) -> None:
    sent = allowed(town)
    version = offered(town, sent)
    forged = PublicQuestion(
        appeal=sent.appeal, version=version, city=town.world.city, district=town.world.north,
        category=sent.appeal.category, question="x", asked_on=NOON.date(), is_open=True, published_on=NOON.date(),
    )  # fmt: skip
    with as_staff(getattr(town, who), on=NOON.date()), pytest.raises(ProgrammingError), transaction.atomic():
        forged.save(force_insert=True)


# --- Who sees what ------------------------------------------------------------------------------------------


def test_a_moderator_sees_what_was_consented_to_in_their_city_and_no_more(town: Town) -> None:
    other = build_town("inshe", west=26.0)
    mine = allowed(town, photos=[small_photo()], text="Let it be read.")
    new_letter(town.world)
    NEVER["kept"](town)
    allowed(other, point=other.world.in_north)
    with as_staff(town.officer, on=NOON.date()):
        note = {"body": "Hm.", "written_at": NOON, "key": uuid.uuid4()}
        services.add_note(appeal=mine.appeal, author=town.officer, **note)
    answered(town, mine)
    with as_staff(town.moderator):
        assert [*Appeal.objects.values_list("pk", flat=True)] == [mine.appeal.pk]
        assert [*Appeal.objects.publishable_in_cities_of(town.moderator)] == [mine.appeal]
        assert not Appeal.objects.visible_to(town.moderator).exists()
        assert (LetterKey.objects.count(), Message.objects.count()) == (1, 1)
        assert (Photo.objects.count(), Note.objects.count()) == (0, 0)
        assert Appeal.objects.update(state="closed") == 0
    for role in ("analyst", "coordinator"):
        with as_staff(user_with_role(town.world, role, f"{role}@example.org")):
            assert not Appeal.objects.exists()


def test_a_moderator_of_another_city_prepares_nothing_here(town: Town) -> None:
    other, sent = build_town("inshe", west=26.0), allowed(town)
    with as_staff(other.moderator), pytest.raises(NotYours):
        services.offer_version(appeal=sent.appeal, by=other.moderator, question=QUESTION, answer="", answers=0, at=NOON)
    Membership.objects.filter(user=town.moderator).delete()
    with as_staff(town.moderator), pytest.raises(NotYours):
        services.refuse_publishing(appeal=sent.appeal, by=town.moderator, reason="No.", at=NOON)


def test_a_moderator_who_opens_a_letter_is_in_the_log_and_marks_nothing_as_read(town: Town) -> None:
    sent = allowed(town)
    with as_staff(town.moderator):
        services.open_as_moderator(appeal=sent.appeal, user=town.moderator, at=later(hours=1))
    assert Opening.objects.get().user == town.moderator
    assert Appeal.objects.get().first_read_at is None


def test_everybody_reads_what_is_public_and_nothing_beside_it(town: Town) -> None:
    published(town)
    with nobody():
        assert PublicQuestion.objects.of_city(town.world.city).count() == 1
        assert (Appeal.objects.count(), PublicVersion.objects.count()) == (0, 0)
        assert PublicQuestion.objects.all().delete()[0] == 0


# --- The suggested text and the place -----------------------------------------------------------------------


def test_the_first_version_is_masked_and_a_new_answer_is_added_to_the_next(town: Town) -> None:
    sent = allowed(
        town, text="Я Олена, 067 123 45 67, не сплю.", name="Олена Петренко", answer_by="email", email="o@example.org"
    )
    with as_staff(town.moderator):
        assert services.suggested(sent.appeal, at=NOON).question == "Я [ім’я], [телефон], не сплю."
    offered(town, sent, answer="Read.")
    answered(town, sent, "Були у пані Олени.")
    with as_staff(town.moderator):
        assert services.suggested(sent.appeal, at=NOON).answer == "Read.\n\nБули у пані [ім’я]."


def test_a_place_is_a_square_that_enough_homes_share_or_none(town: Town) -> None:
    sparse = build_town("rid", west=26.0, homes=HOMES_MIN - 1)
    assert public_cell(new_letter(town.world).appeal, at=NOON) is not None
    assert public_cell(new_letter(town.world, point=None).appeal, at=NOON) is None
    assert public_cell(new_letter(sparse.world, point=sparse.world.in_north).appeal, at=NOON) is None


def test_a_border_through_the_square_leaves_no_district_with_a_few_homes_of_it(town: Town) -> None:
    letter, street = new_letter(town.world).appeal, Street.objects.get()
    shown = []
    for n in range(HOMES_MIN):
        across = Point(town.world.on_shared_edge.x + 1e-5 * (n + 1), town.world.on_shared_edge.y, srid=4326)
        House.objects.create(street=street, number=f"1{n}/1", location=across)
        shown.append(public_cell(letter, at=NOON) is not None)
    assert shown == [False] * (HOMES_MIN - 1) + [True]


def test_a_district_without_homes_in_the_square_is_not_named_beside_it(town: Town) -> None:
    letter = new_letter(town.world).appeal
    assert public_cell(letter, at=NOON) is not None
    letter.district = town.world.mid
    assert public_cell(letter, at=NOON) is None


def test_homes_that_no_district_in_force_holds_share_no_square(town: Town) -> None:
    before_any_edition = LONG_AGO - datetime.timedelta(days=1)
    assert public_cell(new_letter(town.world).appeal, at=before_any_edition) is None


def test_the_database_refuses_a_place_finer_than_the_square(town: Town) -> None:
    published(town)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE appeals_publicquestion DISABLE TRIGGER USER")
        with pytest.raises(IntegrityError, match="coarse"), transaction.atomic():
            PublicQuestion.objects.update(cell=4**16)


def test_python_and_the_database_compute_one_hash(town: Town) -> None:
    for question, answer in (("Ї’жак", "відповідь\n\nі ще"), ("1:a", ""), ("😀", "😀😀")):
        sent = allowed(town)
        version = offered(town, sent, question, answer)
        services.agree_to_version(receipt=sent.receipt, number=version.number, at=NOON)
    assert Shown("ab", "c").hash != Shown("a", "bc").hash
