"""Moving dates of a series on a page: what its address and its form say, and every date as it would be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import QueryDict

from holdfast.bookings.errors import foretold
from holdfast.bookings.limits.allowances import CODES
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.series import changes
from holdfast.series.affected import Affected, Scope
from holdfast.series.moving import Instead, Move, repriced
from holdfast.series.wording import other_in_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """`starts_at` is where the booking itself goes; the other dates of the scope move as far, but for those to `keep`
    and those that go elsewhere `instead`. `resource` is a slug.
    """

    scope: Scope
    starts_at: datetime
    resource: str | None = None
    with_moved: bool = False
    keep: frozenset[date] = frozenset()
    instead: Mapping[date, Instead] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: QueryDict) -> "Wanted | None":
        """None where no time is named, or only the one date is meant."""
        scope, starts_at = sent.get("scope"), clock.read(sent.get("at", "").replace(" ", "+"))
        if starts_at is None or scope not in ("following", "all"):
            return None
        keep = frozenset(_dates(sent.getlist("keep")))
        instead = dict(_instead(sent.getlist("instead")))
        return cls(
            scope="following" if scope == "following" else "all",
            starts_at=starts_at,
            resource=sent.get("resource", "")[:50] or None,
            with_moved="with_moved" in sent,
            keep=keep,
            instead={day: to for day, to in instead.items() if day not in keep},
        )

    def asked(self) -> dict[str, Any]:
        """As `changes.look_ahead` and `changes.reschedule` take it."""
        return {
            "scope": self.scope,
            "starts_at": self.starts_at,
            "resource": self.resource,
            "with_moved": self.with_moved,
            "keep": self.keep,
            "instead": self.instead,
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
                "instead": sorted(_sent(day, to) for day, to in self.instead.items()),
            },
            doseq=True,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One date: where it would go, or why it cannot or does not. `may_stay`: the reader decides.

    `others`: what a form sends for each alternative, and its words; `instead`: what it sent for this date.
    """

    booking: Booking
    status: Literal["ok", "conflict", "kept"]
    to: datetime | None = None
    reason: str = ""
    may_stay: bool = False
    others: tuple[tuple[str, str], ...] = ()
    instead: str = ""
    beyond: tuple[str, ...] = ()


def context(
    organization: Organization, booking: Booking, wanted: Wanted, actor: Actor, *, beyond_limits: bool = False
) -> dict[str, Any]:
    """Every date of the scope in order, as `series/_moves.html` shows it; nothing is written.

    `beyond_limits`: as staff decide it. Raises what `changes.look_ahead` raises.
    """
    found, moves = changes.look_ahead(
        organization=organization,
        booking_id=booking.id,
        actor=actor,
        beyond_limits=beyond_limits,
        **wanted.asked(),
    )
    rows = sorted(_rows(found, moves, wanted), key=lambda row: row.booking.series_date or row.booking.starts_at.date())
    return {
        "wanted": wanted,
        "rows": rows,
        "moving": len(moves),
        "conflicts": sum(row.status == "conflict" for row in rows),
        "meets_limit": any(_meets_limit(each) for each in moves),
        "prices": _prices(moves),
        "has_moved": wanted.with_moved or any(each.reason == "moved" for each in found.kept),
    }


def _prices(moves: list[Move]) -> dict[str, Any] | None:
    """What all that move cost before and there, in minor units; None where that is the same."""
    priced = repriced(moves)
    was, now = sum(each.was.amount for each in priced), sum(each.price.amount for each in priced)
    return {"was": was, "now": now, "currency": priced[0].was.currency} if was != now else None


def _rows(found: Affected, moves: list[Move], wanted: Wanted) -> Iterator[Row]:
    for move in moves:
        to, day = clock.from_minute(move.start), move.booking.series_date
        if move.refusal:
            others = tuple(_others(move))
            yield Row(move.booking, "conflict", to, foretold(move.refusal), may_stay=True, others=others)
        else:
            instead = _sent(day, wanted.instead[day]) if day and day in wanted.instead else ""
            beyond = tuple(each.limit.words for each in move.placement.exceeded) if move.placement else ()
            yield Row(move.booking, "ok", to, instead=instead, beyond=beyond)
    for kept in found.kept:
        if kept.reason != "over":
            yield Row(kept.booking, "kept", reason=kept.words, may_stay=kept.reason == "asked")


def _meets_limit(move: Move) -> bool:
    if move.refusal:
        return move.refusal.code in CODES.values()
    return bool(move.placement and move.placement.exceeded)


def _others(move: Move) -> Iterator[tuple[str, str]]:
    day = move.booking.series_date
    assert day is not None  # noqa: S101 - the database keeps it with the series
    for each in move.alternatives:
        starts_at = clock.from_minute(each.start)
        yield (
            _sent(day, Instead(starts_at, each.resource and each.resource[0])),
            other_in_words(starts_at, move.booking.time_zone, each.resource and each.resource[1]),
        )


def _sent(day: date, to: Instead) -> str:
    """As a form sends it: the date, the time, and the resource if it is another."""
    return " ".join([day.isoformat(), to.starts_at.isoformat(), *([to.resource] if to.resource else [])])


def _instead(texts: list[str]) -> Iterator[tuple[date, Instead]]:
    for text in texts[:104]:
        day, _space, rest = text.partition(" ")
        moment, _space, resource = rest.partition(" ")
        starts_at = clock.read(moment)
        for each in _dates([day]):
            if starts_at is not None:
                yield each, Instead(starts_at, resource[:50] or None)


def _dates(texts: list[str]) -> Iterator[date]:
    for text in texts[:104]:
        try:
            yield date.fromisoformat(text)
        except ValueError:
            continue
