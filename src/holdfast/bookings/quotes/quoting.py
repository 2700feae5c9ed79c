"""Quotes: a price for a start, signed, good until a time. Nothing is stored; whoever has it brings it back.

A booking with a quote costs exactly what the quote says, or is refused with `quote_expired` and the price as it is now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from holdfast.bookings import redeeming
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.details import ladder_words
from holdfast.bookings.details.columns import price_columns, stop_columns
from holdfast.bookings.details.price_words import documents_of
from holdfast.bookings.errors import QuoteExpired
from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.domain.exchange import NoRate
from holdfast.domain.money import Money
from holdfast.pricing import exchange

SALT = "holdfast.quote"
VALID_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Quote:
    """What was offered: `asked` is all that the price depends on, `columns` what a booking keeps of it."""

    asked: Mapping[str, Any]
    columns: Mapping[str, Any]
    valid_until: datetime

    @property
    def code(self) -> str:
        return str(self.columns["promo_code"])

    def token(self) -> str:
        """Signed, so that a price that comes back is one that was given."""
        content = {"asked": self.asked, "columns": self.columns, "until": self.valid_until.isoformat()}
        return signing.dumps(content, salt=SALT, compress=True)


def make(organization: Organization, wish: Wish, starts_at: datetime) -> tuple[Question, Quote]:
    """What a start costs, for the next quarter of an hour. Inside the tenant's transaction.

    Uses of a limited code are counted, all of them: whose booking it will be is not said.

    Raises what `question.ask` raises, PromotionInvalid.
    """
    now = clock.now()
    question, start = plan_cache.question_of(organization, wish, now), clock.to_minute(starts_at)
    redeeming.check(question, start)
    until = (now + VALID_FOR).replace(microsecond=0)
    return question, Quote(_asked(question, start), price_columns(question, start), until)


def read(token: str) -> Quote:
    """Raises ValidationError for what was not given by us, or was altered."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise ValidationError(errors=[{"field": "quote", "message": _("is not a quote of ours")}]) from None
    return Quote(content["asked"], content["columns"], datetime.fromisoformat(content["until"]))


def agreed(quote: Quote | None, question: Question, start: int) -> dict[str, Any]:
    """The columns of a quote's price, in place of those of now; none without a quote.

    Raises QuoteExpired, ValidationError where it is a quote for something else.
    """
    if quote is None:
        return {}
    if quote.asked != _asked(question, start):
        message = _("is for a different service, time, length, party, place, person, code, extras, payment or tip")
        raise ValidationError(errors=[{"field": "quote", "message": message}])
    if clock.now() >= quote.valid_until:
        raise expired(question, start)
    return dict(quote.columns)


def expired(question: Question, start: int, reason: str = "expired") -> QuoteExpired:
    """What to raise where a quote cannot be kept: the price as it is now, without a code that is not given."""
    if question.quoted(start).refused or reason != "expired":
        question = replace(question, wish=replace(question.wish, promo_code=""))
    columns = price_columns(question, start)
    price = {"amount": columns["price_amount"], "currency": columns["price_currency"]}
    return QuoteExpired(reason=reason, price=price, price_lines=lines_of(question, columns))


def lines_of(question: Question, columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a price in words."""
    return documents_of(
        columns["price_lines"],
        currency=columns["price_currency"],
        zone=question.plan.time_zone,
        service=in_language(question.plan.service["name"]),
        minutes=question.duration,
    )


def agreed_with(
    organization: Organization, question: Question, start: int, columns: Mapping[str, Any]
) -> dict[str, Any]:
    """What a booking at this price would owe at once, and when it was cancelled."""
    booking = Booking(
        state=BookingState.CONFIRMED,
        starts_at=clock.from_minute(start),
        time_zone=question.plan.time_zone,
        **columns,
    )
    due_now = {"amount": booking.terms.get("due_now", 0), "currency": booking.price_currency}
    return {"due_now": due_now, "cancellation": ladder_words.document(booking, organization, clock.now())}


def shown_in(quote: Quote, currency: str) -> dict[str, Any]:
    """The price in another currency at today's rate. Raises ValidationError where there is none."""
    price = Money(quote.columns["price_amount"], quote.columns["price_currency"])
    try:
        rate = exchange.rate_for(price.currency, currency.upper(), clock.now().date())
    except (NoRate, ValueError):
        message = _("no exchange rate is known for it")
        raise ValidationError(errors=[{"field": "show_in", "message": message}]) from None
    shown = rate.convert(price)
    day = rate.day.isoformat()
    return {"amount": shown.amount, "currency": shown.currency, "rate": str(rate.value), "day": day}


def _asked(question: Question, start: int) -> dict[str, Any]:
    wish = question.wish
    return {
        "organization": str(question.plan.organization_id),
        "service": str(question.plan.service_id),
        "start": start,
        "duration": question.duration,
        "party": wish.party_size,
        "type": wish.type,
        "resource": wish.resource,
        "code": str(UUID(question.promotion.id)) if question.promotion else "",
        **({"way": _way(question)} if question.plan.terms.is_of_way else {}),
        "method": wish.payment_method,
        "tip": [wish.tip.amount, str(wish.tip.percent)] if wish.tip else None,
        # As JSON gives it back.
        "extras": [list(each) for each in wish.extras],
    }


def _way(question: Question) -> list[str]:
    """Where it begins and ends; addresses decide no price."""
    stops = stop_columns(question).values()
    return [f"{each.get('place', '')} {each.get('latitude', '')} {each.get('longitude', '')}" for each in stops]
