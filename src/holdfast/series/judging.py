"""Judging every date of a series by the engine that also books it: `bookings.placing.place`, date after date.

What earlier dates take is taken for the later ones (bookings/among.py), so what is found here can be claimed whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from holdfast.bookings import availability, placing
from holdfast.bookings.allocations import Occupation
from holdfast.bookings.among import Among
from holdfast.bookings.availability import Wish
from holdfast.bookings.errors import REFUSALS
from holdfast.bookings.models import Booking
from holdfast.bookings.placing import Placement
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.domain.hours import DAY
from holdfast.domain.money import Money
from holdfast.series.asked import Asked, Resolution, refused
from holdfast.series.errors import SeriesNotOffered
from holdfast.series.other_times import Alternative, other_times

Status = Literal["ok", "conflict", "skipped", "waiting"]
NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Judged:
    """One date and what it would get: `start` is the minute asked for, of the rule or of its resolution.

    `ok` with a placement, or with the `hold` that already keeps it; a `conflict` with the refusal and a way out.
    """

    date: date
    start: int
    duration: int
    status: Status
    resolution: Resolution | None = None
    placement: Placement | None = None
    hold: Booking | None = None
    refusal: HoldfastError | None = None
    alternatives: tuple[Alternative, ...] = field(default=())

    @property
    def price(self) -> Money | None:
        """What it costs, if it would be booked."""
        if self.placement:
            return self.placement.question.price().total
        return Money(self.hold.price_amount, self.hold.price_currency) if self.hold else None


def judge(
    organization: Organization,
    asked: Asked,
    *,
    hold: Booking | None = None,
    but_for: UUID | None = None,
    offer: bool = True,
) -> list[Judged]:
    """Every date, ascending, inside the tenant's transaction, which keeps the catalog as it is until it ends.

    `hold` keeps its slot for one of the dates. `offer`: with up to three alternatives for each conflict. Raises
    SeriesNotOffered, ValidationError, NotFound and what `availability.ask` raises of the wish itself.
    """
    now = clock.now()
    question = availability.question_of(organization, asked.wish, now)
    service = question.plan.service
    if not (service["allows_series"] or asked.wish.by_staff):
        raise SeriesNotOffered
    furthest = clock.to_minute(now) + 1 + int(service["series_horizon_days"]) * DAY
    latest = NO_LIMIT if asked.wish.by_staff else furthest
    taken: list[Occupation] = []
    found = list(_each(organization, asked, question.duration, hold, Among(taken, latest)))
    if not offer:
        return found
    among = Among(taken, latest)
    return [_with_a_way_out(organization, asked, each, among) if each.status == "conflict" else each for each in found]


def _each(
    organization: Organization, asked: Asked, duration: int, hold: Booking | None, among: Among
) -> Iterator[Judged]:
    taken = among.occupations
    assert isinstance(taken, list)  # noqa: S101 - ours, filled as we go
    for wall in asked.walls:
        resolution = asked.resolutions.get(wall.date())
        start, wish = _resolved(asked, asked.start_of(wall), resolution)
        judged = Judged(wall.date(), start, duration, "ok", resolution)
        if resolution and resolution.action in ("skip", "wait"):
            yield replace(judged, status="skipped" if resolution.action == "skip" else "waiting")
        elif hold and _keeps(hold, wish, start):
            yield replace(judged, hold=hold)
        else:
            yield (decided := _placed(organization, wish, judged, among))
            if decided.placement:
                taken.append(decided.placement.occupation)


def _resolved(asked: Asked, start: int, resolution: Resolution | None) -> tuple[int, Wish]:
    """When and with whom a date is wished for."""
    if resolution is None:
        return start, asked.wish
    moved = placing.whole_minute(resolution.starts_at) if resolution.starts_at else start
    return moved, replace(asked.wish, resource=resolution.resource or asked.wish.resource)


def _placed(organization: Organization, wish: Wish, judged: Judged, among: Among) -> Judged:
    try:
        placement = placing.place(organization, wish, clock.from_minute(judged.start), among=among)
    except NotFound:
        raise refused("recurrence.resolutions", f"{judged.date}: {wish.resource}") from None
    except HoldfastError as refusal:
        if refusal.code not in REFUSALS:
            raise
        return replace(judged, status="conflict", refusal=refusal)
    return replace(judged, placement=placement)


def _keeps(hold: Booking, wish: Wish, start: int) -> bool:
    chosen = hold.chosen_resource.slug if hold.chosen_resource else None
    return clock.to_minute(hold.starts_at) == start and wish.resource in (None, chosen)


def _with_a_way_out(organization: Organization, asked: Asked, judged: Judged, among: Among) -> Judged:
    start = next(asked.start_of(wall) for wall in asked.walls if wall.date() == judged.date)
    return replace(judged, alternatives=tuple(other_times(organization, asked.wish, start, among)))


def unresolved(found: Sequence[Judged]) -> list[Judged]:
    """The dates that stand in the way of booking all of it."""
    return [each for each in found if each.status == "conflict"]
