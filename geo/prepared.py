"""Prepared statements, for the few questions and deeds that come thousands of times a second.

Django's cursors never prepare, and psycopg's own cursor costs more than such an answer (on 0.3 ms: 0.1 ms): these go
through libpq itself, on Django's own connection and transaction.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import orjson
import psycopg
from django.contrib.gis.geos import GEOSGeometry
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from psycopg import pq

UNKNOWN_STATEMENT: Final = b"26000"
Row = TypeVar("Row", bound=Model)
_known: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
"""The names that each connection has prepared."""


class _Prepared:
    """One statement with `$1`, `$2` where its values stand, prepared once a connection."""

    def __init__(self, sql: str) -> None:
        self._sql = sql.encode()
        self._name = f"dilnychnyi_{hashlib.sha256(self._sql).hexdigest()[:16]}".encode()

    def _ask(self, database: BaseDatabaseWrapper, values: list[bytes | None]) -> pq.abc.PGresult:
        for value in values:
            if value and b"\0" in value:
                raise ValueError("PostgreSQL's texts hold no zero byte")
        database.ensure_connection()
        with database.wrap_database_errors:
            result = self._execute(database, database.connection.pgconn, values)
        database.health_check_done = True  # it has just answered: Django need not ask before its own first statement
        return result

    def _execute(
        self, database: BaseDatabaseWrapper, libpq: pq.abc.PGconn, values: list[bytes | None]
    ) -> pq.abc.PGresult:
        """Execute it, and prepare it where this connection does not know it (yet, or since all were dropped)."""
        if database.in_atomic_block and libpq.transaction_status == pq.TransactionStatus.IDLE:
            _checked(libpq, libpq.exec_(b"BEGIN"))  # which psycopg leaves to the first statement
        known = _known.setdefault(database.connection, set())
        if self._name in known:
            result = libpq.exec_prepared(self._name, values)
            if result.error_field(pq.DiagnosticField.SQLSTATE) != UNKNOWN_STATEMENT:
                return _checked(libpq, result)
            known.clear()
            if libpq.transaction_status != pq.TransactionStatus.IDLE:  # it ended with that error
                return _checked(libpq, result)
        _checked(libpq, libpq.prepare(self._name, self._sql))
        known.add(self._name)
        return _checked(libpq, libpq.exec_prepared(self._name, values))


class PreparedStatement(_Prepared):
    """A SELECT, or a deed with RETURNING, of files of SQL put together.

    `%(name)s` stands where a parameter does, each cast to its type.
    """

    def __init__(self, *files: Path) -> None:
        text = "\n".join(file.read_text() for file in files)
        text = " ".join(re.sub(r"--[^\n]*", "", text).split())
        self._names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        text = re.sub(r"%\((\w+)\)s", lambda found: f"${self._names.index(found[1]) + 1}", text)
        # A deed may stand in WITH, and nowhere deeper.
        super().__init__(f"WITH answer AS ({text}) SELECT row_to_json(answer) FROM answer")  # noqa: S608 (our own files)

    def rows(self, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows, as JSON gives their columns: moments are ISO 8601 texts.

        A connection that died while it was idle is opened anew, once: asking it first, at every request, costs as much
        as the answer itself. Raises Django's database errors, ValueError for a text with a zero byte.
        """
        database = connections[DEFAULT_DB_ALIAS]
        values: list[bytes | None] = [_written(parameters[name]) for name in self._names]
        try:
            result = self._ask(database, values)
        except OperationalError:
            if database.in_atomic_block or database.is_usable():
                raise
            database.close()
            result = self._ask(database, values)
        return [orjson.loads(result.get_value(row, 0) or b"") for row in range(result.ntuples)]


class PreparedInsert(_Prepared):
    """The INSERT of one row of a model. The key is read back where the database gives it and `reads_key` is not off."""

    def __init__(self, model: type[Model], *, reads_key: bool = True) -> None:
        meta = model._meta
        columns = [field for field in meta.concrete_fields if field is not meta.auto_field]
        self._attributes = [field.attname for field in columns]
        self._reads_key = reads_key and meta.auto_field is not None
        names = ", ".join(f'"{field.column}"' for field in columns)
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        sql = f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 (names of our own models)
        super().__init__(f"{sql} RETURNING id" if self._reads_key else sql)

    def __call__(self, row: Model) -> None:
        """Insert it, within a transaction. Raises Django's database errors, such as IntegrityError."""
        database, values = connections[DEFAULT_DB_ALIAS], vars(row)
        if not database.in_atomic_block:
            raise TransactionManagementError("a row is inserted within a transaction")
        result = self._ask(database, [_written(values[name]) for name in self._attributes])
        if self._reads_key:
            row.pk = int(result.get_value(0, 0) or b"")
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def loaded(model: type[Row], columns: Mapping[str, Any]) -> Row:
    """Return a row of a model from its columns as a statement gave them; what it left out is deferred."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, [columns[name] for name in names])


def _written(value: object) -> bytes | None:
    """Write a value as PostgreSQL reads it in text; the statement says of what type it is."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, GEOSGeometry):
        return bytes(value.hexewkb)
    if isinstance(value, dict):
        return orjson.dumps(value)
    return str(value).encode()


def _checked(libpq: pq.abc.PGconn, result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if libpq.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise psycopg.errors.error_from_result(result)
