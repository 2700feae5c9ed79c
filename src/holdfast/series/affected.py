"""Which bookings of a series a change is about, and which stay as they are: said before, and kept to after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import notice, steps
from holdfast.bookings.cancelling import may_cancel
from holdfast.bookings.details.ladder import fee_for
from holdfast.bookings.errors import TransitionNotAllowed
from holdfast.bookings.models import Booking, BookingState, Series
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import NotFound
from holdfast.domain import hours
from holdfast.domain.lifecycle import MOVABLE, Action
from holdfast.domain.recurrence import wall_time
from holdfast.series.asked import refused

Scope = Literal["following", "all"]
Change = Literal["cancel", "confirm", "reschedule"]
Reason = Literal["over", "moved", "too_late", "fee", "approved", "state", "asked"]
# They hold nothing and are no longer dates of anything.
GONE = (BookingState.CANCELLED, BookingState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Kept:
    """A booking that a change leaves as it is."""

    booking: Booking
    reason: Reason

    @property
    def words(self) -> str:
        return {
            "over": _("has begun or is over"),
            "moved": _("was moved by itself"),
            "too_late": _("is too close to be changed online"),
            "fee": _("costs a fee to cancel by now, so it is cancelled by itself"),
            "approved": _("is approved already"),
            "state": _("cannot be changed any more"),
            "asked": _("stays as you asked"),
        }[self.reason]


@dataclass(frozen=True, slots=True)
class Affected:
    """`named` is the booking from which the change was asked for; `bookings` and `kept` are in the order of dates.

    `gone`: cancelled dates within the scope.
    """

    series: Series
    named: Booking
    bookings: list[Booking]
    kept: list[Kept]
    gone: list[Booking]


def affected(
    organization: Organization,
    *,
    booking_id: UUID,
    scope: Scope,
    actor: Actor,
    to: Change,
    version: int | None = None,
    with_moved: bool = False,
    lock: bool = True,
) -> Affected:
    """Sort the series' bookings, inside the tenant's transaction; with `lock` their rows stay ours until it ends.

    Raises NotFound (also when the booking is of no series), VersionConflict.
    """
    named = Booking.objects.filter(id=booking_id, series__isnull=False).only("series_id").first()
    if named is None or named.series_id is None:
        raise NotFound
    rows = _rows(named.series_id, lock)
    found = next((each for each in rows if each.id == booking_id), None)
    if found is None:  # its series was split at this very moment
        raise NotFound
    steps.check_version(found, version)
    since = found.series_date if scope == "following" else None
    result = Affected(found.series, found, [], [], [])  # type: ignore[arg-type]
    now = clock.now()
    for booking in rows:
        if since and booking.series_date and booking.series_date < since:
            continue
        reason = _kept_for(organization, booking, actor, to, now)
        if reason is None and not with_moved and booking.id != booking_id and is_moved(booking):
            reason = "moved"
        if booking.state in GONE:
            result.gone.append(booking)
        elif reason:
            result.kept.append(Kept(booking, reason))
        else:
            result.bookings.append(booking)
    return result


def is_moved(booking: Booking) -> bool:
    """Whether it is not at the time that its series' rule gives it."""
    series = booking.series
    assert series is not None  # noqa: S101 - asked of bookings of a series only
    assert booking.series_date is not None  # noqa: S101 - the database keeps the two together
    wall = wall_time(booking.series_date, series.start_minute)
    return clock.to_minute(booking.starts_at) != hours.to_minute(series.time_zone, wall)


def _rows(series_id: UUID, lock: bool) -> list[Booking]:
    """The series' bookings in the order of their dates, with what they refer to read once for all."""
    if lock:
        locking.lock_rows(Booking, series_id=series_id)
    rows = Booking.objects.filter(series_id=series_id).select_related("series", "service", "chosen_resource")
    return list(rows.order_by("series_date"))


def _kept_for(organization: Organization, booking: Booking, actor: Actor, to: Change, now: datetime) -> Reason | None:
    if booking.starts_at <= now or booking.state in (BookingState.IN_PROGRESS, BookingState.COMPLETED):
        return "over"
    if to == "confirm" and booking.state == BookingState.CONFIRMED:
        return "approved"
    if not _may(booking, actor, to):
        return "state"
    if actor.kind == "customer":
        return _too_late(organization, booking, to, now)
    return None


def _too_late(organization: Organization, booking: Booking, to: Change, now: datetime) -> Reason | None:
    if to == "cancel" and may_cancel(booking, organization, now):
        return "fee" if fee_for(booking, now).amount else None
    return None if notice.is_in_time(booking, organization, now) else "too_late"


def _may(booking: Booking, actor: Actor, to: Change) -> bool:
    if to == "reschedule":
        return booking.state in MOVABLE
    try:
        steps.target_of(booking, Action(to), actor)
    except TransitionNotAllowed:
        return False
    return True


def without(found: Affected, keep: Collection[date]) -> Affected:
    """The same, leaving some dates more as they are because somebody asked for it.

    Raises ValidationError for what is no date of the series: whoever mistook it would see another one moved.
    """
    rows = (*found.bookings, *(kept.booking for kept in found.kept), *found.gone)
    known = {each.series_date for each in rows if each.series_date}
    # An earlier date is not looked for: of this one and the following, it stays in any case.
    if unknown := [day for day in keep if day not in known and day >= min(known)]:
        raise refused("keep", _("%(date)s is none of the dates") % {"date": min(unknown).isoformat()})
    kept = [Kept(each, "asked") for each in found.bookings if each.series_date in keep]
    bookings = [each for each in found.bookings if each.series_date not in keep]
    return Affected(found.series, found.named, bookings, in_order([*found.kept, *kept]), found.gone)


def in_order(kept: Iterable[Kept]) -> list[Kept]:
    return sorted(kept, key=lambda each: each.booking.starts_at)
