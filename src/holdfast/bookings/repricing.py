"""What a booking costs at the time to which its customer moves it: what that time costs now, paid and chosen as it is.

Otherwise one would book the cheap night and move it to the dear evening. Staff's moves keep the price that was agreed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holdfast.bookings import redeeming
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details.columns import price_columns
from holdfast.bookings.details.paying import offered
from holdfast.bookings.details.terms import tip_in
from holdfast.bookings.errors import AnotherPrice
from holdfast.bookings.models import Booking
from holdfast.bookings.quotes.quoting import lines_of
from holdfast.bookings.steps import Actor
from holdfast.domain.money import Money
from holdfast.domain.pricing.promotions import Promotion
from holdfast.pricing.documents import money_document
from holdfast.pricing.models import PaymentMethod
from holdfast.pricing.terms import code_key


@dataclass(frozen=True, slots=True)
class Repriced:
    """`columns` of the booking with its new price; `lines` are that price in words."""

    was: Money
    price: Money
    columns: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    promotion: Promotion | None = None


def price_at(booking: Booking, question: Question, start: int) -> Repriced:
    """Of its wish at a start (minutes, UTC), booked now; the code it has used counts wherever that is given.

    What was agreed about cancelling, and when a card is charged, stays. Raises ValidationError, NoPriceHere.
    """
    code = booking.promo_code if code_key(booking.promo_code) in question.plan.codes else ""
    wish = replace(question.wish, payment_method=booking.payment_method, tip=tip_in(booking), promo_code=code)
    asked = replace(question, wish=wish)
    if code and asked.quoted(start).refused:
        asked = replace(question, wish=replace(wish, promo_code=""))
    columns = price_columns(asked, start)
    price = Money(columns["price_amount"], columns["price_currency"])
    borne = {name: value for name, value in columns["terms"].items() if name == "fee_borne"}
    kept = {name: value for name, value in booking.terms.items() if name != "fee_borne"}
    method = booking.payment_method
    if method == PaymentMethod.NONE and price.amount:  # it cost nothing, so nobody chose how to pay
        method = _way_to_pay(question)
    columns |= {"terms": {**kept, **borne}, "payment_method": method, "promo_code": booking.promo_code}
    was = Money(booking.price_amount, booking.price_currency)
    return Repriced(was, price, columns, lines_of(asked, columns), asked.promotion)


def _way_to_pay(question: Question) -> str:
    """On site where that is offered, or else whatever comes first."""
    ways = offered(question.plan)
    return PaymentMethod.ON_SITE.value if PaymentMethod.ON_SITE in ways else ways[0]


def for_move(booking: Booking, question: Question, start: int, actor: Actor) -> Repriced | None:
    """None where the price stays: staff decide about prices themselves."""
    return price_at(booking, question, start) if actor.kind == "customer" else None


def check_accepted(moves: Sequence[Repriced], accepted: int | None) -> None:
    """Nobody moves to a price that they have not seen: `accepted` is the most (minor units) for all that move together,
    None: what they cost before. Raises AnotherPrice.
    """
    if not moves:
        return
    most = sum(each.was.amount for each in moves) if accepted is None else accepted
    price = Money(sum(each.price.amount for each in moves), moves[0].price.currency)
    if price.amount > most or any(each.price.currency != each.was.currency for each in moves):
        raise AnotherPrice(price=money_document(price), price_lines=[line for each in moves for line in each.lines])


def changes_of(repriced: Repriced | None) -> Mapping[str, Any]:
    """The columns to be written with the move; none where the price stays."""
    return repriced.columns if repriced else {}


def before(repriced: Repriced | None) -> Mapping[str, Any]:
    """What the event and the history say of the price before, if it is another one now."""
    return {"price": money_document(repriced.was)} if repriced and repriced.price != repriced.was else {}


def record(booking: Booking, repriced: Repriced | None) -> None:
    """Write down what promotions the new price uses, in the transaction of the move."""
    if repriced:
        redeeming.record_anew(booking, repriced.promotion)
