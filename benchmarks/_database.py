"""A database of a benchmark's own, beside the one in use, filled once and kept."""

import os
import sys
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg


def use_own_database(name: str, *, anew: bool = False) -> bool:
    """Point DATABASE_URL at database `name` (created when missing, or anew); return whether it is new.

    Must be called before Django's settings are read.
    """
    owner = os.environ.get("DATABASE_OWNER_URL") or sys.exit("Type: ./dev bench NAME (it sets DATABASE_OWNER_URL)")
    with psycopg.connect(libpq_url(owner), autocommit=True) as connection:
        if anew:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        is_new = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None
        if is_new:
            connection.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = in_database(owner, name)
    return is_new


def in_database(url: str, name: str) -> str:
    """Return a database URL that names another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def how_to_look(name: str) -> str:
    """Return the command that opens the site on database `name`; to be asked before it is the one in use."""
    urls = {setting: in_database(os.environ[setting], name) for setting in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    return " ".join([*(f"{setting}='{url}'" for setting, url in urls.items()), "./dev"])


def libpq_url(url: str) -> str:
    """Return a Django database URL as libpq reads it."""
    return url.replace("postgis://", "postgresql://", 1)


def libpq_arguments(url: str) -> list[str]:
    """Return -h, -U and the database's name, for the programs of PostgreSQL."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    return ["-h", host, *(["-p", str(parts.port)] if parts.port else []), "-U", parts.username or "", parts.path[1:]]
