"""What is logged never carries what a person asked for or wrote."""

import logging
import re
from typing import Any

QUERY = re.compile(r"\?.*?(?= HTTP/\d|$)", re.MULTILINE)
"""From a question mark to the end of the line, or of the address in a request line; a query may hold any sign."""
VALUES = re.compile(
    r"^(?:DETAIL|LINE \d+):.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.MULTILINE | re.DOTALL
)
"""Where PostgreSQL's error goes on with the failing row or the statement, up to the next exception of a chain."""


class PrivateFormatter(logging.Formatter):
    """A plain line without the query of any URL; a traceback without the values of a failed statement."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line."""
        return QUERY.sub("", super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Write the traceback."""
        return VALUES.sub("", QUERY.sub("", super().formatException(ei)))


def not_turned_away(record: logging.LogRecord) -> bool:
    """Leave out requests that a limit turned away: a flood must not fill the log. The doors tell of it once."""
    return getattr(record, "status_code", None) != 429
