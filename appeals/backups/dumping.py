"""Making a backup: one snapshot of the database, in two places, and the tombstones beside them."""

import datetime
import json
import os
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db.migrations.recorder import MigrationRecorder

from appeals.backups.errors import BackupRefused
from appeals.backups.facts import KEYS_TABLE, Connection, facts_of
from appeals.backups.postgres import connected_seeing_all, run
from appeals.services.replaying import Stone, taken_down, tombstones

NAMED: Final = "%Y-%m-%dT%H%M%SZ"
"""How the folder of a backup is called: its moment in UTC."""
DATABASE, KEYS, MEDIA, FACTS = "database.dump", "letter-keys.dump", "media.tar", "facts.json"
ERASURES: Final = "erasures.jsonl"
"""The tombstones of all backups, in the folder above them: the newest ones are always what a restore wants."""
TAKEN_DOWN: Final = "taken-down.jsonl"
"""Beside them what was taken off the site: a file of its own, since releases before it read no other lines there."""
KEYS_KEPT: Final = datetime.timedelta(days=30)
"""Keys of letters are kept for so long (ADR 0020): what was erased is gone from every backup after it."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What was kept: a folder with the database and the officers' photos, another with the keys of letters."""

    folder: Path
    keys: Path
    facts: int
    dropped: list[Path] = field(default_factory=list)


def back_up(*, url: str, to: Path, keys_to: Path, media: Path, at: datetime.datetime) -> Backup:
    """Keep the database of `url` as it is at one moment, and delete keys that are older than a month.

    `to` and `keys_to` are folders; neither may hold the other. What is not finished is not left there. The facts of
    the same snapshot are kept with it, for `put_back` to compare. Raises BackupRefused.
    """
    to, keys_to = to.resolve(), keys_to.resolve()
    if to == keys_to or to in keys_to.parents or keys_to in to.parents:
        raise BackupRefused("The keys of letters lie apart from the letters: name another folder for them.")
    name = at.astimezone(datetime.UTC).strftime(NAMED)
    begun: list[Path] = []
    try:
        for folder in (to, keys_to):
            begun.append(_begun(folder, name))
        unfinished, unfinished_keys = begun
        with connected_seeing_all(url) as connection:
            told = _facts_and_dumps(connection, url, unfinished, unfinished_keys)
        _media(media, unfinished / MEDIA)
        (unfinished / FACTS).write_text(json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True))
        _keep_tombstones(to / ERASURES, tombstones())
        _keep_tombstones(to / TAKEN_DOWN, taken_down())
        # The keys first: without them the rest would be a backup that nobody can read.
        for one in (unfinished_keys, unfinished):
            _safe_on_disk(one)
            one.rename(one.parent / name)
    except BaseException:
        for one in begun:
            shutil.rmtree(one, ignore_errors=True)
        raise
    return Backup(to / name, keys_to / name, facts=len(told["facts"]), dropped=_dropped(keys_to, at))


def _begun(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / name).exists():
        raise BackupRefused(f"{folder / name} is there already.")
    unfinished = folder / f".{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    return unfinished


def _facts_and_dumps(connection: Connection, url: str, folder: Path, keys_folder: Path) -> dict[str, dict[str, str]]:
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    ((snapshot,),) = connection.execute("SELECT pg_export_snapshot()").fetchall()
    same_moment = ["--format=custom", f"--snapshot={snapshot}"]
    # The table of reference systems belongs to PostGIS, which brings it along; we add none.
    without = [f"--exclude-table-data={KEYS_TABLE}", "--exclude-table-data=spatial_ref_sys"]
    run("pg_dump", *same_moment, *without, f"--file={folder / DATABASE}", url=url)
    run("pg_dump", *same_moment, "--data-only", f"--table={KEYS_TABLE}", f"--file={keys_folder / KEYS}", url=url)
    applied = MigrationRecorder.Migration._meta.db_table
    migrations = connection.execute(f"SELECT concat(app, '.', name), applied::text FROM {applied}")  # noqa: S608 - Django's own name
    return {"migrations": dict(migrations.fetchall()), "facts": facts_of(connection)}


def _media(folder: Path, to: Path) -> None:
    with tarfile.open(to, "w") as archive:
        if folder.is_dir():
            archive.add(folder, arcname=".")


def _keep_tombstones(file: Path, stones: Iterable[Stone]) -> None:
    """Add what is gone since; what an earlier backup knew stays, also after the database itself forgot it."""
    known = file.read_text().splitlines() if file.exists() else []
    lines = dict.fromkeys([*known, *(stone.line() for stone in stones)])
    written = file.with_suffix(".unfinished")
    written.write_text("".join(f"{line}\n" for line in lines))
    written.replace(file)


def _safe_on_disk(folder: Path) -> None:
    for one in (*folder.iterdir(), folder):
        if one.is_file():
            one.chmod(0o600)
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _dropped(keys_to: Path, at: datetime.datetime) -> list[Path]:
    """Delete the folders of keys whose month is over."""
    over = []
    for folder in sorted(keys_to.iterdir()):
        try:
            made = datetime.datetime.strptime(folder.name, NAMED).replace(tzinfo=datetime.UTC)
        except ValueError:
            continue  # not ours
        if at - made > KEYS_KEPT:
            shutil.rmtree(folder)
            over.append(folder)
    return over
