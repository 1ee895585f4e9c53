"""PostgreSQL's own programs, and connections beside Django's: as the role that sees every row, and as the owner."""

import os
import subprocess
from collections.abc import Mapping

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from appeals.backups.errors import BackupRefused
from appeals.backups.facts import Connection

_BY_LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
_SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def url_of(setting: str) -> str:
    """Return the address of a database as libpq reads it, from a setting of that name. Raises BackupRefused."""
    url: str = getattr(settings, setting)
    if not url:
        raise BackupRefused(f"The setting {setting} is missing: docs/operations.md, “Backups”, tells what it wants.")
    return "postgresql://" + url.partition("://")[2]


def connected_seeing_all(url: str) -> Connection:
    """Return a connection whose role sees every letter. Raises BackupRefused."""
    try:
        connection: Connection = psycopg.connect(url)
    except psycopg.OperationalError as error:
        raise BackupRefused(str(error)) from error
    row = connection.execute(_SEES_ALL).fetchone()
    connection.rollback()
    if not row or not row[0]:
        connection.close()
        raise BackupRefused(
            "The role of DATABASE_BACKUP_URL does not see every letter: it wants BYPASSRLS and pg_read_all_data."
        )
    return connection


def run(program: str, *arguments: str, url: str) -> None:
    """Run pg_dump or pg_restore on a database; a password travels in the environment. Raises BackupRefused."""
    told = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    environment = {name: value for name, value in os.environ.items() if name not in _BY_LIBPQ.values()}
    environment |= {_BY_LIBPQ[name]: value for name, value in told.items() if name in _BY_LIBPQ}
    done = _called([program, "--no-password", *arguments], environment)
    if done.returncode != 0:
        reason = "\n".join(done.stderr.strip().splitlines()[-10:])
        raise BackupRefused(f"{program} failed:\n{reason}")


def _called(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupRefused(
            f"There is no program {command[0]} on this machine: install the client programs of PostgreSQL."
        ) from error
