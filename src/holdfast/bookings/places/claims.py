"""Locking a booking's row, and writing it together with the places that it claims."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import IntegrityError

from holdfast.bookings import steps
from holdfast.bookings.assignment import turns
from holdfast.bookings.details.columns import slot_columns
from holdfast.bookings.details.paying import Agreed
from holdfast.bookings.models import Booking
from holdfast.bookings.places import allocations
from holdfast.bookings.places.contention import SlotContended
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import NotFound
from holdfast.core.keys import new_reference
from holdfast.core.rows import insert
from holdfast.domain.lifecycle import Action, State


def locked(**lookup: Any) -> Booking:
    try:
        return locking.lock_row(Booking, **lookup)
    except Booking.DoesNotExist:
        raise NotFound from None


def new_booking(
    organization: Organization,
    placement: Placement,
    *,
    state: State = State.CONFIRMED,
    priced: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Booking:
    """A booking of the placement, not yet written. `priced`: columns of a price that was agreed before."""
    now = clock.now()
    booking = Booking(
        id=placement.booking_id,
        organization_id=organization.id,
        reference=new_reference(),
        state=state,
        time_zone=placement.question.plan.time_zone,
        created_at=now,
        updated_at=now,
        **{**slot_columns(placement), **(priced or {})},
        **columns,
    )
    booking.service = placement.question.plan.service_row()
    return booking


def waiting_for_payment(booking: Booking, placement: Placement, agreed: Agreed) -> Placement:
    """Begin a booking, not yet written, as was agreed about paying; the placement then lasts as long as it waits."""
    booking.state, booking.hold_expires_at = agreed.state, agreed.until
    for name, value in agreed.columns.items():
        setattr(booking, name, value)
    return replace(placement, occupation=replace(placement.occupation, expires_at=agreed.until))


def claim_and_begin(booking: Booking, placement: Placement, *, action: Action, event: str, actor: Actor) -> None:
    """The places first: whoever lost has written little. Their reference to the booking is checked at the commit."""
    if not allocations.claim(
        organization_id=booking.organization_id, booking_id=booking.id, wanted=placement.occupation
    ):
        raise placement.lost()
    with held_once(placement):
        steps.begin(booking, action=action, event=event, actor=actor)
    _take_turns(booking, placement)


def claim_and_save_all(
    pairs: Sequence[tuple[Booking, Placement]], moving: Sequence[tuple[Booking, Placement]] = ()
) -> None:
    """The same for many bookings of one service: all of their places at once, or none of them stands.

    `moving`: holds that exchange their places in the same order; their columns are the caller's.
    """
    if moving:
        exchange_all(moving, new=pairs)
    elif pairs:
        wanted = [(booking.id, placement.occupation) for booking, placement in pairs]
        if not allocations.claim_all(organization_id=pairs[0][0].organization_id, wanted=wanted):
            raise lost_among([placement for _booking, placement in pairs])
        for booking, placement in pairs:
            _take_turns(booking, placement)
    for booking, _placement in pairs:
        insert(booking)


def lost_among(placements: Sequence[Placement]) -> SlotContended:
    """What to raise when one of many was lost: nobody knows which, so expired holds are looked for in all of them."""
    losses = [placement.lost() for placement in placements]
    return SlotContended(
        organization_id=losses[0].organization_id,
        resource_ids=[each for lost in losses for each in lost.resource_ids],
        start=min(lost.start for lost in losses),
        end=max(lost.end for lost in losses),
    )


@contextmanager
def held_once(placement: Placement) -> Iterator[None]:
    """Two holds of one holder at the same moment: the constraint lets one in, the other looks again and sees it."""
    try:
        yield
    except IntegrityError as error:
        if "booking_one_hold_of_a_holder" not in str(error):
            raise
        raise placement.lost() from None


def exchange(booking: Booking, placement: Placement) -> None:
    """Give back the booking's places and turns, and take the placement's; the booking's columns are the caller's."""
    turns.give_back(booking, kept=placement.assigned)
    if not allocations.exchange(
        organization_id=booking.organization_id, booking_id=booking.id, wanted=placement.occupation
    ):
        raise placement.lost()
    _take_turns(booking, placement)


def exchange_all(pairs: Sequence[tuple[Booking, Placement]], new: Sequence[tuple[Booking, Placement]] = ()) -> None:
    """The same for many bookings, all or nothing; `new` ones have nothing to give back."""
    for booking, placement in pairs:
        turns.give_back(booking, kept=placement.assigned)
    both = [*new, *pairs]
    wanted = [(booking.id, placement.occupation) for booking, placement in both]
    if not allocations.exchange_all(organization_id=pairs[0][0].organization_id, wanted=wanted):
        raise lost_among([placement for _booking, placement in both])
    for booking, placement in both:
        _take_turns(booking, placement)


def _take_turns(booking: Booking, placement: Placement) -> None:
    turns.take(
        organization_id=booking.organization_id,
        service_id=placement.question.plan.service_id,
        assigned=placement.assigned,
    )
