"""Lucide's icons (ISC; static/web/vendor/README.md) as inline SVG: they take the text's color and need no request."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

_FILE = Path(__file__).with_name("icons.json")


@cache
def drawings() -> dict[str, str]:
    """Name → the SVG elements inside a 24 × 24 view box."""
    loaded: dict[str, str] = json.loads(_FILE.read_text())
    return loaded


@cache
def svg(name: str, classes: str = "") -> SafeString:
    """One icon, hidden from assistive technology: the words beside it speak. KeyError for a name we do not ship."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"icon {classes}".strip(),
        SafeString(drawings()[name]),  # our own vendored file
    )
