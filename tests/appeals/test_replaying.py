"""Tombstones make a restored backup forget again."""

import dataclasses
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from appeals import services
from appeals.backups.dumping import TAKEN_DOWN
from appeals.management.commands.restore import Command as Restore
from appeals.models import Erasure, PublicQuestion
from appeals.services.erasing import (
    erase_expired,
)
from appeals.services.replaying import Given, TakenDown, Tombstone, replay, stone_of, taken_down, tombstones
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.appeals.over import FIVE, YEAR, noon, whole_letter
from tests.appeals.towns import allowed, build_town, offered, published
from tests.world import NOON

What, Why = Erasure.What, Erasure.Why


def test_a_tombstone_is_read_as_it_was_written(office: Office) -> None:
    whole_letter(office)
    erase_expired(at=noon(YEAR))
    [stone] = tombstones()
    assert Tombstone.read(stone.line()) == stone
    assert (stone.city, stone.what, stone.why) == ("navchannia", What.CONTACTS, Why.RULE)
    assert "канарка" not in stone.line().lower()


def test_a_restored_letter_is_erased_again_with_its_own_moment(office: Office) -> None:
    sent, other = whole_letter(office), whole_letter(office)
    letter = sent.appeal
    stone = Tombstone("navchannia", letter.year, letter.number, NOON, What.LETTER, Why.RULE, noon(FIVE))
    another = Tombstone("navchannia", letter.year, other.appeal.number, later(days=1), What.LETTER, Why.RULE, NOON)
    assert replay([stone, another], dry_run=True).again == 1
    done = replay([stone, stone, another])
    assert (done.again, done.already, done.unknown) == (1, 1, 1)
    assert Erasure.objects.get().erased_at == noon(FIVE)
    assert services.appeal_by_receipt(other.receipt).text, "its number was given to another letter"


def test_contacts_of_a_later_upgrade_are_not_erased_again(office: Office) -> None:
    sent = new_letter(office.world)
    stone = Tombstone(
        "navchannia", sent.appeal.year, sent.appeal.number, NOON, What.CONTACTS, Why.WRITER, later(hours=1)
    )
    writer = services.erase_own_contacts(receipt=sent.receipt, at=later(hours=1)).writer
    named = type(writer)(name="Олена", residence="Тут", email="me@example.org")
    services.upgrade(receipt=sent.receipt, writer=named, at=later(hours=2))
    assert replay([stone]).already == 1
    assert services.appeal_by_receipt(sent.receipt).writer == named


def test_a_question_taken_down_since_does_not_come_back_with_a_backup(db: None) -> None:
    town = build_town()
    sent, other = published(town), published(town)
    services.forbid_publishing(receipt=sent.receipt, at=later(hours=3))
    stone, consent = taken_down()
    assert [stone, consent] == [stone_of(each.line()) for each in (stone, consent)]
    assert (stone.what, consent.what) == (Given.PUBLIC, Given.CONSENT)
    assert (stone.number, stone.line().count("Music")) == (sent.appeal.number, 0)
    assert list(tombstones()) == [], "an older release reads that file"
    in_backup = dataclasses.replace(stone, number=other.appeal.number)  # as if it were taken down since
    assert (replay([in_backup], dry_run=True).again, PublicQuestion.objects.count()) == (1, 1)
    done = replay([stone, in_backup, in_backup])
    assert (done.again, done.already) == (1, 2)
    assert not PublicQuestion.objects.exists()
    assert services.appeal_by_receipt(other.receipt).may_publish_since is None


def test_a_question_published_anew_since_stays(db: None) -> None:
    town = build_town()
    sent = published(town)
    stone = TakenDown("misto", NOON.year, sent.appeal.number, NOON, Given.PUBLIC, later(hours=2))
    version = offered(town, sent, question="Music at night.")
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=4))
    assert replay([stone]).already == 1
    assert PublicQuestion.objects.get().question == "Music at night."


def test_a_text_that_another_replaced_does_not_come_back_with_a_backup(db: None) -> None:
    town = build_town()
    sent, other = published(town), published(town)
    version = offered(town, sent, question="Music at night.")
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=4))
    [stone] = taken_down()
    assert (stone.what, stone.number, stone.given_at) == (Given.PUBLIC, sent.appeal.number, later(hours=2))
    assert replay([stone]).already == 1, "the newer text stays"
    in_backup = dataclasses.replace(stone, number=other.appeal.number)  # of which the backup knows the first text alone
    assert replay([in_backup]).again == 1
    assert PublicQuestion.objects.get().question == "Music at night."


def test_a_consent_taken_back_since_does_not_come_back_with_a_backup(db: None) -> None:
    town = build_town()
    sent, other = allowed(town), allowed(town)
    services.forbid_publishing(receipt=sent.receipt, at=later(hours=1))
    [stone] = taken_down()
    assert stone == stone_of(stone.line())
    assert (stone.what, stone.number, stone.given_at) == (Given.CONSENT, sent.appeal.number, NOON)
    in_backup = dataclasses.replace(stone, number=other.appeal.number)
    assert replay([in_backup]).again == 1
    assert services.appeal_by_receipt(other.receipt).may_publish_since is None
    services.allow_publishing(receipt=other.receipt, at=later(hours=2))
    assert replay([in_backup]).already == 1, "consented to anew since"


def test_tombstones_go_through_a_file(office: Office, tmp_path: Path) -> None:
    whole_letter(office)
    erase_expired(at=noon(FIVE))
    told, file = StringIO(), tmp_path / "erasures.jsonl"
    call_command("list_erasures", stdout=told)
    file.write_text(told.getvalue())
    call_command("replay_erasures", str(file), stdout=(told := StringIO()))
    assert told.getvalue() == "erased again: 0; erased already: 1; not in this database: 0\n"
    file.write_text(file.read_text() + "{}\n")
    with pytest.raises(CommandError, match="Line 2 is no tombstone"):
        call_command("replay_erasures", str(file))


def test_what_was_taken_down_has_a_file_of_its_own(db: None, tmp_path: Path) -> None:
    sent = allowed(build_town())
    services.forbid_publishing(receipt=sent.receipt, at=later(hours=1))
    call_command("list_erasures", stdout=(told := StringIO()))
    assert told.getvalue() == ""
    call_command("list_erasures", taken_down=True, stdout=(told := StringIO()))
    (tmp_path / TAKEN_DOWN).write_text(told.getvalue())
    Restore(stdout=(told := StringIO())).take_down(beside={tmp_path, tmp_path / "elsewhere"})
    assert told.getvalue().endswith("erased again: 0; erased already: 1; not in this database: 0\n")
    Restore(stdout=(told := StringIO())).take_down(beside={tmp_path / "elsewhere"})
    assert "is not there" in told.getvalue()
