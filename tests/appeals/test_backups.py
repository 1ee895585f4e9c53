"""What is compared after a restore: no row, no rule that guards it, may go or change unseen."""

import datetime
import io
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from appeals.backups import BackupRefused, back_up
from appeals.backups.dumping import KEYS_KEPT, NAMED, _dropped
from appeals.backups.facts import Facts, differences, facts_of, rows_of, rules_of
from appeals.backups.restoring import _refuse_what_is_no_photo
from tests.world import NOON, World


def facts() -> Facts:
    """The rules of the test's database, and the rows of a table that row-level security does not guard."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return rules_of(connection.connection) | rows_of(connection.connection, ["geo_city"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE appeals_appeal NO FORCE ROW LEVEL SECURITY", "row security appeals_appeal"),
        ("ALTER TABLE appeals_message DISABLE ROW LEVEL SECURITY", "row security appeals_message"),
        ("GRANT SELECT ON appeals_letterkey TO PUBLIC", "right on appeals_letterkey of PUBLIC"),
        ("GRANT UPDATE (text_sealed) ON appeals_appeal TO PUBLIC", "right on appeals_appeal.text_sealed of PUBLIC"),
        ("ALTER TABLE appeals_appeal DISABLE TRIGGER USER", "trigger appeals_appeal"),
        ("CREATE INDEX of_no_use ON geo_city (stage)", "index of_no_use"),
        ("ALTER TABLE geo_city ALTER COLUMN name_en DROP NOT NULL", "column geo_city.name_en"),
        ("UPDATE geo_city SET name_en = 'Elsewhere'", "rows geo_city"),
        ("CREATE FUNCTION of_no_use() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function of_no_use()"),
    ],
)
def test_what_changes_is_told_by_its_name(world: World, change: str, told: str) -> None:
    before = facts()
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert any(line.startswith(told) for line in differences(before, facts()))


def test_a_policy_that_is_gone_is_missed(world: World) -> None:
    before = facts()
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('DROP POLICY %I ON %I', policyname, tablename) FROM pg_policies LIMIT 1")
        cursor.execute(cursor.fetchone()[0])
    gone = [line for line in differences(before, facts()) if line.startswith("policy ")]
    assert len(gone) == 1
    assert gone[0].endswith(": missing")


def test_the_order_of_rows_makes_no_difference(world: World) -> None:
    before = facts()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE geo_city SET slug = slug")  # moves the rows to the end of their table
    assert differences(before, facts()) == []


def test_facts_are_refused_to_a_role_that_does_not_see_every_letter(world: World) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        facts_of(connection.connection)


def test_a_role_that_does_not_see_every_letter_makes_no_backup(db: None, tmp_path: Path) -> None:
    own = connection.get_connection_params()
    url = psycopg.conninfo.make_conninfo(**{name: own[name] for name in ("dbname", "user", "host") if name in own})
    with pytest.raises(BackupRefused, match="BYPASSRLS"):
        back_up(url=url, to=tmp_path / "a", keys_to=tmp_path / "b", media=tmp_path, at=NOON)
    assert list((tmp_path / "a").iterdir()) == list((tmp_path / "b").iterdir()) == []


@pytest.mark.parametrize("keys", ["here", "here/keys", "."])
def test_keys_lie_apart_from_letters(tmp_path: Path, keys: str) -> None:
    with pytest.raises(BackupRefused, match="apart"):
        back_up(url="", to=tmp_path / "here", keys_to=tmp_path / keys, media=tmp_path, at=NOON)


def test_nothing_unfinished_is_left_where_keys_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder of keys should be")
    with pytest.raises(OSError, match="keys"):
        back_up(url="", to=tmp_path / "backups", keys_to=tmp_path / "keys", media=tmp_path, at=NOON)
    assert not list((tmp_path / "backups").iterdir())


@pytest.mark.parametrize("name", ["../elsewhere.jpg", "/tmp/elsewhere.jpg", "officers/../../elsewhere.jpg"])  # noqa: S108
def test_no_photo_lands_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "media.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(BackupRefused, match="elsewhere"):
        _refuse_what_is_no_photo(tmp_path / "media.tar", tmp_path / "media")


def test_a_link_is_no_photo(tmp_path: Path) -> None:
    link = tarfile.TarInfo("officer.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "media.tar", "w") as archive:
        archive.addfile(link)
    with pytest.raises(BackupRefused, match="officer"):
        _refuse_what_is_no_photo(tmp_path / "media.tar", tmp_path / "media")


def test_keys_are_deleted_after_their_month_and_nothing_else_is(tmp_path: Path) -> None:
    for age in (datetime.timedelta(0), KEYS_KEPT, KEYS_KEPT + datetime.timedelta(seconds=1)):
        (tmp_path / (NOON - age).astimezone(datetime.UTC).strftime(NAMED)).mkdir()
    (tmp_path / "notes").mkdir()
    assert len(_dropped(tmp_path, NOON)) == 1
    assert len(list(tmp_path.iterdir())) == 3
