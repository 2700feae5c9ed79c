"""Reading an export of `bookings_v312`, CSV or JSON, into rows with their lines; nothing is understood yet."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from holdfast.legacy.errors import UnreadableFile

Format = Literal["csv", "json"]
# Without these no row can become a booking; all others may be missing.
REQUIRED = ("id", "customer_email", "service_type", "pickup_datetime", "total_amount", "status")
_JSON_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class RawRow:
    """`columns` as they stand in the file: texts from CSV; JSON's own values, numbers with a point as text."""

    line: int
    columns: dict[str, Any]

    def text(self, name: str) -> str:
        """A column as text without surrounding spaces; empty when it is missing or null."""
        value = self.columns.get(name)
        return "" if value is None else str(value).strip()

    def is_storable(self) -> bool:
        """Whether PostgreSQL's JSON can hold it: no NUL, nothing that is half a character."""
        try:
            written = json.dumps(self.columns, ensure_ascii=False)
            written.encode()
        except UnicodeEncodeError:
            return False
        return "\\u0000" not in written

    @property
    def legacy_id(self) -> str:
        return self.text("id")


def read_rows(path: Path, given: Format | None = None) -> list[RawRow]:
    """All rows of the file in its order; `given` None means by the file's name. Raises UnreadableFile."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path.name} is not UTF-8: byte {error.start}") from None
    known = given or path.suffix.lower().removeprefix(".")
    if known not in ("csv", "json"):
        raise UnreadableFile(f"{path.name}: say --format csv or --format json")
    return _csv_rows(text) if known == "csv" else _json_rows(text)


def _csv_rows(text: str) -> list[RawRow]:
    header, _, _ = text.partition("\n")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(_csv_records(reader))
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: {error}") from None


def _csv_records(reader: Any) -> Iterator[RawRow]:
    names = [name.strip() for name in next(reader, [])]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UnreadableFile(f"line 1: these columns are missing: {', '.join(missing)}")
    if len(set(names)) < len(names):
        raise UnreadableFile("line 1: a column stands there twice")
    line = reader.line_num + 1
    for values in reader:
        if values:
            if len(values) != len(names):
                raise UnreadableFile(f"line {line}: {len(values)} values for {len(names)} columns")
            yield RawRow(line, dict(zip(names, values, strict=True)))
        line = reader.line_num + 1


def _json_rows(text: str) -> list[RawRow]:
    """A list of objects, or an object whose one list it is; read one by one to know each one's line."""
    decoder = json.JSONDecoder(parse_float=_exact, parse_constant=_exact)
    try:
        start = _list_start(text, decoder.decode(text))
        return list(_json_records(text, start, decoder))
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise UnreadableFile("it is nested too deeply") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise UnreadableFile("a number in it has too many digits") from None


def _list_start(text: str, document: Any) -> int:
    """The position behind the bracket that opens the list."""
    if isinstance(document, list):
        return text.index("[") + 1
    lists = [name for name, value in document.items() if isinstance(value, list)] if isinstance(document, dict) else []
    opening = re.search(rf"{re.escape(json.dumps(lists[0]))}\s*:\s*\[", text) if len(lists) == 1 else None
    if opening is None:
        raise UnreadableFile("there is no list of bookings in it, or more than one")
    return opening.end()


def _json_records(text: str, position: int, decoder: json.JSONDecoder) -> Iterator[RawRow]:
    line, counted = 1, 0
    while True:
        while position < len(text) and text[position] in _JSON_SPACE + ",":
            position += 1
        line, counted = line + text.count("\n", counted, position), position
        if text[position] == "]":
            return
        record, position = decoder.raw_decode(text, position)
        if not isinstance(record, dict):
            raise UnreadableFile(f"line {line}: a booking is an object with named columns")
        yield RawRow(line, record)


def _exact(number: str) -> str:
    """Never a float: 95.10 stays as it is written."""
    return str(Decimal(number))
