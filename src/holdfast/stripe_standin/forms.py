"""Stripe's form encoding: `metadata[booking]=K7`, `expand[]=customer`, `line_items[0][quantity]=1`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PARTS = re.compile(r"\[([^\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """The nested values that form-encoded text means. Lists are made of `[]` and of `[0]`, `[1]`, …"""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        base, _, rest = name.partition("[")
        keys = [base, *_PARTS.findall("[" + rest if rest else "")]
        _put(found, keys, value)
    return {name: _with_lists(value) for name, value in found.items()}


def _put(into: dict[str, Any], keys: list[str], value: str) -> None:
    key, *more = keys
    key = key or str(len(into))
    if not more:
        into[key] = value
        return
    inner = into.setdefault(key, {})
    if isinstance(inner, dict):
        _put(inner, more, value)


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(each) for key, each in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
