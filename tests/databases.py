"""The test databases of a run: one in each process, copied from one that has been migrated."""

import fcntl
import os
import warnings
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

LOCAL = Path(__file__).resolve().parent.parent / ".local"


def name_test_database(*, anew: bool) -> None:
    """Name the test database of this process; a process of several has the first of them migrate what all copy.

    `anew`: make it from nothing instead of bringing it up to date, as is done where it cannot be.
    """
    base = "test_dilnychnyi" + os.environ.get("TEST_DB_SUFFIX", "")
    wanted = connection.settings_dict["TEST"]
    wanted["NAME"] = base
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if process:
        _migrate_once(LOCAL / f"{base}.migrated", os.environ["PYTEST_XDIST_TESTRUNUID"], anew=anew)
        wanted |= {"NAME": f"{base}_{process}", "TEMPLATE": base}
        _drop(wanted["NAME"])


def _migrate_once(marker: Path, run: str, *, anew: bool) -> None:
    with marker.open("a+") as told:
        fcntl.flock(told, fcntl.LOCK_EX)
        told.seek(0)
        if told.read() == run:
            return
        site = connection.settings_dict["NAME"]
        try:
            _migrate(kept=not anew)
        except (DatabaseError, InconsistentMigrationHistory) as error:  # of another branch, say
            if anew:
                raise
            warnings.warn(f"the kept test database is made anew, it could not be migrated: {error}", stacklevel=1)
            connection.close()
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = site
            _migrate(kept=False)
        connection.close()  # nobody may be in a database that is copied
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = site
        told.truncate(0)
        told.write(run)


def _migrate(*, kept: bool) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=kept)


def _drop(copy: str) -> None:
    """Take away the copy of an earlier run, which ./dev lets end first: after a server was killed it need not be true.

    A sequence of a copied database begins again where the copy did, for PostgreSQL takes the numbers it has written
    ahead in the template for its own.
    """
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
