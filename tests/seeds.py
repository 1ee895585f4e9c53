"""What migrations put into every database, and how a test with real commits leaves it to the next one.

Django's way would truncate every table, which makes some 400 files anew for the few rows of a test.
"""

import importlib
import os
from typing import Any

from django.apps import apps
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

SEEDS = (
    ("people.migrations.0003_help_lines", "add_lines"),
    ("appeals.migrations.0002_categories", "seed"),
    ("appeals.migrations.0009_outside_bodies", "add_bodies"),
    ("appeals.migrations.0021_reply_templates", "add_templates"),
    ("appeals.migrations.0005_calendar", "seed"),
    ("tests.seeds", "seed_terms"),
)
TABLES = """
    SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('spatial_ref_sys', 'django_migrations', 'django_content_type', 'auth_permission')
    ORDER BY EXISTS (SELECT FROM pg_constraint WHERE confrelid = pg_class.oid AND contype = 'f' AND NOT condeferrable)
"""  # last those that the queue's other tables point at: it looks at once, all others at the end
EMPTY = f"""
DO $$
DECLARE
    one regclass;
    sealed regclass[] := ARRAY(SELECT oid FROM pg_class WHERE relforcerowsecurity);
    filled regclass[] := '{{}}';
    is_filled boolean;
BEGIN
    FOREACH one IN ARRAY sealed LOOP  -- the owner sees every row
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', one);
    END LOOP;
    FOR one IN {TABLES} LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one);  -- of rows that nobody may delete
            EXECUTE format('DELETE FROM %s', one);
            filled := filled || one;
        END IF;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', one);
    END LOOP;
    FOREACH one IN ARRAY sealed LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', one);
    END LOOP;
    SET CONSTRAINTS ALL DEFERRED;  -- what comes back comes in no order
END $$
"""  # noqa: S608 - our own words
TRIES = 3
Rows = dict[str, bytes]
"""Rows by table, as COPY writes them."""


def seed_terms(models: Any, editor: Any) -> None:
    """Put the terms of keeping in; when the first of them came, their columns had other names."""
    first, more = (
        importlib.import_module(f"appeals.migrations.{name}")
        for name in ("0093_retention_rules", "0124_reports_have_terms")
    )
    for row in first.rows(os.environ):
        row |= {"number": row.pop("years"), "unit": "year", "least": row.pop("least_years")}
        models.get_model("appeals", "RetentionRule").objects.create(**row)
    more.seed(models, editor)


def leave_seeds_alone() -> Rows:
    """Leave the database as migrations do, also where a run was killed, and return the rows that are theirs."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
    with connection.schema_editor() as editor:
        for module, function in SEEDS:
            getattr(importlib.import_module(module), function)(apps, editor)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {table: rows for (table,) in cursor.fetchall() if (rows := _copied(cursor, table))}


def _copied(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def leave_as_new(seeds: Rows) -> None:
    """Take away every row that there is, and put those of the migrations in.

    A page that nobody waits for any more may still be answered, and hold what this waits for: it is tried again.
    """
    for _ in range(TRIES - 1):
        try:
            return _leave_as_new(seeds)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return _leave_as_new(seeds)


def _leave_as_new(seeds: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTY)
        for table, rows in seeds.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
