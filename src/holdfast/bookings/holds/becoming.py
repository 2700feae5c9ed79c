"""A hold becomes a booking: the same slot, with whom it is for, at its price; in the caller's transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import redeeming, steps
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.details import extras, paying
from holdfast.bookings.details.columns import Details, details_columns, price_columns, said_stops
from holdfast.bookings.details.terms import paid_otherwise
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.limits import overrides
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking
from holdfast.bookings.places import allocations, claims, placing, taking_over
from holdfast.bookings.quotes import quoting
from holdfast.bookings.quotes.quoting import Quote
from holdfast.bookings.steps import Actor
from holdfast.bookings.stops.stop import same_place
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.domain.lifecycle import Action


def book_held(
    organization: Organization,
    hold_id: UUID,
    wish: Wish,
    starts_at: datetime,
    details: Details,
    actor: Actor,
    override: Override | None,
    quote: Quote | None,
) -> Booking:
    booking = holds.held(hold_id)
    wish = _completed(wish, booking)
    question = plan_cache.question_of(organization, wish, clock.now())
    if not _same_slot(booking, question, starts_at):
        raise ValidationError(
            errors=[{"field": "hold", "message": _("is for a different service, time, party, place, person or extras")}]
        )
    question.check_stops()
    taken_over = taking_over.by_who_knows(organization, booking, wish, details.customer)
    chooser = Chooser(booking.id, details.customer.email, details.customer.phone, moving=booking)
    exceeded = placing.keep_within_limits(question, booking, chooser, beyond=override is not None)
    start = clock.to_minute(booking.starts_at)
    priced = quoting.agreed(quote, question, start)
    promotion = redeeming.redeem(question, start, details.customer, quoted=quote is not None)
    if not priced and promotion and promotion.code != booking.promo_code:
        priced = price_columns(question, start)
    priced = priced or paid_otherwise(booking, question, start)
    if taken_over is not None:  # only now: who has a place waits for no lock that others hold who want one
        claims.exchange(booking, taken_over)
    assigned = taken_over.assigned if taken_over else list(booking.assigned)
    keep_held(booking, question.plan, details, actor, assigned=assigned, **said_stops(question), **priced)
    redeeming.record(booking, promotion)
    overrides.record(booking, exceeded, override, actor)
    return booking


def keep_held(
    booking: Booking, plan: ServicePlan, details: Details, actor: Actor, *, told_by: str = "", **columns: Any
) -> Booking:
    """Make a booking of a locked hold, in the caller's transaction. Raises ValidationError (answers)."""
    amount, is_series = columns.get("price_amount", booking.price_amount), "series_id" in columns
    is_choice = details.is_paid_as_chosen_by(actor.kind)
    agreed = paying.agree(plan, details.payment_method, amount, is_series=is_series, is_choice=is_choice)
    allocations.keep(booking_id=booking.id, expires_at=agreed.until)
    return steps.take(
        booking,
        action=Action.BOOK,
        to=agreed.state,
        actor=actor,
        told_by=told_by,
        hold_expires_at=agreed.until,
        **columns,
        **{**details_columns(plan, details, booking.type, party_size=booking.party_size), **agreed.columns},
    )


def _completed(wish: Wish, held: Booking) -> Wish:
    """Who holds a time with a code, with extras or with places need not name them again."""
    before = wish_kept(held)
    return replace(
        wish,
        promo_code=wish.promo_code or held.promo_code,
        pickup=wish.pickup or before.pickup,
        dropoff=wish.dropoff or before.dropoff,
        extras=wish.extras or before.extras,
        keeps_extras=True,
    )


def _same_slot(booking: Booking, question: Question, starts_at: datetime) -> bool:
    """Whether the hold is on what is wished for. Who holds a time with somebody need not name them again.

    Where prices ask for places, they are the held ones: another address is no other place.
    """
    wish, stops = question.wish, said_stops(question)
    chosen = booking.chosen_resource.slug if booking.chosen_resource else None
    same_places = all(same_place(stops[name], getattr(booking, name)) for name in stops)
    return (
        booking.service.slug == wish.service
        and booking.type == wish.type
        # In minutes: Python compares an hour that comes twice, in a zone, as equal to nothing (PEP 495).
        and clock.to_minute(booking.starts_at) == clock.to_minute(starts_at)
        and booking.minutes == question.duration
        and (same_places or not question.plan.terms.is_of_way)
        and booking.party_size == wish.party_size
        and wish.resource in (None, chosen)
        and wish.extras == extras.chosen_in(booking.extras)
    )
