"""What a database holds, told so that two can be compared: every table's rows, and what guards them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

KEYS_TABLE: Final = "appeals_letterkey"
"""The keys that letters are sealed under: they lie apart, and for a month only."""
_RULES = (Path(__file__).parents[1] / "sql" / "database_facts.sql").read_text()
_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
  )
ORDER BY c.relname
"""
_AS_TEXT_EVERYWHERE = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601';"
    " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)
_ROWS = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"

Connection = psycopg.Connection[tuple[Any, ...]]
Facts = dict[str, str]
"""What there is, by name, such as `rows appeals_appeal` or `policy appeals_appeal.reads`."""


def table_of_rows(name: str) -> str:
    """Return the name of the fact that counts a table's rows."""
    return f"rows {name}"


def tables_in(connection: Connection) -> list[str]:
    """Return the tables of the schema `public` that belong to no extension."""
    return [name for (name,) in connection.execute(_TABLES)]


def facts_of(connection: Connection) -> Facts:
    """Tell what a database holds, within the transaction that has begun: its rules, and the rows of every table.

    The role has to see every row: to one that row-level security binds, PostgreSQL refuses the question
    (psycopg.errors.InsufficientPrivilege).
    """
    connection.execute("SET LOCAL row_security = off")
    return rules_of(connection) | rows_of(connection, tables_in(connection))


def rules_of(connection: Connection) -> Facts:
    """Tell columns, owners, policies, triggers, constraints, indexes, functions and rights, by name."""
    connection.execute(_AS_TEXT_EVERYWHERE)
    return dict(connection.execute(_RULES).fetchall())


def rows_of(connection: Connection, tables: Iterable[str]) -> Facts:
    """Count the rows of tables, each with a checksum: the sum of the rows' hashes, whatever their order."""
    connection.execute(_AS_TEXT_EVERYWHERE)
    facts = {}
    for table in tables:
        for count, checksum in connection.execute(sql.SQL(_ROWS).format(sql.Identifier(table))):
            facts[table_of_rows(table)] = f"{count}, checksum {checksum}"
    return facts


def differences(kept: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return what differs, a sentence each: what is missing, what is new, and what is otherwise."""
    told = []
    for name in sorted(kept.keys() | found.keys()):
        if name not in found:
            told.append(f"{name}: missing")
        elif name not in kept:
            told.append(f"{name}: was not there")
        elif _plain(kept[name]) != _plain(found[name]):
            told.append(f"{name}: {found[name]} instead of {kept[name]}")
    return told


def _plain(fact: str) -> str:
    """PostgreSQL sets the casts of words and the brackets otherwise once it has read its own definition."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", fact)
