"""Putting a backup back into an empty database, and proving that all of it is there."""

import json
import os
import tarfile
from collections.abc import Collection
from pathlib import Path

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict

from appeals.backups.dumping import DATABASE, FACTS, KEYS, MEDIA
from appeals.backups.errors import BackupRefused
from appeals.backups.facts import KEYS_TABLE, differences, facts_of, table_of_rows, tables_in
from appeals.backups.postgres import connected_seeing_all, run

_REVOKES = """
SELECT DISTINCT format('ALTER DEFAULT PRIVILEGES%s REVOKE ALL ON %s FROM %I',
    ' IN SCHEMA ' || quote_ident(n.nspname),
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' END,
    g.rolname)
FROM pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) x
JOIN pg_roles g ON g.oid = x.grantee
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
WHERE d.defaclrole = current_user::regrole AND x.grantee <> d.defaclrole AND d.defaclobjtype IN ('r', 'S', 'f')
"""


def put_back(*, url: str, seeing_all: str, folder: Path, keys: Path | None, media: Path) -> int:
    """Fill the empty database of `url`, as its owner, and compare it with what was kept; return the number of facts.

    `seeing_all`: the same database as the role that sees every letter. `folder` and `keys` are those of one backup;
    without keys no letter can be read. Officers' photos go into `media`, which has to be empty. Without an error all
    rows, checksums, policies, grants, triggers, constraints, indexes and functions are those of the backup.
    Raises BackupRefused.
    """
    told = _told(folder, keys)
    _refuse_what_is_newer(told["migrations"].keys())
    _refuse_what_is_full(url, media)
    _refuse_what_cannot_be_written(media)
    _refuse_what_is_no_photo(folder / MEDIA, media)
    with connected_seeing_all(seeing_all):
        pass  # rather now than after an hour
    _forget_default_rights(url)
    ways = ["--exit-on-error", "--no-comments", f"--dbname={conninfo_to_dict(url)['dbname']}"]
    run("pg_restore", *ways, "--section=pre-data", str(folder / DATABASE), url=url)
    run("pg_restore", *ways, "--section=data", str(folder / DATABASE), url=url)
    if keys:
        run("pg_restore", *ways, "--section=data", str(keys / KEYS), url=url)
    run("pg_restore", *ways, "--section=post-data", str(folder / DATABASE), url=url)
    _unpack(folder / MEDIA, media)
    with connected_seeing_all(seeing_all) as connection:
        found = facts_of(connection)
    kept = told["facts"]
    if keys is None:
        for facts in (kept, found):
            facts.pop(table_of_rows(KEYS_TABLE))
    if wrong := differences(kept, found):
        raise BackupRefused("The restored database is not what was kept:\n" + "\n".join(wrong))
    return len(kept)


def migrations_in(folder: Path) -> Collection[str]:
    """Return the migrations that a backup's database had, as `app.name`."""
    told: dict[str, dict[str, str]] = json.loads((folder / FACTS).read_text())
    return told["migrations"].keys()


def _forget_default_rights(url: str) -> None:
    """Let new tables give no rights by themselves: a dump says what was granted, never what was taken away.

    The dump's last section brings the defaults back.
    """
    with psycopg.connect(url) as connection:
        for (statement,) in connection.execute(_REVOKES).fetchall():
            connection.execute(statement)


def _refuse_what_is_no_photo(file: Path, into: Path) -> None:
    """Photos are files and folders alone, and none of them lands elsewhere."""
    with tarfile.open(file) as archive:
        for member in archive:
            lands = (into / member.name).resolve()
            if not (member.isfile() or member.isdir()) or not lands.is_relative_to(into.resolve()):
                raise BackupRefused(f"{file} holds {member.name}, which is no photo of ours. Nothing was restored.")


def _unpack(file: Path, into: Path) -> None:
    with tarfile.open(file) as archive:
        # Not `filter="data"`: the Python of Debian 12, 3.11.2, does not know it, and 3.14 does so anyway.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(into)  # noqa: S202 - each was looked at before


def _told(folder: Path, keys: Path | None) -> dict[str, dict[str, str]]:
    missing = [file for file in (folder / DATABASE, folder / MEDIA, folder / FACTS) if not file.is_file()]
    if keys and not (keys / KEYS).is_file():
        missing.append(keys / KEYS)
    if missing:
        raise BackupRefused(f"{missing[0]} is not there. Nothing was restored.")
    if keys and keys.name != folder.name:
        raise BackupRefused(f"{keys} and {folder} are of different moments. Nothing was restored.")
    told: dict[str, dict[str, str]] = json.loads((folder / FACTS).read_text())
    return told


def _refuse_what_is_newer(migrations: Collection[str]) -> None:
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(migrations) - known):
        raise BackupRefused(
            f"The backup was made by a newer release, which knows {unknown[0]}. Install that release first."
        )


def _refuse_what_is_full(url: str, media: Path) -> None:
    try:
        with psycopg.connect(url) as connection:
            tables = tables_in(connection)
    except psycopg.OperationalError as error:
        raise BackupRefused(str(error)) from error
    if tables:
        raise BackupRefused(
            f"The database has tables ({tables[0]} and others): restore into an empty one. Nothing was restored."
        )
    if media.is_dir() and any(media.iterdir()):
        raise BackupRefused(f"{media} is not empty: photos would be mixed. Nothing was restored.")


def _refuse_what_cannot_be_written(media: Path) -> None:
    there = next(each for each in (media, *media.parents) if each.exists())
    if not os.access(there, os.W_OK):
        raise BackupRefused(f"{there} belongs to another user: the photos go there. Nothing was restored.")
