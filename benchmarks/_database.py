"""A database of a benchmark's own, beside the one in use, filled once and kept."""

import os
import sys
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg


def use_own_database(name: str) -> bool:
    """Point DATABASE_URL at database `name` (created when missing); return whether it is new.

    Must be called before Django's settings are read.
    """
    owner = os.environ.get("DATABASE_OWNER_URL") or sys.exit("Type: ./dev bench NAME (it sets DATABASE_OWNER_URL)")
    parts = urlsplit(owner)
    with psycopg.connect(libpq_url(owner), autocommit=True) as connection:
        is_new = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None
        if is_new:
            connection.execute(f'CREATE DATABASE "{name}"')
    own = urlunsplit(parts._replace(path=f"/{name}"))
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = own
    return is_new


def libpq_url(url: str) -> str:
    """Return a Django database URL as libpq reads it."""
    return url.replace("postgis://", "postgresql://", 1)


def libpq_arguments(url: str) -> list[str]:
    """Return -h, -U and the database's name, for the programs of PostgreSQL."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    return ["-h", host, *(["-p", str(parts.port)] if parts.port else []), "-U", parts.username or "", parts.path[1:]]
