"""Does an answer fit the schema that the OpenAPI document gives for it? As much of JSON Schema as the document uses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from tools.openapi import resolve

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def misfits(document: dict[str, Any], schema: dict[str, Any], value: Any, at: str = "$") -> Iterator[str]:
    """Where the value is not what the schema says, a line each; members that it does not name count too."""
    if "$ref" in schema:
        yield from misfits(document, resolve(document, schema["$ref"]), value, at)
    elif "anyOf" in schema:
        tried = [list(misfits(document, each, value, at)) for each in schema["anyOf"]]
        yield from min(tried, key=len) if all(tried) else []
    elif "enum" in schema or "const" in schema:
        if value not in schema.get("enum", [schema.get("const")]):
            yield f"{at}: {value!r} is none of {schema}"
    elif not _is(value, schema.get("type")):
        yield f"{at}: {value!r} is no {schema['type']}"
    elif isinstance(value, dict):
        yield from _object_misfits(document, schema, value, at)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from misfits(document, schema["items"], each, f"{at}[{number}]")
    elif isinstance(value, str):
        yield from _text_misfits(schema, value, at)


def _is(value: Any, kind: str | None) -> bool:
    if kind is None:
        return True
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _object_misfits(document: dict[str, Any], schema: dict[str, Any], value: dict[str, Any], at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    others = schema.get("additionalProperties", not known)
    for name, each in value.items():
        if name in known:
            yield from misfits(document, known[name], each, f"{at}.{name}")
        elif isinstance(others, dict):
            yield from misfits(document, others, each, f"{at}.{name}")
        elif not others:
            yield f"{at}.{name} is not in the document"


def _text_misfits(schema: dict[str, Any], value: str, at: str) -> Iterator[str]:
    try:
        if schema.get("format") == "date-time" and datetime.fromisoformat(value).utcoffset() is None:
            yield f"{at}: {value} has no offset"
        if schema.get("format") == "uuid":
            UUID(value)
    except ValueError:
        yield f"{at}: {value!r} is no {schema['format']}"
