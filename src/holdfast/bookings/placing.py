"""Deciding which places a booking gets, by the engine that also answered the page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import assigning, availability
from holdfast.bookings.allocations import Occupation, Place
from holdfast.bookings.among import Among
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
    among: Among | None = None,
) -> Placement:
    """Find places for a wish at a time, inside the tenant's transaction.

    `among`: the other dates of its series; refusals then carry no alternatives. Raises SlotTaken (with alternatives),
    OutsideHours, TooSoon, TooFar, PartyTooLarge, ValidationError, NotFound.
    """
    now = clock.now()
    start = whole_minute(starts_at)
    version = organization.catalog_version
    while True:
        plan = availability.plan_for(organization.id, version, wish.service)
        question = availability.ask(plan, wish, now)
        question = among.reaching(question) if among else question
        window = slots.padded_window(start, start + 1, question.rules)
        by = assigning.ordering(question, start, chooser)
        but_for = chooser.moving.id if chooser.moving else None
        current, packed = availability.busy(question, window, now, but_for=but_for, decides=True)
        if current == plan.version:
            break
        version = current  # the catalog changed since the organization was read
    packed = among.added(packed, question) if among else packed
    request = availability.build_request(question, window, packed)
    decision = slots.decide(request, start, by)
    if isinstance(decision, slots.Refused):
        offers = decision.code == "slot_taken" and among is None
        extra = {"alternatives": availability.nearby(question, start, now)} if offers else {}
        raise refusal(decision.code, **extra)
    places = tuple(
        Place(resource_id=_uuid(each.resource_key), lane=lane, requirement_id=_uuid(each.need_key))
        for each in decision.assignments
        for lane in each.lanes
    )
    rules = question.rules
    return Placement(
        question=question,
        start=start,
        occupation=Occupation(
            places, start - rules.buffer_before, start + question.duration + rules.buffer_after, expires_at
        ),
        booking_id=chooser.booking_id,
        assigned=assigning.entries(question, request, by, decision, chooser),
    )


def whole_minute(moment: datetime) -> int:
    """The minute of an aware moment. Raises ValidationError when it has seconds or no offset."""
    if moment.tzinfo is None or moment.timestamp() % 60:
        raise ValidationError(errors=[{"field": "starts_at", "message": _("whole minutes, with an offset from UTC")}])
    return clock.to_minute(moment)


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key
