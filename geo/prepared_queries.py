"""Questions of Django's, put into SQL once a process and planned once a connection.

To name a table with policies costs more than to read a row of it: of 5 ms for one letter Django takes 1 to put it into
words and PostgreSQL 3 to plan it. A page of the staff asks a dozen of such questions.
"""

import re
import time
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from psycopg import pq, sql
from psycopg.adapt import Transformer

from geo.prepared import Prepared, Question, results_of, written

PLACE: Final = re.compile(r"%\((\w+)\)s|%s|%%")
Answer = TypeVar("Answer")


def given(name: str, kind: str, field: Field[Any, Any] | None = None) -> Any:
    """Return what stands in a queryset for a value that comes later: its name, and its type of PostgreSQL.

    Lookups of places ask for its field too.
    """
    return RawSQL(f"%({name})s::{kind}", (), field)  # noqa: S611 - names of our own code


def each_given(name: str, kind: str) -> Any:
    """Return the same for a list of whole numbers, of which a lookup by `__in` finds each."""
    return RawSQL(f"SELECT unnest(%({name})s::{kind}[])", ())  # noqa: S611 - names of our own code


class PreparedQuery(Generic[Answer]):
    """A queryset with `given` values, as `ask` returns it; all else in it is the same whenever it is asked."""

    tail = ""
    """What ends the statement, after the queryset's own words."""
    as_driven = False
    """Whether rows are tuples as the driver gives them: Django would pass each number through a function."""

    def __init__(self, ask: Callable[[], QuerySet[Any, Answer]]) -> None:
        self._ask = ask

    def rows(self, **values: object) -> list[Answer]:
        """Return what the queryset answers with these values. Raises Django's database errors."""
        return answers_of(self.asked(**values))[0]

    def asked(self, **values: object) -> "Asked":
        """Return the question with its values, to be put to the database together with others."""
        known = self._compiled
        return Asked(known, (known.statement, [_written(values[name]) for name in known.names]))

    @cached_property
    def _compiled(self) -> "_Compiled":
        return _Compiled.of(self._ask(), self.tail, as_driven=self.as_driven)


class PreparedNumbers(PreparedQuery[tuple[int, ...]]):
    """A question that thousands of rows of numbers answer."""

    as_driven = True


class PreparedList(PreparedQuery[Answer]):
    """A queryset of which a slice is asked for, such as the page of a list."""

    tail = " LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint"

    def of(self, **values: object) -> "Slices[Answer]":
        """Return the rows with these values; none is read before a slice of them is taken."""
        return Slices(self, values)


@dataclass(frozen=True, slots=True)
class Slices(Generic[Answer]):
    """Rows that are read by slices, as `django.core.paginator` takes them."""

    query: PreparedList[Answer]
    values: Mapping[str, object]

    def __getitem__(self, span: slice) -> list[Answer]:
        start = span.start or 0
        limit = span.stop - start
        return self.query.rows(**self.values, limit=limit, offset=start) if limit > 0 else []


def answers_of(*asked: "Asked") -> list[list[Any]]:
    """Return what each question answers, in one trip to the database; it is logged where Django's own are."""
    database, begun = connections[DEFAULT_DB_ALIAS], time.monotonic()
    results = results_of(*(each.question for each in asked))
    if database.queries_logged:
        took = f"{time.monotonic() - begun:.3f}"
        database.queries_log.extend({"sql": each.question[0].sql.decode(), "time": took} for each in asked)
    return [each.compiled.read(result) for each, result in zip(asked, results, strict=True)]


def keep_as_prefetched(row: Model, name: str, related: list[Any]) -> None:
    """Let a manager of a row answer with these rows, as after `prefetch_related`."""
    kept = getattr(row, name).all()
    kept._result_cache = related
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = kept


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A queryset in SQL: `names` are those of its values, in their order."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    statement: Prepared
    names: tuple[str, ...]
    as_driven: bool

    @classmethod
    def of(cls, queryset: QuerySet[Any, Any], tail: str, *, as_driven: bool) -> "_Compiled":
        """Put it into SQL. Constants stand in it as they are, so that indexes of some rows alone are found."""
        database = connections[DEFAULT_DB_ALIAS]
        database.ensure_connection()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        words, constants = compiler.as_sql()
        text = words + tail
        rest = iter(constants)
        names = tuple(dict.fromkeys(found[1] for found in PLACE.finditer(text) if found[1]))

        def put(found: re.Match[str]) -> str:
            if found[1]:
                return f"${names.index(found[1]) + 1}"
            return "%" if found[0] == "%%" else sql.Literal(next(rest)).as_string(database.connection)

        statement = Prepared(PLACE.sub(put, text))
        vars(compiler)["connection"] = None  # it would outlive the thread that asked first
        return cls(queryset, compiler, statement, names, as_driven)

    def read(self, result: pq.abc.PGresult) -> list[Any]:
        """Return what the queryset makes of an answer of the database."""
        database = connections[DEFAULT_DB_ALIAS]
        transformer = Transformer(database.connection)
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        if self.as_driven:
            return rows
        compiler = copy(self.compiler)
        compiler.connection = database
        answered = self.queryset.all()
        vars(compiler)["execute_sql"] = lambda *_, **__: [rows]
        vars(answered.query)["get_compiler"] = lambda *_, **__: compiler
        return list(answered)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its values."""

    compiled: _Compiled
    question: Question


def _written(value: object) -> bytes | None:
    return written(f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value)
