"""Prepared statements that answer in JSON, for the few questions that are asked thousands of times a second.

Django's cursors never prepare, and psycopg's own cursor costs more than such an answer (on 0.3 ms: 0.1 ms): these go
through libpq itself, on Django's own connection and transaction.
"""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import orjson
import psycopg
from django.db import OperationalError, connection
from psycopg import pq

UNKNOWN_STATEMENT: Final = b"26000"


class PreparedStatement:
    """A SELECT of files of SQL put together, with `%(name)s` where a parameter stands, each cast to its type."""

    def __init__(self, *files: Path) -> None:
        text = "\n".join(file.read_text() for file in files)
        text = " ".join(re.sub(r"--[^\n]*", "", text).split())
        self._names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        text = re.sub(r"%\((\w+)\)s", lambda found: f"${self._names.index(found[1]) + 1}", text)
        self._sql = f"SELECT row_to_json(answer) FROM ({text}) AS answer".encode()  # noqa: S608 (of our own files)
        self._name = f"dilnychnyi_{hashlib.sha256(self._sql).hexdigest()[:16]}".encode()

    def rows(self, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows, as JSON gives their columns: moments are ISO 8601 texts.

        A connection that died while it was idle is opened anew, once: asking it first, at every request, costs as much
        as the answer itself. Raises Django's database errors, ValueError for a text with a zero byte.
        """
        values = [str(parameters[name]).encode() for name in self._names]
        if any(b"\0" in value for value in values):
            raise ValueError("PostgreSQL's texts hold no zero byte")
        try:
            return self._ask(values)
        except OperationalError:
            if connection.in_atomic_block or connection.is_usable():
                raise
            connection.close()
            return self._ask(values)

    def _ask(self, values: list[bytes]) -> list[dict[str, Any]]:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            result = self._execute(connection.connection.pgconn, values)
        return [orjson.loads(result.get_value(row, 0) or b"") for row in range(result.ntuples)]

    def _execute(self, libpq: pq.abc.PGconn, values: list[bytes]) -> pq.abc.PGresult:
        """Ask the statement, and prepare it where this connection does not know it (yet, or since a rollback).

        Within a transaction that has begun it goes unprepared: there an unknown statement would end the transaction.
        """
        if libpq.transaction_status != pq.TransactionStatus.IDLE:
            return _checked(libpq, libpq.exec_params(self._sql, values))
        result = libpq.exec_prepared(self._name, values)
        if result.error_field(pq.DiagnosticField.SQLSTATE) == UNKNOWN_STATEMENT:
            _checked(libpq, libpq.prepare(self._name, self._sql))
            result = libpq.exec_prepared(self._name, values)
        return _checked(libpq, result)


def _checked(libpq: pq.abc.PGconn, result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if libpq.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise psycopg.errors.error_from_result(result)
