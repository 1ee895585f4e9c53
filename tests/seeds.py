"""What migrations put into every database. A test with real commits empties the tables; this fills them again.

It does not empty the queue of jobs, whose tables are not Django's: that is done here too.
"""

import importlib

from django.apps import apps
from django.db import connection

SEEDS = (
    ("people.migrations.0003_help_lines", "add_lines"),
    ("appeals.migrations.0002_categories", "seed"),
    ("appeals.migrations.0009_outside_bodies", "add_bodies"),
    ("appeals.migrations.0021_reply_templates", "add_templates"),
    ("appeals.migrations.0005_calendar", "seed"),
)


def restore_seeds() -> None:
    """Run the seeding migrations again, each adds only what is missing; empty the queue."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    with connection.schema_editor() as editor:
        for module, function in SEEDS:
            getattr(importlib.import_module(module), function)(apps, editor)
