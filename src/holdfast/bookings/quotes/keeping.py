"""Booking what was sent, at its quote's price."""

from dataclasses import replace

from holdfast.bookings import actions
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.columns import Details
from holdfast.bookings.errors import PromotionInvalid
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking
from holdfast.bookings.places import placing
from holdfast.bookings.quotes import quoting
from holdfast.bookings.requests import wish_of
from holdfast.bookings.schemas import BookingIn
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock


def book_once(
    *, organization: Organization, body: BookingIn, details: Details, actor: Actor, override: Override | None
) -> Booking:
    """One attempt at a single booking, inside the caller's transaction.

    Raises what `actions.book_once` raises; QuoteExpired also where the quote's promotion is not given any more.
    """
    quote = quoting.read(body.quote) if body.quote else None
    wish = wish_of(body)
    if quote is not None and not wish.promo_code:
        wish = replace(wish, promo_code=quote.code)
    try:
        return actions.book_once(
            organization=organization,
            wish=wish,
            starts_at=body.starts_at,
            details=details,
            hold_id=body.hold,
            actor=actor,
            override=override,
            quote=quote,
        )
    except PromotionInvalid as refused:
        if quote is None:
            raise
        question = plan_cache.question_of(organization, replace(wish, promo_code=""), clock.now())
        raise quoting.expired(question, placing.whole_minute(body.starts_at), refused.extra["reason"]) from None
