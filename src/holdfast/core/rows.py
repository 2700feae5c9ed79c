"""Inserting one new row with SQL that is put together once for its model: `save()` does so anew for each row."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql

AnyField: TypeAlias = "Field[Any, Any]"


@dataclass(frozen=True, slots=True)
class _Insert:
    text: str
    given: tuple[AnyField, ...]
    decided: tuple[AnyField, ...]


def insert(row: Model) -> None:
    """Write a new row; what the database decides (serial keys, defaults) is read back into it.

    For models without parents and signals, which all of ours are.
    """
    statement = _insert_of(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in statement.given]
    with connection.cursor() as cursor:
        cursor.execute(statement.text, values)
        if statement.decided:
            for field, value in zip(statement.decided, cursor.fetchone() or (), strict=True):
                setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert_of(model: type[Model]) -> _Insert:
    fields: list[AnyField] = [field for field in model._meta.local_concrete_fields if not field.generated]
    # A default of ours is given; the database's own beside it is for whoever does not know the column yet.
    decided = tuple(field for field in fields if field.db_returning and not field.has_default())
    given = tuple(field for field in fields if field not in decided)
    text = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table), _columns(given), sql.SQL(", ").join([sql.Placeholder()] * len(given))
    )
    if decided:
        text += sql.SQL(" RETURNING {}").format(_columns(decided))
    return _Insert(text.as_string(), given, decided)


def _columns(fields: Iterable[AnyField]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
