"""Quotes: parse, call, answer."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from holdfast.bookings.places.placing import whole_minute
from holdfast.bookings.quotes import quoting
from holdfast.bookings.requests import UNREADABLE, wish_of
from holdfast.bookings.schemas import CancellationOut, PriceLineOut, WishIn
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.schemas import MoneyOut
from holdfast.core import clock
from holdfast.core.answers import json_response, private
from holdfast.core.tenancy import transaction_for
from holdfast.domain.hours import from_minute

router = Router(tags=["bookings"])


class QuoteIn(WishIn):
    """`show_in`: another currency (ISO 4217) that the price is shown in, too. What is charged is the organization's."""

    show_in: str | None = Field(None, min_length=3, max_length=3)


class ShownOut(Schema):
    """The price in another currency, rounded once; `rate` is exact, a fraction or a whole number, of `day`."""

    amount: int
    currency: str
    rate: str
    day: date


class QuoteOut(Schema):
    """`quote` is what `POST bookings` takes; the lines add up to the price."""

    quote: str
    valid_until: datetime
    service: str
    starts_at: datetime
    ends_at: datetime
    party_size: int
    price: MoneyOut
    price_lines: list[PriceLineOut]
    # What is asked for when booking, the rest later: nothing of what is paid on site, or by a card that is kept.
    due_now: MoneyOut
    # As it would be agreed.
    cancellation: CancellationOut
    shown: ShownOut | None


@router.post("/{org}/quotes", response={201: QuoteOut, **UNREADABLE}, summary="What a start costs, for a while")
def create_quote(request: HttpRequest, org: str, body: QuoteIn) -> HttpResponse:
    """A booking with this `quote` costs exactly this, or is refused with `quote_expired` and the price as it is then.

    It holds no time: that is what holds are for.
    """
    organization = organization_asked(request, org)
    start = whole_minute(body.starts_at)
    with transaction_for(organization.id):
        question, quote = quoting.make(organization, wish_of(body), clock.from_minute(start))
        zone = question.plan.time_zone
        document = {
            "quote": quote.token(),
            "valid_until": quote.valid_until.isoformat(),
            "service": body.service,
            "starts_at": from_minute(zone, start).isoformat(timespec="seconds"),
            "ends_at": from_minute(zone, start + question.duration).isoformat(timespec="seconds"),
            "party_size": body.party_size,
            "price": {"amount": quote.columns["price_amount"], "currency": quote.columns["price_currency"]},
            "price_lines": quoting.lines_of(question, quote.columns),
            **quoting.agreed_with(organization, question, start, quote.columns),
            "shown": quoting.shown_in(quote, body.show_in) if body.show_in else None,
        }
    return private(json_response(201, document))
