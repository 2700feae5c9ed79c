"""Where each booking of a series would go: decided for all of them before any is moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from holdfast.bookings import queries as bookings
from holdfast.bookings import steps
from holdfast.bookings.actions import wish_of
from holdfast.bookings.assignment import assigning
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.columns import slot_columns
from holdfast.bookings.errors import REFUSALS
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits import overrides
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking, Series
from holdfast.bookings.places import claims, placing
from holdfast.bookings.places.among import Among
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import hours
from holdfast.domain.recurrence import wall_time
from holdfast.series.affected import Affected
from holdfast.series.documents import exceeded_document
from holdfast.series.horizon import furthest


@dataclass(frozen=True, slots=True)
class Shift:
    """By how many days the dates move, and the minute of the local day at which all of them then start."""

    days: int
    minute: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where the dates are wanted: `starts_at` is the named booking's, the others move as far; `resource` is a slug.

    `beyond_limits`: as staff decide it, also where nothing but a limit refuses.
    """

    starts_at: datetime
    resource: str | None = None
    beyond_limits: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One booking, where it is and where it would go: a placement, or why not."""

    booking: Booking
    before: datetime
    start: int
    placement: Placement | None = None
    refusal: HoldfastError | None = None


def shift_of(found: Affected, starts_at: datetime) -> Shift:
    """From the date that the rule gives the named booking to where it is wanted."""
    named, series = found.named, found.series
    wall = hours.from_minute(series.time_zone, placing.whole_minute(starts_at))
    return Shift((wall.date() - _date_of(named)).days, wall.hour * 60 + wall.minute)


def judge(organization: Organization, found: Affected, target: Target, actor: Actor) -> list[Move]:
    """Place every booking at its new time, inside the tenant's transaction, none in the way of another."""
    shift = shift_of(found, target.starts_at)
    starts = [_start_of(each, shift) for each in found.bookings]
    question = plan_cache.question_of(organization, wish_of(found.named, target.resource, actor), clock.now())
    assigning.lock_all(question, starts, moving=found.bookings)
    known = Known.of(found.named.customer_email, found.named.customer_phone)
    limits.lock(limits.locks(question, starts, known))
    among = Among((), furthest(question), leaving=bookings.occupied_by([each.id for each in found.bookings]))
    moves = []
    for booking, start in zip(found.bookings, starts, strict=True):
        move = _placed(organization, booking, start, target, actor, among)
        if move.placement:
            among = among.and_also(move.placement.occupation, move.placement.assigned, before=booking.assigned)
        moves.append(move)
    return moves


def apply(
    moves: Sequence[Move],
    actor: Actor,
    reason: str,
    *,
    told_by: str,
    series: Series,
    days: int,
    override: Override | None = None,
) -> None:
    """Give back and take all places, then write each booking, now of `series` and `days` later by its rule.

    Raises SlotContended, which must undo all of it.
    """
    pairs = [(move.booking, move.placement) for move in moves if move.placement]
    claims.exchange_all(pairs)
    for booking, placement in pairs:
        before = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
        steps.change(
            booking,
            starts_at=placement.starts_at,
            ends_at=placement.ends_at,
            chosen_resource_id=slot_columns(placement)["chosen_resource_id"],
            assigned=placement.assigned,
            series_id=series.id,
            series_date=_date_of(booking) + timedelta(days=days),
            calendar_sequence=booking.calendar_sequence + 1,
        )
        steps.log(booking, action="reschedule", source=booking.state, actor=actor, reason=reason, details=before)
        steps.announce(booking, "booking.rescheduled", actor=actor, reason=reason, told_by=told_by, before=before)
        overrides.record(booking, placement.exceeded, override, actor)


def preview_document(found: Affected, moves: Sequence[Move]) -> dict[str, Any]:
    """Every date of the scope: where it would go, why it cannot, or why it stays. Plain JSON, in order."""
    rows = [
        {
            **_row(move.booking, "conflict" if move.refusal else "ok"),
            "new_starts_at": _local(move.booking, move.start),
            "code": move.refusal.code if move.refusal else None,
            "reason": str(move.refusal.detail) if move.refusal else None,
            "exceeded": [exceeded_document(each) for each in move.placement.exceeded] if move.placement else [],
        }
        for move in moves
    ]
    if not moves:
        rows = [_row(booking, "ok") for booking in found.bookings]
    rows += [{**_row(kept.booking, "kept"), "code": kept.reason, "reason": kept.words} for kept in found.kept]
    return {
        "dates": sorted(rows, key=lambda row: row["date"]),
        "counts": {status: sum(row["status"] == status for row in rows) for status in ("ok", "conflict", "kept")},
    }


def _row(booking: Booking, status: str) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "date": str(booking.series_date),
        "starts_at": _local(booking, clock.to_minute(booking.starts_at)),
        "new_starts_at": None,
        "status": status,
        "code": None,
        "reason": None,
        "exceeded": [],
    }


def _local(booking: Booking, minute: int) -> str:
    return hours.from_minute(booking.time_zone, minute).isoformat(timespec="seconds")


def _start_of(booking: Booking, shift: Shift) -> int:
    wall = wall_time(_date_of(booking) + timedelta(days=shift.days), shift.minute)
    return hours.to_minute(booking.time_zone, wall)


def _date_of(booking: Booking) -> date:
    assert booking.series_date is not None  # noqa: S101 - the database keeps it with the series
    return booking.series_date


def _placed(
    organization: Organization, booking: Booking, start: int, target: Target, actor: Actor, among: Among
) -> Move:
    chooser = Chooser(booking.id, booking.customer_email, booking.customer_phone, moving=booking)
    wish = wish_of(booking, target.resource, actor)
    try:
        placement = placing.place(
            organization,
            wish,
            clock.from_minute(start),
            chooser,
            among=among.but_for(booking.id),
            beyond_limits=target.beyond_limits,
        )
    except HoldfastError as refusal:
        if refusal.code not in REFUSALS:
            raise
        return Move(booking, booking.starts_at, start, refusal=refusal)
    return Move(booking, booking.starts_at, start, placement)
