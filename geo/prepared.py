"""Prepared statements, for the few questions and deeds that come thousands of times a second.

Django's cursors never prepare, and psycopg's own cursor costs more than such an answer (on 0.3 ms: 0.1 ms): these go
through libpq itself, on Django's own connection and transaction.
"""

import hashlib
import re
from collections.abc import Generator, Mapping, Sequence
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
from psycopg.types.range import Range
from psycopg.waiting import Ready, Wait

STALE: Final = {b"26000", b"0A000"}
"""The statement is not known any more; or its columns are of other types since it was prepared, after a migration."""
PARAMETER: Final = re.compile(r"%\((\w+)\)s")
Row = TypeVar("Row", bound=Model)
Values = Sequence[bytes | None]
Rows = list[dict[str, Any]]
"""What a question answered."""
_known: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
"""The names that each connection has prepared."""


class Prepared:
    """One statement with `$1`, `$2` where its values stand, prepared once a connection."""

    def __init__(self, sql: str) -> None:
        self.sql = sql.encode()
        self.name = f"dilnychnyi_{hashlib.sha256(self.sql).hexdigest()[:16]}".encode()


Question = tuple[Prepared, Values]
"""A statement with its values, to be put to the database together with others."""


class PreparedDeed(Prepared):
    """Files of SQL put together, with `%(name)s` where a parameter stands, each cast to its type.

    What they return is one column of JSON.
    """

    def __init__(self, *files: Path) -> None:
        text = "\n".join(_text_of(file) for file in files)
        self._names = tuple(dict.fromkeys(PARAMETER.findall(text)))
        super().__init__(self._whole(PARAMETER.sub(lambda found: f"${self._names.index(found[1]) + 1}", text)))

    def _whole(self, text: str) -> str:
        return text

    def rows(self, **parameters: object) -> Rows:
        """Return the rows, as JSON gives their columns: moments are ISO 8601 texts.

        Raises Django's database errors, ValueError for a text with a zero byte.
        """
        return rows_of(self.asked(**parameters))[0]

    def asked(self, **parameters: object) -> Question:
        """Return the question."""
        return self, [written(parameters[name]) for name in self._names]


class PreparedStatement(PreparedDeed):
    """A SELECT, whose rows come as JSON: each file says `%(name)s` where a parameter stands."""

    def _whole(self, text: str) -> str:
        return f"SELECT row_to_json(answer) FROM ({text}) AS answer"  # noqa: S608 (of our own files)


def rows_of(*questions: Question) -> list[Rows]:
    """Return the rows of each question, as `PreparedStatement.rows` does, in one trip to the database."""
    results = results_of(*questions)
    return [[orjson.loads(one.get_value(row, 0) or b"") for row in range(one.ntuples)] for one in results]


def results_of(*questions: Question) -> list[pq.abc.PGresult]:
    """Return what the database answers to each question, in one trip.

    A connection that died while it was idle is opened anew, once: asking it first, at every request, costs as much
    as the answer itself.
    """
    database = connections[DEFAULT_DB_ALIAS]
    try:
        return _asked(database, *questions)
    except OperationalError:
        if database.in_atomic_block or database.is_usable():
            raise
        database.close()
        return _asked(database, *questions)


