"""Who may cancel when, and what is owed for it; for not coming, too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from holdfast.bookings import notice
from holdfast.bookings.details.ladder import NOT_YET_GIVEN, fee_for, ladder_of, no_show_fee
from holdfast.bookings.errors import CancellationFee, TooLateToChange
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.domain.money import Money
from holdfast.pricing.documents import money_document


def may_cancel(booking: Booking, organization: Organization, now: datetime) -> bool:
    """Whether a customer may cancel it by themselves, as far as time is concerned; with a ladder perhaps for a fee."""
    if ladder_of(booking) is None:
        return notice.is_in_time(booking, organization, now)
    return now < booking.starts_at


def customers_fee(booking: Booking, organization: Organization, now: datetime, accepted: int | None) -> Money:
    """What a customer owes who cancels now, having accepted as much (minor units).

    Raises TooLateToChange, CancellationFee where it costs more than was accepted.
    """
    if not may_cancel(booking, organization, now):
        raise TooLateToChange
    fee = fee_for(booking, now)
    if fee.amount > (accepted or 0):
        raise CancellationFee(fee=money_document(fee))
    return fee


def absents_fee(booking: Booking) -> Money:
    """What who does not come owes."""
    return Money(0, booking.price_currency) if booking.state in NOT_YET_GIVEN else no_show_fee(booking)


def owing(booking: Booking, fee: Money) -> Mapping[str, Any]:
    """The columns of a booking that ends with a fee; none without one. Its event says the same (`said`)."""
    return {"terms": {**booking.terms, "fee": fee.amount}} if fee.amount else {}


def said(fee: Money) -> Mapping[str, Any]:
    """What the event of a cancellation or a no-show says of a fee: `{"fee": {"amount", "currency"}}`, or nothing."""
    return {"fee": money_document(fee)} if fee.amount else {}
