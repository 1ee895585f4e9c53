"""Tombstones make a restored backup forget again."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from appeals import services
from appeals.models import Erasure, PublicQuestion
from appeals.services.erasing import (
    erase_expired,
)
from appeals.services.replaying import TakenDown, Tombstone, replay, stone_of, tombstones
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.appeals.over import FIVE, YEAR, noon, whole_letter
from tests.appeals.towns import build_town, offered, published
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
    [stone] = tombstones()
    assert stone == stone_of(stone.line())
    assert (stone.number, stone.line().count("Music")) == (sent.appeal.number, 0)
    in_backup = TakenDown(
        "misto", NOON.year, other.appeal.number, NOON, later(hours=2)
    )  # as if it were taken down since
    assert (replay([in_backup], dry_run=True).again, PublicQuestion.objects.count()) == (1, 1)
    done = replay([stone, in_backup, in_backup])
    assert (done.again, done.already) == (1, 2)
    assert not PublicQuestion.objects.exists()
    assert services.appeal_by_receipt(other.receipt).may_publish_since is None


def test_a_question_published_anew_since_stays(db: None) -> None:
    town = build_town()
    sent = published(town)
    taken_down = TakenDown("misto", NOON.year, sent.appeal.number, NOON, later(hours=2))
    version = offered(town, sent, question="Music at night.")
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=4))
    assert replay([taken_down]).already == 1
    assert PublicQuestion.objects.get().question == "Music at night."


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
