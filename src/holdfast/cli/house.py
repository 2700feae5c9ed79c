"""What every command stands on: the group, a database, Django, and failures in words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

PORTS = click.IntRange(0, 65535)  # 0: any that is free


def set_up_django() -> None:
    """Make models and actions usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()


@contextmanager
def house() -> Iterator[None]:
    """A database (the embedded one unless DATABASE_URL names another) and Django on it."""
    from holdfast.config import database

    with plainly(), database.available():
        set_up_django()
        yield


@contextmanager
def plainly() -> Iterator[None]:
    """What can go wrong with ports and databases, in words instead of a traceback."""
    from django.db import OperationalError as DjangoOperationalError
    from psycopg import OperationalError

    from holdfast.core.embedded_postgres import EmbeddedPostgresError
    from holdfast.core.listening_socket import PortUnavailableError

    try:
        yield
    except (EmbeddedPostgresError, PortUnavailableError) as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, DjangoOperationalError) as error:
        said = error.__cause__ if isinstance(error, DjangoOperationalError) else error
        what = "does not answer" if getattr(said, "sqlstate", None) is None else "cannot do this"
        raise click.ClickException(f"The database {what}: {str(error).strip()}\nTry: holdfast doctor") from None


@contextmanager
def refusals() -> Iterator[None]:
    """Say a refusal in a line for each field, without a traceback."""
    from holdfast.core.errors import HoldfastError

    try:
        yield
    except HoldfastError as error:
        lines = [f"{each['field']}: {each['message']}" for each in error.extra.get("errors", [])]
        raise click.ClickException("\n".join(lines) or str(error.detail)) from None


@click.group()
@click.version_option(package_name="holdfast")
def main() -> None:
    """Holdfast: booking that holds. Settings come from the environment; docs/operations.md lists them."""
