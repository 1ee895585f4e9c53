"""Log lines never carry what a person asked for: the query of every URL is cut off."""

import logging
import re

QUERY = re.compile(r"\?[^\s\"']*")


class WithoutQuery(logging.Filter):
    """Cut `?…` off every text argument of a record, and off its message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place and let it pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(QUERY.sub("", arg) if isinstance(arg, str) else arg for arg in record.args)
        if isinstance(record.msg, str):
            record.msg = QUERY.sub("", record.msg)
        return True
