"""Writing new rows and finding one, with SQL that is put together once for its models: the ORM does so each time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar

from django.db import connection, models
from django.db.models import Field, Model
from psycopg import sql

from holdfast.core import statements

AnyField: TypeAlias = "Field[Any, Any]"
M = TypeVar("M", bound=Model)
# What psycopg takes as it is. Their subclasses may think otherwise.
PLAIN = frozenset(
    {
        *(models.UUIDField, models.CharField, models.TextField, models.EmailField, models.BooleanField),
        *(models.IntegerField, models.SmallIntegerField, models.BigIntegerField, models.PositiveIntegerField),
        *(models.PositiveSmallIntegerField, models.PositiveBigIntegerField, models.ForeignKey),
    }
)


@dataclass(frozen=True, slots=True)
class _Insert:
    text: str
    given: tuple[tuple[Callable[[Model], Any], ...], ...]
    decided: tuple[AnyField, ...]


def insert(*rows: Model) -> None:
    """Write new rows in one statement; what the database decides for the last (serial keys, defaults) is read back.

    For models without parents and signals, which all of ours are. All but the last leave nothing for the database to
    decide, and no row needs another of the same statement to be there already: references are checked at the commit.
    """
    statement = _insert_of(tuple(type(row) for row in rows))
    values = [value(row) for row, given in zip(rows, statement.given, strict=True) for value in given]
    cursor = statements.run(statement.text, values)
    if statement.decided:
        for field, value in zip(statement.decided, cursor.fetchone() or (), strict=True):
            setattr(rows[-1], field.attname, value)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def find(model: type[M], column: str, value: Any) -> M | None:
    """The row with this value in a unique column, None if there is none."""
    text, converters = _select_by(model, column)
    found = statements.one(text, [value])
    if found is None:
        return None
    values = [convert(each) for convert, each in zip(converters, found, strict=True)]
    return model.from_db(connection.alias, [field.attname for field in model._meta.concrete_fields], values)


@cache
def _insert_of(models: Sequence[type[Model]]) -> _Insert:
    fields = [[field for field in model._meta.local_concrete_fields if not field.generated] for model in models]
    decided = tuple(filter(_is_decided, fields[-1]))
    given = [[field for field in each if not _is_decided(field)] for each in fields]
    parts = [
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(model._meta.db_table), _columns(each), sql.SQL(", ").join([sql.Placeholder()] * len(each))
        )
        for model, each in zip(models, given, strict=True)
    ]
    *others, text = parts
    if decided:
        text += sql.SQL(" RETURNING {}").format(_columns(decided))
    if others:
        named = [
            sql.SQL("{} AS ({})").format(sql.Identifier(f"row_{number}"), part) for number, part in enumerate(others)
        ]
        text = sql.SQL("WITH {} {}").format(sql.SQL(", ").join(named), text)
    return _Insert(text.as_string(), tuple(tuple(map(_value_of, each)) for each in given), decided)


def _is_decided(field: AnyField) -> bool:
    """By the database. A default of ours is given; its own beside it is for whoever does not know the column yet."""
    return bool(field.db_returning) and not field.has_default()


def _value_of(field: AnyField) -> Callable[[Model], Any]:
    """How to get from a row what is to be bound for this field."""
    if type(field) in PLAIN or (type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add)):
        return partial(_plain, field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def _plain(name: str, row: Model) -> Any:
    value = getattr(row, name)
    return value.value if isinstance(value, Enum) else value


@cache
def _select_by(model: type[Model], column: str) -> tuple[str, tuple[Callable[[Any], Any], ...]]:
    fields: list[AnyField] = list(model._meta.concrete_fields)
    text = sql.SQL("SELECT {} FROM {} WHERE {} = {}").format(
        _columns(fields), sql.Identifier(model._meta.db_table), sql.Identifier(column), sql.Placeholder()
    )
    return text.as_string(), tuple(map(_converter_of, fields))


def _converter_of(field: AnyField) -> Callable[[Any], Any]:
    converters = field.get_db_converters(connection)
    expression = models.expressions.Col(field.model._meta.db_table, field)

    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    return convert if converters else lambda value: value


def _columns(fields: Iterable[AnyField]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
