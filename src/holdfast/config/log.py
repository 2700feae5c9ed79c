"""What the log leaves out: the way to a line that is known and nobody's mistake."""

import logging

from django.db import OperationalError


class DatabaseGoneInALine(logging.Filter):
    """A database that is away or starting: each request says so in one line, without eighty of traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError) and _is_away(error):
            record.msg = f"{record.getMessage()}: {str(error).splitlines()[0]}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _is_away(error: OperationalError) -> bool:
    """Without an SQLSTATE nobody answered; 57P01 to 57P03 are a server that stops or starts."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith("57P0")