class PreparedInsert(Prepared):
    """The INSERT of one row of a model; the database gives the key unless `gives_key` is set.

    A column of `worked_out` is the whole number that a file of SQL returns, where `%(name)s` is another column of the
    row; it is read back into the row.
    """

    def __init__(self, model: type[Model], *, gives_key: bool = False, **worked_out: Path) -> None:
        meta = model._meta
        fields = [field for field in meta.concrete_fields if not field.generated]
        fields = [field for field in fields if field is not meta.auto_field or gives_key]
        self._given = [field.attname for field in fields if field.attname not in worked_out]
        self._worked_out = list(worked_out)
        places = {name: f"${number}" for number, name in enumerate(self._given, 1)}
        deeds = [
            f"{name} AS ({PARAMETER.sub(lambda found: places[found[1]], _text_of(file))})"
            for name, file in worked_out.items()
        ]
        places |= {name: f"(TABLE {name})" for name in worked_out}
        names = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(places[field.attname] for field in fields)
        sql = f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({values})'  # noqa: S608 (names of our own models)
        if worked_out:  # read from there: RETURNING would ask the policies of SELECT too
            sql = (
                f"WITH {', '.join(deeds)}, inserted AS ({sql}) SELECT {', '.join(places[name] for name in worked_out)}"
            )
        super().__init__(sql)

    def values_of(self, row: Model) -> Values:
        """Return what a row has in the columns that are given."""
        known = vars(row)
        return [written(known[name]) for name in self._given]

    def read_back(self, row: Model, result: pq.abc.PGresult) -> None:
        """Put into a row what the database worked out."""
        for column, name in enumerate(self._worked_out):
            setattr(row, name, int(result.get_value(0, column) or b""))
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert(*rows: tuple[PreparedInsert, Model], after: Sequence[Question] = (), commits: bool = False) -> None:
    """Insert rows in this order, in one trip to the database, within a transaction; what comes before goes along.

    With `commits` the transaction is their own: it begins and is committed in the same trip, and what the rows lock is
    free that much earlier. Raises Django's database errors, such as IntegrityError, ValueError for a text with a zero
    byte.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block == commits:
        raise TransactionManagementError("rows are inserted within a transaction, or in one of their own")
    questions = [*after, *((inserting, inserting.values_of(row)) for inserting, row in rows)]
    results = _asked(database, *questions, commits=commits)
    for (inserting, row), result in zip(rows, results[len(after) : len(questions)], strict=True):
        inserting.read_back(row, result)


def _asked(database: BaseDatabaseWrapper, *asked: Question, commits: bool = False) -> list[pq.abc.PGresult]:
    """Execute statements; where one is stale all are prepared anew: at once if it begins a transaction, else later."""
    database.ensure_connection()
    with database.wrap_database_errors:
        libpq = database.connection.pgconn
        is_first = libpq.transaction_status == pq.TransactionStatus.IDLE
        results = _in_one_trip(database, libpq, asked, commits)
        is_stale = any(_state(result) in STALE for result in results)
        if is_stale:
            _known.pop(database.connection)
        if is_stale and is_first:
            if libpq.transaction_status != pq.TransactionStatus.IDLE:
                _checked(libpq, libpq.exec_(b"ROLLBACK"))
            results = _in_one_trip(database, libpq, asked, commits)
        try:
            for result in results:
                _checked(libpq, result)
        except psycopg.Error:
            if commits and libpq.transaction_status == pq.TransactionStatus.INERROR:
                libpq.exec_(b"ROLLBACK")
            raise
    # It has just answered: Django need not ask it before its own first statement.
    database.health_check_done = True  # type: ignore[attr-defined]  # django-stubs forget it
    return results


def _in_one_trip(
    database: BaseDatabaseWrapper, libpq: pq.abc.PGconn, asked: tuple[Question, ...], commits: bool
) -> list[pq.abc.PGresult]:
    """Execute statements that follow each other without waiting, each prepared where the connection does not know it.

    The first of a transaction takes BEGIN along, which psycopg leaves to the first statement.
    """
    known = _known.get(database.connection)
    if known is None:
        _checked(libpq, libpq.exec_(b"DEALLOCATE ALL"))
        known = _known[database.connection] = set()
    for statement, _ in asked:
        if statement.name not in known:
            _checked(libpq, libpq.prepare(statement.name, statement.sql))
            known.add(statement.name)
    begins = commits or (database.in_atomic_block and libpq.transaction_status == pq.TransactionStatus.IDLE)
    if len(asked) == 1 and not begins:
        [(statement, values)] = asked
        return [libpq.exec_prepared(statement.name, values)]  # type: ignore[arg-type]  # None is NULL
    libpq.enter_pipeline_mode()
    if begins:
        libpq.send_query_params(b"BEGIN", None)
    for statement, values in asked:
        libpq.send_query_prepared(statement.name, values)
    if commits:
        libpq.send_query_params(b"COMMIT", None)
    libpq.pipeline_sync()
    results: list[pq.abc.PGresult] = database.connection.wait(_results(libpq, begins + len(asked) + commits))
    libpq.exit_pipeline_mode()
    return results[begins:]


def _results(libpq: pq.abc.PGconn, count: int) -> Generator[Wait, Ready, list[pq.abc.PGresult]]:
    """Wait for the results of so many statements, and for the end of the trip.

    PQgetResult is called only when it need not wait: it keeps Python's lock, and another thread of this process may
    hold the row that the database waits for. (One statement alone is executed without Python's lock.)
    """
    while libpq.flush():
        if (yield Wait.RW) & Ready.R:
            libpq.consume_input()
    results = []
    for _ in range(count):
        result = yield from _result(libpq)
        if result is None or libpq.status == pq.ConnStatus.BAD:
            raise psycopg.OperationalError(libpq.get_error_message())
        results.append(result)
        yield from _result(libpq)  # None: the results of one statement end here
    yield from _result(libpq)  # of the sync
    return results


def _result(libpq: pq.abc.PGconn) -> Generator[Wait, Ready, pq.abc.PGresult | None]:
    while libpq.is_busy():
        yield Wait.R
        libpq.consume_input()
    return libpq.get_result()


def _state(result: pq.abc.PGresult) -> bytes | None:
    return result.error_field(pq.DiagnosticField.SQLSTATE)


def _text_of(file: Path) -> str:
    return " ".join(re.sub(r"--[^\n]*", "", file.read_text()).split())


def loaded(model: type[Row], columns: Mapping[str, Any]) -> Row:
    """Return a row of a model from its columns as a statement gave them; what it left out is deferred."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, [columns[name] for name in names])


def written(value: object) -> bytes | None:
    """Write a value as PostgreSQL reads it in text; the statement says of what type it is.

    Raises ValueError for a text with a zero byte, which would end it there, and for a range that is not half-open.
    """
    if value is None:
        return None
    if isinstance(value, Range):
        if value.isempty or value.bounds != "[)":
            raise ValueError("ranges are half-open here")
        value = f"[{_bound(value.lower)},{_bound(value.upper)})"
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("PostgreSQL's texts hold no zero byte")
        return value.encode()
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, GEOSGeometry):
        return bytes(value.hexewkb)
    if isinstance(value, dict):
        return orjson.dumps(value)
    return str(value).encode()


def _bound(value: object) -> str:
    """Write a bound of a half-open range: nothing where it is open."""
    return "" if value is None else str(value)


def _checked(libpq: pq.abc.PGconn, result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if libpq.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise psycopg.errors.error_from_result(result)
