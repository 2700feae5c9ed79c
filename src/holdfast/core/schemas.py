"""What every refusal looks like."""

from datetime import datetime
from typing import Any

from ninja import Schema


class ProblemOut(Schema):
    """RFC 9457. `code` is stable; more members depend on it (alternatives, errors, current, rules)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    alternatives: list[datetime] | None = None
    errors: list[dict[str, str]] | None = None
    current: dict[str, Any] | None = None
    preview: dict[str, Any] | None = None
    rules: list[dict[str, Any]] | None = None
    # Of a promotion or quote that is refused: why, and what it costs now.
    reason: str | None = None
    params: dict[str, Any] | None = None
    price: dict[str, Any] | None = None
    price_lines: list[dict[str, Any]] | None = None
