"""Deciding which places a booking gets, by the engine that also answered the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings.assignment import assigning
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.question import Question, Wish, ask
from holdfast.bookings.errors import ExtraNotAvailable, HoldExpired, refusal
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits import counting
from holdfast.bookings.limits.allowances import Exceeded, Seen
from holdfast.bookings.models import Booking
from holdfast.bookings.places.allocations import Occupation, Place
from holdfast.bookings.places.among import Among
from holdfast.bookings.places.contention import SlotContended
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.keys import uuid7
from holdfast.domain import slots
from holdfast.domain.assignment import Ordering


@dataclass(frozen=True, slots=True)
class Placement:
    """A decided place for a wish: not yet claimed. `assigned`: what the booking remembers of who serves, and why."""

    question: Question
    start: int
    occupation: Occupation
    booking_id: UUID = field(default_factory=uuid7)
    assigned: list[dict[str, Any]] = field(default_factory=list)
    exceeded: tuple[Exceeded, ...] = ()

    @property
    def starts_at(self) -> datetime:
        return clock.from_minute(self.start)

    @property
    def ends_at(self) -> datetime:
        return clock.from_minute(self.start + self.question.duration)

    def lost(self) -> SlotContended:
        """What to raise when the claim failed."""
        return SlotContended(
            organization_id=self.question.plan.organization_id,
            resource_ids=[place.resource_id for place in self.occupation.places],
            start=self.occupation.start,
            end=self.occupation.end,
        )


def place(
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    chooser: Chooser,
    *,
    expires_at: datetime | None = None,
    narrow: Callable[[Question], Question] = lambda question: question,
    among: Among | None = None,
    beyond_limits: bool = False,
) -> Placement:
    """Find places for a wish at a time, inside the tenant's transaction; `narrow` may allow less than the service does.

    `among`: the other dates of its series; refusals then carry no alternatives. The customer's limits are asked only if
    it is known who books. `beyond_limits`: where nothing but a limit refuses, place it all the same and say which were
    exceeded.

    Raises SlotTaken, ExtraNotAvailable, TeamDayLimit, ServiceDayLimit, CustomerLimit (all with alternatives),
    OutsideHours, TooSoon, TooFar, PartyTooLarge, ValidationError, NotFound.
    """
    now = clock.now()
    start = whole_minute(starts_at)
    question, by, request = _looked(organization, wish, start, now, chooser, narrow, among)
    decision = slots.decide(request, start, by)
    exceeded: tuple[Exceeded, ...] = ()
    if isinstance(decision, slots.Refused) and decision.limit is not None and beyond_limits:
        decision = slots.decide(request.without_limits(), start, by)
        exceeded = limits.exceeded(question, request, decision, start)
    if isinstance(decision, slots.Refused):
        raise _refusal(question, decision, start, now, chooser, offers=among is None)
    places = places_of(decision.assignments, question, start)
    return Placement(
        question=question,
        start=start,
        occupation=Occupation(places, expires_at),
        booking_id=chooser.booking_id,
        assigned=assigning.entries(question, request, by, decision, chooser),
        exceeded=exceeded,
    )


def _looked(
    organization: Organization,
    wish: Wish,
    start: int,
    now: datetime,
    chooser: Chooser,
    narrow: Callable[[Question], Question],
    among: Among | None,
) -> tuple[Question, Ordering, slots.Request]:
    """The question by the catalog as it is until the commit, who is preferred, and what is open and taken."""
    version = organization.catalog_version
    while True:
        plan = plan_cache.plan_for(organization.id, version, wish.service)
        question = narrow(ask(plan, wish, now))
        question = among.reaching(question) if among else question
        window = question.window(start, start + 1)
        by = assigning.ordering(question, start, chooser)
        by = among.ordering(by, question, start) if among else by
        but_for = chooser.moving.id if chooser.moving else None
        current, taken = reading.busy(question, window, now, but_for, decides=start, customer=chooser.known())
        if current == plan.version:
            break
        version = current  # the catalog changed since the organization was read
    taken = among.added(taken, question) if among else taken
    return question, by, engine.build_request(question, window, taken)


def places_of(assignments: Iterable[slots.Assignment], question: Question, start: int) -> tuple[Place, ...]:
    """What the engine decided, as places to claim: each resource with its own buffers around the start."""

    def place_of(each: slots.Assignment, lane: int) -> Place:
        resource_id = _uuid(each.resource_key)
        rules = question.own.get(resource_id, question.rules)
        first = start - rules.buffer_before
        need = None if question.extra_held_as(resource_id) else _uuid(each.need_key)
        return Place(resource_id, lane, need, first, first + rules.occupied)

    return tuple(place_of(each, lane) for each in assignments for lane in each.lanes)


def _refusal(
    question: Question, refused: slots.Refused, start: int, now: datetime, chooser: Chooser, *, offers: bool = True
) -> HoldfastError:
    more: dict[str, Any] = {}
    extra = question.extra_held_as(refused.need_key)
    if refused.limit is not None:
        more = limits.said(question, refused.limit, start)
    if offers and (refused.limit is not None or extra or refused.code == "slot_taken"):
        but_for = chooser.moving.id if chooser.moving else None
        more["alternatives"] = reading.nearby(question, start, now, but_for, customer=chooser.known())
    return ExtraNotAvailable.of(extra, **more) if extra else refusal(refused.code, **more)


def keep_counted(organization: Organization, held: Booking) -> None:
    """Before a hold is extended: as `keep_within_limits`, whoever it is for. Raises HoldExpired."""
    plan = plan_cache.plan_for(organization.id, organization.catalog_version, held.service.slug)
    if plan.limits:
        question = ask(plan, Wish(service=held.service.slug), clock.now())
        keep_within_limits(question, held, Chooser(held.id, moving=held))


def keep_within_limits(
    question: Question, held: Booking, chooser: Chooser, *, beyond: bool = False, among: Among | None = None
) -> tuple[Exceeded, ...]:
    """Before a hold is booked or extended: the limits' locks, so that nobody counts it out meanwhile; and then, once
    it is known who books, their own limits. `beyond`: say which are exceeded instead of refusing. `among`: as `place`.

    What day and team allow was decided when the time was held. Without limits, nothing is asked of the database.
    Raises HoldExpired, CustomerLimit.
    """
    if not question.plan.limits:
        return ()
    now, start, customer = clock.now(), clock.to_minute(held.starts_at), chooser.known()
    limits.lock(limits.locks(question, [start], customer))
    if held.hold_expires_at is None or held.hold_expires_at <= clock.now():
        raise HoldExpired  # while waiting: whoever had the lock may have counted it as gone
    if customer is None:
        return ()
    window = question.window(start, start + 1)
    counted = counting.counted_of_customer(question, window, customer, now, held.id)
    counted = among.added(Seen(None, counted), question).counted if among else counted
    own, _teams = limits.allowances(question, window, counted)
    full = [each for each in own if each.code == "customer_limit" and not each.allows(start)]
    if full and not beyond:
        reached = slots.Refused(full[0].code, "full", limit=full[0])
        raise _refusal(question, reached, start, now, chooser, offers=among is None)
    return tuple(limits.exceeded_by(question, each, start) for each in full)


def whole_minute(moment: datetime) -> int:
    """The minute of an aware moment. Raises ValidationError when it has seconds or no offset."""
    if moment.tzinfo is None or moment.timestamp() % 60:
        raise ValidationError(errors=[{"field": "starts_at", "message": _("whole minutes, with an offset from UTC")}])
    return clock.to_minute(moment)


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key
