"""Judging every date of a series by the engine that also books it: `placing.place`, date after date.

What earlier dates take is taken for the later ones (bookings/places/among.py), so what is found here can be claimed
whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _

from holdfast.bookings import queries as bookings
from holdfast.bookings.assignment import assigning
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.details.extras import chosen_in
from holdfast.bookings.errors import REFUSALS, SlotTaken, TooFar
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits.allowances import Exceeded, Known
from holdfast.bookings.models import Booking
from holdfast.bookings.places import placing, taking_over
from holdfast.bookings.places.among import Among
from holdfast.bookings.places.placing import Placement
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.keys import uuid7
from holdfast.domain.money import Money
from holdfast.series.asked import Asked, Resolution, refused
from holdfast.series.errors import SeriesNotOffered
from holdfast.series.horizon import furthest
from holdfast.series.other_times import Alternative, other_times

Status = Literal["ok", "conflict", "skipped", "waiting"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One date and what it would get: `start` is the minute asked for, of the rule or of its resolution.

    `ok` with a placement, or with the `hold` that already keeps it, or with both where the hold goes to somebody else;
    a `conflict` with the refusal and a way out. `exceeded`: the limits beyond which staff go for it.
    """

    date: date
    start: int
    duration: int
    status: Status
    resolution: Resolution | None = None
    placement: Placement | None = None
    hold: Booking | None = None
    refusal: HoldfastError | None = None
    exceeded: tuple[Exceeded, ...] = ()
    alternatives: tuple[Alternative, ...] = field(default=())

    @property
    def price(self) -> Money | None:
        """What it costs, if it would be booked."""
        if self.hold:
            return Money(self.hold.price_amount, self.hold.price_currency)
        return self.placement.question.price(self.placement.start).total if self.placement else None


def judge(
    organization: Organization,
    asked: Asked,
    *,
    hold: Booking | None = None,
    customer: Customer | None = None,
    offer: bool = True,
    beyond_limits: bool = False,
) -> list[Judged]:
    """Every date, ascending, inside the tenant's transaction, which keeps the catalog as it is until it ends.

    `hold` keeps its slot for one of the dates; `customer` is whose limits are asked, once known. `offer`: with up to
    three alternatives for each conflict. `beyond_limits`: as staff decide it, what only a limit refuses is placed.

    Raises SeriesNotOffered, ValidationError, NotFound and what `availability.ask` raises of the wish itself.
    """
    question = plan_cache.question_of(organization, asked.wish, clock.now())
    if not (question.plan.service["allows_series"] or asked.wish.by_staff):
        raise SeriesNotOffered
    among = Among((), furthest(question))
    wanted = [_wanted(asked, wall, question.duration) for wall in asked.walls]
    _lock(question, [each.start for each in wanted], customer, hold)
    found = []
    for each in wanted:
        judged = _judged(organization, asked, each, hold, among, customer, beyond_limits=beyond_limits)
        among = _with_this(among, judged)
        found.append(judged)
    if not offer:
        return found
    known = Known.of(customer.email, customer.phone) if customer else None
    return [
        _with_a_way_out(organization, asked, each, among, known) if each.status == "conflict" else each
        for each in found
    ]


def unresolved(found: Sequence[Judged]) -> list[Judged]:
    """The dates that stand in the way of booking all of it."""
    return [each for each in found if each.status == "conflict"]


def _with_this(among: Among, judged: Judged) -> Among:
    """What the next date is decided among: this one too."""
    placement = judged.placement
    if judged.hold is None:
        return among.and_also(placement.occupation, placement.assigned) if placement else among
    held = bookings.occupied_by([judged.hold.id])
    if placement:
        return among.and_taken_over(held, placement.occupation, placement.assigned)
    return among.and_held(held[judged.hold.id]) if held else among


