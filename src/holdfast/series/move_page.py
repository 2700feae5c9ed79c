"""Moving dates of a series on a page: what its address and its form say, and every date as it would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import QueryDict

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.series import changes
from holdfast.series.affected import Affected, Scope
from holdfast.series.moving import Move


@dataclass(frozen=True, slots=True)
class Wanted:
    """`starts_at` is where the booking itself goes; the other dates of the scope move as far, but for those to `keep`.

    `resource` is a slug.
    """

    scope: Scope
    starts_at: datetime
    resource: str | None = None
    with_moved: bool = False
    keep: frozenset[date] = frozenset()

    @classmethod
    def read(cls, sent: QueryDict) -> "Wanted | None":
        """None where no time is named, or only the one date is meant."""
        scope, starts_at = sent.get("scope"), clock.read(sent.get("at", "").replace(" ", "+"))
        if starts_at is None or scope not in ("following", "all"):
            return None
        return cls(
            scope="following" if scope == "following" else "all",
            starts_at=starts_at,
            resource=sent.get("resource", "")[:50] or None,
            with_moved="with_moved" in sent,
            keep=frozenset(_dates(sent.getlist("keep"))),
        )

    def asked(self) -> dict[str, Any]:
        """As `changes.look_ahead` and `changes.reschedule` take it."""
        return {
            "scope": self.scope,
            "starts_at": self.starts_at,
            "resource": self.resource,
            "with_moved": self.with_moved,
            "keep": self.keep,
        }

    def is_confirmed(self, sent: QueryDict) -> bool:
        """Whether the form says "go" of the very dates that it showed; nobody moves what they have not seen."""
        return sent.get("next") == "go" and sent.get("seen") == self.query()

    def query(self) -> str:
        """The same as the part of an address after its question mark."""
        return urlencode(
            {
                "scope": self.scope,
                "at": self.starts_at.isoformat(),
                **({"resource": self.resource} if self.resource else {}),
                **({"with_moved": "1"} if self.with_moved else {}),
                "keep": sorted(each.isoformat() for each in self.keep),
            },
            doseq=True,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One date: where it would go, or why it cannot or does not. `may_stay`: the reader decides."""

    booking: Booking
    status: Literal["ok", "conflict", "kept"]
    to: datetime | None = None
    reason: str = ""
    may_stay: bool = False


def context(organization: Organization, booking: Booking, wanted: Wanted, actor: Actor) -> dict[str, Any]:
    """Every date of the scope in order, as `series/_moves.html` shows it; nothing is written.

    Raises what `changes.look_ahead` raises.
    """
    found, moves = changes.look_ahead(
        organization=organization,
        booking_id=booking.id,
        actor=actor,
        **wanted.asked(),
    )
    rows = sorted(_rows(found, moves), key=lambda row: row.booking.series_date or row.booking.starts_at.date())
    return {
        "wanted": wanted,
        "rows": rows,
        "moving": len(moves),
        "conflicts": sum(row.status == "conflict" for row in rows),
        "has_moved": wanted.with_moved or any(each.reason == "moved" for each in found.kept),
    }


def _rows(found: Affected, moves: list[Move]) -> Iterator[Row]:
    for move in moves:
        to = clock.from_minute(move.start)
        if move.refusal:
            yield Row(move.booking, "conflict", to, str(move.refusal.detail), may_stay=True)
        else:
            yield Row(move.booking, "ok", to)
    for kept in found.kept:
        if kept.reason != "over":
            yield Row(kept.booking, "kept", reason=kept.words, may_stay=kept.reason == "asked")


def _dates(texts: list[str]) -> Iterator[date]:
    for text in texts[:104]:
        try:
            yield date.fromisoformat(text)
        except ValueError:
            continue
