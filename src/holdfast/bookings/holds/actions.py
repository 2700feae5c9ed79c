"""Holds: exclusive, expiring claims on a slot. A hold is a booking in state `held` (ADR 6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from holdfast.bookings import redeeming, steps
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, price_columns, slot_columns
from holdfast.bookings.details.terms import paid_otherwise
from holdfast.bookings.errors import HoldExpired, TransitionNotAllowed
from holdfast.bookings.holds import holders
from holdfast.bookings.holds.holders import Holder
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places import allocations, claims, placing
from holdfast.bookings.places.contention import settled
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import Action, State
from holdfast.domain.pricing.paying import Tip

# However often it is extended, a hold ends after this many times its first length.
LONGEST_HOLD = 3
NOBODY, NOT_KNOWN = Holder(), Known()


def hold_once(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    actor: Actor = CUSTOMER,
    replaces: UUID | None = None,
    holder: Holder = NOBODY,
    minutes: int | None = None,
    known: Known = NOT_KNOWN,
) -> Booking:
    """Claim a slot for the organization's hold time. `replaces`: a hold of the same person, which moves here instead.

    `known`: for whom it is held, where that is known already: then their own limits are asked, and count it.

    Raises what `placing.place` raises, HoldExists, TooManyHolds.
    """
    expires_at = clock.now() + timedelta(minutes=minutes or organization.hold_minutes)
    former = _own_hold(replaces)
    if former is None:
        holders.check_address(organization, holder)
    plan = plan_cache.plan_for(organization.id, organization.catalog_version, wish.service)
    number = holders.place_of(holder, plan, but_for=former.id if former else None)
    held_by: dict[str, Any] = {"holder": holder.key, "holder_place": number} if holder.key else {}
    chooser = Chooser(former.id if former else uuid7(), known.email, known.phone, moving=former)
    placement = placing.place(organization, wish, starts_at, chooser, expires_at=expires_at)
    redeeming.check(placement.question, placement.start)
    if former is not None:
        return _move_hold(former, placement, actor, held_by)
    booking = claims.new_booking(
        organization,
        placement,
        state=State.HELD,
        hold_expires_at=expires_at,
        held_from=holder.address,
        customer_email=known.email,
        customer_phone=known.phone,
        **held_by,
    )
    claims.claim_and_begin(booking, placement, action=Action.HOLD, event="booking.held", actor=actor)
    return booking


hold = settled(hold_once)


def extend_hold(*, organization: Organization, hold_id: UUID, actor: Actor = CUSTOMER) -> Booking:
    """Hold on for the organization's hold time from now, three times its length at most. Raises HoldExpired."""
    with transaction_for(organization.id):
        booking = held(hold_id)
        placing.keep_counted(organization, booking)
        length = timedelta(minutes=organization.hold_minutes)
        longest = min(clock.now() + length, booking.created_at + LONGEST_HOLD * length)
        until = max(longest, booking.hold_expires_at or longest)  # one that moved late may last longer: never shortened
        allocations.keep(booking_id=booking.id, expires_at=until)
        steps.change(booking, hold_expires_at=until)
        steps.announce(booking, "booking.hold_extended", actor=actor)
        return booking


def release_hold(*, organization: Organization, hold_id: UUID, actor: Actor = CUSTOMER) -> Booking:
    """Give a held slot back. Releasing twice, or after it expired, does nothing. Raises NotFound."""
    with transaction_for(organization.id):
        booking = claims.locked(id=hold_id)
        release_once(booking, actor=actor)
        return booking


def release_once(booking: Booking, *, actor: Actor) -> None:
    """Give a locked hold back, inside the tenant's transaction; one that has expired already stays as it is."""
    if booking.state == BookingState.HELD:
        steps.take(booking, action=Action.RELEASE, actor=actor, event="booking.released")
    elif booking.state != BookingState.EXPIRED:
        raise TransitionNotAllowed


def give_code(
    *,
    organization: Organization,
    hold_id: UUID,
    code: str,
    customer: Customer | None = None,
    method: str = "",
    tip: Tip | None = None,
) -> Booking:
    """Price a held time anew with a promotion's code; "" takes the code away. Raises HoldExpired, PromotionInvalid."""
    with transaction_for(organization.id):
        booking = held(hold_id)
        wish = replace(wish_kept(booking), promo_code=code.strip(), payment_method=method, tip=tip)
        question, start = plan_cache.question_of(organization, wish, clock.now()), clock.to_minute(booking.starts_at)
        redeeming.check(question, start, customer)
        steps.change(booking, **price_columns(question, start))
        return booking


def choose_paying(*, organization: Organization, hold_id: UUID, method: str, tip: Tip | None) -> Booking:
    """Show what a held time costs paid like this; the rest of its price stays. Raises HoldExpired, ValidationError."""
    with transaction_for(organization.id):
        booking = held(hold_id)
        wish = replace(wish_kept(booking), payment_method=method, tip=tip)
        question = plan_cache.question_of(organization, wish, clock.now())
        changed = paid_otherwise(booking, question, clock.to_minute(booking.starts_at))
        if changed:
            steps.change(booking, **changed)
        return booking


def held(hold_id: UUID) -> Booking:
    """Raises HoldExpired, also when it was released or never was."""
    try:
        booking = claims.locked(id=hold_id)
    except NotFound:
        raise HoldExpired from None
    if booking.state != BookingState.HELD or booking.hold_expires_at is None:
        raise HoldExpired
    if booking.hold_expires_at <= clock.now():
        raise HoldExpired
    return booking


def _own_hold(hold_id: UUID | None) -> Booking | None:
    """The hold to be replaced, if it can still be; one that is gone is simply not replaced."""
    if hold_id is None:
        return None
    try:
        booking = claims.locked(id=hold_id)
    except NotFound:
        return None
    return booking if booking.state == BookingState.HELD else None


def _move_hold(former: Booking, placement: Placement, actor: Actor, held_by: Mapping[str, Any]) -> Booking:
    """A hold that is exchanged for another slot, perhaps of another service, keeps its row and reference."""
    claims.exchange(former, placement)
    with claims.held_once(placement):
        steps.change(former, **slot_columns(placement), hold_expires_at=placement.occupation.expires_at, **held_by)
    steps.announce(former, "booking.held", actor=actor)
    return former