def _lock(question: Question, starts: Sequence[int], customer: Customer | None, hold: Booking | None) -> None:
    """What the decisions about all dates would lock one by one, at once, in the order of `core/locking.py`."""
    assigning.lock_all(question, starts, moving=[hold] if hold else ())
    limits.lock(limits.locks(question, starts, Known.of(customer.email, customer.phone) if customer else None))


def _wanted(asked: Asked, wall: datetime, duration: int) -> Judged:
    """A date as it is asked for, not yet judged."""
    resolution = asked.resolutions.get(wall.date())
    start = asked.start_of(wall)
    if resolution is None:
        return Judged(wall.date(), start, duration, "ok")
    if resolution.starts_at:
        start = placing.whole_minute(resolution.starts_at)
    return Judged(wall.date(), start, duration, "skipped" if resolution.action == "skip" else "ok", resolution)


def _judged(
    organization: Organization,
    asked: Asked,
    judged: Judged,
    hold: Booking | None,
    among: Among,
    customer: Customer | None,
    *,
    beyond_limits: bool,
) -> Judged:
    if judged.status == "skipped":
        return judged
    named = judged.resolution.resource if judged.resolution else None
    wish = replace(asked.wish, resource=named or asked.wish.resource)
    try:
        if hold and _keeps(hold, wish, judged.start):
            return _held(organization, wish, judged, hold, among, customer, beyond_limits=beyond_limits)
        chooser = Chooser(uuid7(), customer.email, customer.phone) if customer else Chooser(uuid7())
        starts_at = clock.from_minute(judged.start)
        placement = placing.place(organization, wish, starts_at, chooser, among=among, beyond_limits=beyond_limits)
    except NotFound:
        words = _("%(date)s: nobody and nothing called “%(resource)s” can be chosen for this service")
        said = words % {"date": judged.date.isoformat(), "resource": wish.resource}
        raise refused("recurrence.resolutions", said) from None
    except HoldfastError as refusal:
        if refusal.code not in REFUSALS:
            raise
        if judged.resolution and judged.resolution.action == "wait" and isinstance(refusal, SlotTaken):
            return _waiting(organization, wish, judged)
        return replace(judged, status="conflict", refusal=refusal)
    return replace(judged, placement=placement, exceeded=placement.exceeded)


def _held(
    organization: Organization,
    wish: Wish,
    judged: Judged,
    hold: Booking,
    among: Among,
    customer: Customer | None,
    *,
    beyond_limits: bool,
) -> Judged:
    """A date that a hold keeps; once it is known for whom, by their limits and by whoever served them last."""
    if customer is None:
        return replace(judged, hold=hold)
    question = plan_cache.question_of(organization, wish, clock.now())
    chooser = Chooser(hold.id, customer.email, customer.phone, moving=hold)
    exceeded = placing.keep_within_limits(question, hold, chooser, beyond=beyond_limits, among=among)
    placement = taking_over.by_who_knows(organization, hold, wish, customer, among)
    return replace(judged, hold=hold, placement=placement, exceeded=exceeded)


def _waiting(organization: Organization, wish: Wish, judged: Judged) -> Judged:
    """Taken, and to be waited for: as far ahead as the service's own horizon reaches."""
    if judged.start > plan_cache.question_of(organization, wish, clock.now()).rules.latest:
        return replace(judged, status="conflict", refusal=TooFar())
    return replace(judged, status="waiting")


def _keeps(hold: Booking, wish: Wish, start: int) -> bool:
    chosen = hold.chosen_resource.slug if hold.chosen_resource else None
    same = clock.to_minute(hold.starts_at) == start and wish.resource in (None, chosen)
    return same and wish.extras == chosen_in(hold.extras)


def _with_a_way_out(
    organization: Organization, asked: Asked, judged: Judged, among: Among, customer: Known | None
) -> Judged:
    start = next(asked.start_of(wall) for wall in asked.walls if wall.date() == judged.date)
    return replace(judged, alternatives=tuple(other_times(organization, asked.wish, start, among, customer)))
