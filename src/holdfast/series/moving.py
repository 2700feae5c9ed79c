"""Where each booking of a series would go: decided for all of them before any is moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings import queries as bookings
from holdfast.bookings import repricing, steps
from holdfast.bookings.actions import wish_of
from holdfast.bookings.assignment import assigning
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.columns import slot_columns
from holdfast.bookings.errors import REFUSALS, foretold
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits import overrides
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking, Series
from holdfast.bookings.places import claims, placing
from holdfast.bookings.places.among import Among
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.repricing import Repriced
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import hours
from holdfast.domain.money import Money
from holdfast.domain.recurrence import wall_time
from holdfast.series.affected import Affected
from holdfast.series.asked import refused
from holdfast.series.documents import alternative_document, exceeded_document
from holdfast.series.horizon import furthest
from holdfast.series.other_times import Alternative, other_times


@dataclass(frozen=True, slots=True)
class Shift:
    """By how many days the dates move, and the minute of the local day at which all of them then start."""

    days: int
    minute: int


@dataclass(frozen=True, slots=True)
class Instead:
    """Where one date goes by itself; `resource` is a slug, None: the one asked for of all."""

    starts_at: datetime
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the dates are wanted: `starts_at` is the named booking's, the others move as far; `resource` is a slug.

    `instead`: dates of the rule that go elsewhere. `beyond_limits`: as staff decide it, also where nothing but a limit
    refuses.
    """

    starts_at: datetime
    resource: str | None = None
    instead: Mapping[date, Instead] = field(default_factory=dict)
    beyond_limits: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One booking, where it is and where it would go: a placement, or why not, and what it could have instead.

    `repriced`: what it costs there, where that is not what was agreed anyway.
    """

    booking: Booking
    before: datetime
    start: int
    placement: Placement | None = None
    refusal: HoldfastError | None = None
    alternatives: tuple[Alternative, ...] = ()
    repriced: Repriced | None = None


def repriced(moves: Iterable[Move]) -> list[Repriced]:
    """The new prices of a customer's dates; none of staff's, which keep theirs."""
    return [move.repriced for move in moves if move.repriced]


def instead_of(given: Iterable[Mapping[str, Any]]) -> dict[date, Instead]:
    """From the API's words: {"date", "starts_at", "resource"?} each. Raises ValidationError for a date named twice."""
    found: dict[date, Instead] = {}
    for each in given:
        if each["date"] in found:
            raise refused("instead", _("%(date)s is there twice") % {"date": each["date"].isoformat()})
        found[each["date"]] = Instead(each["starts_at"], each.get("resource"))
    return found


def shift_of(found: Affected, starts_at: datetime) -> Shift:
    """From the date that the rule gives the named booking to where it is wanted."""
    named, series = found.named, found.series
    wall = hours.from_minute(series.time_zone, placing.whole_minute(starts_at))
    return Shift((wall.date() - _date_of(named)).days, wall.hour * 60 + wall.minute)


def judge(organization: Organization, found: Affected, target: Target, actor: Actor) -> list[Move]:
    """Place every booking at its new time, inside the tenant's transaction, none in the way of another.

    What cannot be placed comes with up to three alternatives. Raises ValidationError when a date that is to go
    elsewhere is none of those that move.
    """
    _check_dates(found, target)
    shift = shift_of(found, target.starts_at)
    starts = [_start_of(each, shift, target) for each in found.bookings]
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
    return [
        _with_a_way_out(organization, each, target, actor, among, known) if each.refusal else each for each in moves
    ]


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
    placed = [(move.booking, move.placement, move.repriced) for move in moves if move.placement]
    claims.exchange_all([(booking, placement) for booking, placement, _price in placed])
    for booking, placement, price in placed:
        times = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
        before = {**times, **repricing.before(price)}
        steps.change(
            booking,
            starts_at=placement.starts_at,
            ends_at=placement.ends_at,
            chosen_resource_id=slot_columns(placement)["chosen_resource_id"],
            assigned=placement.assigned,
            series_id=series.id,
            series_date=_date_of(booking) + timedelta(days=days),
            calendar_sequence=booking.calendar_sequence + 1,
            **repricing.changes_of(price),
        )
        repricing.record(booking, price)
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
            "reason": foretold(move.refusal) if move.refusal else None,
            "exceeded": [exceeded_document(each) for each in move.placement.exceeded] if move.placement else [],
            "alternatives": [
                alternative_document(move.booking.time_zone, each, move.booking.minutes) for each in move.alternatives
            ],
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
        "alternatives": [],
    }


def _local(booking: Booking, minute: int) -> str:
    return hours.from_minute(booking.time_zone, minute).isoformat(timespec="seconds")


def _check_dates(found: Affected, target: Target) -> None:
    moving = {booking.series_date for booking in found.bookings}
    if unknown := [each for each in target.instead if each not in moving]:
        raise refused("instead", _("%(date)s is none of the dates") % {"date": min(unknown).isoformat()})


def _start_of(booking: Booking, shift: Shift, target: Target) -> int:
    if instead := target.instead.get(_date_of(booking)):
        return placing.whole_minute(instead.starts_at)
    wall = wall_time(_date_of(booking) + timedelta(days=shift.days), shift.minute)
    return hours.to_minute(booking.time_zone, wall)


def _date_of(booking: Booking) -> date:
    assert booking.series_date is not None  # noqa: S101 - the database keeps it with the series
    return booking.series_date


def _placed(
    organization: Organization, booking: Booking, start: int, target: Target, actor: Actor, among: Among
) -> Move:
    chooser = Chooser(booking.id, booking.customer_email, booking.customer_phone, moving=booking)
    instead = target.instead.get(_date_of(booking))
    wish = wish_of(booking, (instead and instead.resource) or target.resource, actor)
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
    price = repricing.for_move(booking, placement.question, start, actor)
    return Move(booking, booking.starts_at, start, placement, repriced=price)


def _with_a_way_out(
    organization: Organization, move: Move, target: Target, actor: Actor, among: Among, customer: Known
) -> Move:
    """What is nearest to where it was to go; moved by staff, the price stays what was agreed."""
    agreed = Money(move.booking.price_amount, move.booking.price_currency)
    wish = wish_of(move.booking, target.resource, actor)
    found = other_times(organization, wish, move.start, among, customer)
    if actor.kind == "customer":
        return replace(move, alternatives=tuple(found))
    return replace(move, alternatives=tuple(replace(each, price=agreed) for each in found))
