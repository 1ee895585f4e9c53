"""What is logged never carries what a person asked for or wrote: names of routes, kinds of errors, nobody's words."""

import datetime
import json
import logging
import re
import traceback
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from mapui.request_log import asked_now

QUERY = re.compile(r"\?.*?(?= HTTP/\d|$)", re.MULTILINE)
"""From a question mark to the end of the line, or of the address in a request line; a query may hold any sign."""
VALUES = re.compile(
    r"^(?:DETAIL|LINE \d+):.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.MULTILINE | re.DOTALL
)
"""Where PostgreSQL's error goes on with the failing row or the statement, up to the next exception of a chain."""
FRAMES = 30
"""So many of the innermost lines of a traceback are kept."""


class PrivateFormatter(logging.Formatter):
    """For a developer's terminal: a plain line without any query, a traceback without a statement's values."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line."""
        return QUERY.sub("", super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Write the traceback."""
        return VALUES.sub("", QUERY.sub("", super().formatException(ei)))


class JsonFormatter(logging.Formatter):
    """For a live site: one object a line, which joins the lines of one request by its id.

    Django's own sentences about a request quote its path, which may name a letter: the status is told in their place.
    The text of an exception may quote what somebody typed, so a traceback is where it happened and the kinds of what
    was raised, with the code and the constraint of PostgreSQL.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        asked = asked_now()
        if asked:
            line |= {"request": asked.id, "route": asked.route}
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            line["raised"] = [_raised(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security"):
        return record.name.removeprefix("django.security.")
    status = getattr(record, "status_code", None)
    if record.name.startswith("django.") and (status or hasattr(record, "request")):
        return HTTPStatus(status or HTTPStatus.INTERNAL_SERVER_ERROR).phrase
    return QUERY.sub("", record.getMessage())


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an exception and those it came from, the last one first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _raised(error: BaseException) -> dict[str, Any]:
    """Return the kind of an exception and the places it passed, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    told: dict[str, Any] = {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if sqlstate := getattr(error, "sqlstate", None):
        told |= {"sqlstate": sqlstate, "constraint": getattr(getattr(error, "diag", None), "constraint_name", None)}
    return told


def not_turned_away(record: logging.LogRecord) -> bool:
    """Leave out requests that a limit turned away: a flood must not fill the log. The doors tell of it once."""
    return getattr(record, "status_code", None) != HTTPStatus.TOO_MANY_REQUESTS
