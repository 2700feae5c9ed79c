"""Settings from the environment, with clear errors. The table of all of them is in docs/operations.md."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})

MOST_COUNTED = 9


class ConfigurationError(SystemExit):
    """A setting cannot be used: said in one line, without a traceback."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ConfigurationError(f"{name} is “{value}”; use 1 or 0.")
    return value in TRUE


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise ConfigurationError(f"{name} is “{value}”; use a whole number.")
    return int(value)


def count_or_flag(name: str) -> int:
    """A small whole number; what says yes is one, what says no is none."""
    value = text(name).lower()
    if value in TRUE | FALSE:
        return int(value in TRUE)
    if not value.isdigit() or int(value) > MOST_COUNTED:
        raise ConfigurationError(f"{name} is “{value}”; use a whole number from 0 to {MOST_COUNTED}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pairs(name: str) -> list[str]:
    """`old=new`, with commas between."""
    found = words(name)
    for each in found:
        if not all(part.strip() for part in each.partition("=")[::2]):
            raise ConfigurationError(f"{name} has “{each}”; use old=new, with commas between.")
    return found


def day(name: str) -> str:
    """A date, such as 2027-06-30, or nothing."""
    value = text(name)
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise ConfigurationError(f"{name} is “{value}”; use a date such as 2027-06-30.") from None


def data_dir() -> Path:
    """Where the embedded database, keys and collected files live."""
    return Path(text("HOLDFAST_DATA_DIR", "var")).resolve()


def secret_key() -> str:
    """HOLDFAST_SECRET_KEY, else one made once and kept in the data directory, readable by its owner only."""
    given = text("HOLDFAST_SECRET_KEY")
    if given:
        if len(given) < 40:
            raise ConfigurationError("HOLDFAST_SECRET_KEY is too short; use at least 40 random characters.")
        return given
    path = data_dir() / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


def database(url: str) -> dict[str, Any]:
    """Django's settings of a `postgresql://` address (libpq's own parser; sockets and options included)."""
    try:
        parts = conninfo_to_dict(url)
    except Exception:  # whose text would repeat the password
        raise ConfigurationError("DATABASE_URL cannot be read; use postgresql://role:password@host/database.") from None
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings: dict[str, Any] = {ours: str(parts.pop(theirs, "") or "") for ours, theirs in known.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **settings,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # PgBouncer's transaction mode keeps neither server-side cursors nor, before 1.21, prepared statements.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"prepare_threshold": prepare_threshold(), "application_name": "holdfast", **parts},
        "TIME_ZONE": None,
    }


def prepare_threshold() -> int | None:
    """How often psycopg runs a statement before it is prepared; None: never (core/statements.py)."""
    return 5 if flag("HOLDFAST_PREPARED_STATEMENTS") else None


def anymail() -> dict[str, str]:
    """Provider settings for django-anymail: every `ANYMAIL_…` variable, without the prefix."""
    return {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
