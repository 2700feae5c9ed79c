"""What the log leaves out: the way to a line that is known and nobody's mistake."""

import logging
import re

from django.db import OperationalError

# Keys and signing secrets of the card gateway, and the client secrets that let a browser confirm a payment.
_SECRETS = re.compile(r"\b((?:sk|rk)_(?:live|test)_|whsec_|(?:pi|seti|cs)_\w+?_secret_)\w+")


class WithoutSecrets(logging.Formatter):
    """The last to see a line, traceback included: whatever looks like a secret ends after its prefix."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub(r"\1…", super().format(record))


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
