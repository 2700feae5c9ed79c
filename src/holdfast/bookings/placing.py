"""Deciding which places a booking gets, by the engine that also answered the page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import assigning, availability
from holdfast.bookings.allocations import Occupation, Place
from holdfast.bookings.assigning import Chooser
from holdfast.bookings.availability import Question, Wish
from holdfast.bookings.contention import SlotContended
from holdfast.bookings.errors import refusal
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.keys import uuid7
from holdfast.domain import slots


@dataclass(frozen=True, slots=True)
class Placement:
    """A decided place for a wish: not yet claimed. `assigned`: what the booking remembers of who serves, and why."""

    question: Question
    start: int
    occupation: Occupation
    booking_id: UUID = field(default_factory=uuid7)
    assigned: list[dict[str, Any]] = field(default_factory=list)

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
) -> Placement:
    """Find places for a wish at a time, inside the tenant's transaction.

    Raises SlotTaken (with alternatives), OutsideHours, TooSoon, TooFar, PartyTooLarge, ValidationError, NotFound.
    """
    now = clock.now()
    start = whole_minute(starts_at)
    version = organization.catalog_version
    while True:
        plan = availability.plan_for(organization.id, version, wish.service)
        question = availability.ask(plan, wish, now)
        window = question.window(start, start + 1)
        by = assigning.ordering(question, start, chooser)
        but_for = chooser.moving.id if chooser.moving else None
        current, packed = availability.busy(question, window, now, but_for=but_for, decides=True)
        if current == plan.version:
            break
        version = current  # the catalog changed since the organization was read
    request = availability.build_request(question, window, packed)
    decision = slots.decide(request, start, by)
    if isinstance(decision, slots.Refused):
        extra = {"alternatives": availability.nearby(question, start, now)} if decision.code == "slot_taken" else {}
        raise refusal(decision.code, **extra)
    places = places_of(decision.assignments, question, start)
    return Placement(
        question=question,
        start=start,
        occupation=Occupation(places, expires_at),
        booking_id=chooser.booking_id,
        assigned=assigning.entries(question, request, by, decision, chooser),
    )


def places_of(assignments: Iterable[slots.Assignment], question: Question, start: int) -> tuple[Place, ...]:
    """What the engine decided, as places to claim: each resource with its own buffers around the start."""

    def place_of(each: slots.Assignment, lane: int) -> Place:
        resource_id = _uuid(each.resource_key)
        rules = question.own.get(resource_id, question.rules)
        first = start - rules.buffer_before
        return Place(resource_id, lane, _uuid(each.need_key), first, first + rules.occupied)

    return tuple(place_of(each, lane) for each in assignments for lane in each.lanes)


def whole_minute(moment: datetime) -> int:
    """The minute of an aware moment. Raises ValidationError when it has seconds or no offset."""
    if moment.tzinfo is None or moment.timestamp() % 60:
        raise ValidationError(errors=[{"field": "starts_at", "message": _("whole minutes, with an offset from UTC")}])
    return clock.to_minute(moment)


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key
