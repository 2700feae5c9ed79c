"""What is agreed with a price: how much of it is due at once, and what cancelling costs. `Booking.terms` keeps it.

| key | |
| --- | --- |
| `due_now` | by a card: minor units that are asked for when booking; 0 of a card that is kept |
| `hold_ahead` | of a kept card: so many minutes before the service the bank is asked to hold the money |
| `fee_borne` | what the payment method is expected to cost the business, in minor units; customers do not see it |
| `ladder`, `no_show` | `domain/cancellation.py:as_terms`; absent where the organization's notice is all that counts |
| `fee` | what was owed when it was cancelled or nobody came, in minor units |

Later settings do not matter to it.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from holdfast.bookings.availability.question import Question
from holdfast.bookings.details.paying import BY_CARD, IN_ADVANCE
from holdfast.bookings.models import Booking
from holdfast.domain.cancellation import as_terms
from holdfast.domain.money import Money, total_of
from holdfast.domain.pricing import Price, whole
from holdfast.domain.pricing.paying import Tip
from holdfast.domain.pricing.whole import PAYING
from holdfast.pricing.documents import line_document

OF_CANCELLING = ("ladder", "no_show")


def terms_of(question: Question, start: int, price: Price) -> dict[str, Any]:
    """Of what costs `price`. Nothing is agreed about what costs nothing."""
    if not price.total.amount:
        return {}
    ladder = question.plan.ladder
    return {**(as_terms(ladder) if ladder else {}), **_of_paying(question, start, price.total, _due(price))}


def paid_otherwise(booking: Booking, question: Question, start: int) -> dict[str, Any]:
    """Columns of a held time's price, kept as it is but for what paying adds: the fee of the wish's method, its tip.

    Nothing where that changes nothing.
    """
    lines = [line for line in booking.price_lines if line.get("kind") not in PAYING]
    plain = not question.wish.tip and len(lines) == len(booking.price_lines) and not question.plan.terms.fees
    if plain and question.wish.payment_method not in BY_CARD and "due_now" not in booking.terms:
        return {}
    currency = booking.price_currency
    due = Money(sum(line["amount"] for line in lines), currency)
    added = whole.paying_lines(question.plan.terms, question.asked(start), question.choice, due)
    total = due + total_of((line.amount for line in added), currency)
    kept = {name: booking.terms[name] for name in OF_CANCELLING if name in booking.terms}
    return {
        "price_amount": total.amount,
        "price_lines": [*lines, *map(line_document, added)],
        "terms": {**kept, **_of_paying(question, start, total, due)},
    }


def fingerprint(terms: Mapping[str, Any]) -> str:
    """The same for the same ladder: for a page to say which one it showed. "" without one."""
    kept = {name: terms[name] for name in OF_CANCELLING if name in terms}
    return blake2b(json.dumps(kept, sort_keys=True).encode(), digest_size=8).hexdigest() if kept else ""


def tip_in(booking: Booking) -> Tip | None:
    """The tip that a booking's price has."""
    line = next((line for line in booking.price_lines if line.get("kind") == "tip"), None)
    if line is None:
        return None
    return Tip(percent=Fraction(line["percent"])) if "percent" in line else Tip(line["amount"])


def _due(price: Price) -> Money:
    return price.total - price.of(*PAYING)


def _of_paying(question: Question, start: int, total: Money, due: Money) -> Mapping[str, Any]:
    method, plan = question.wish.payment_method, question.plan
    if method not in BY_CARD or not total.amount:
        return {}
    now = total if plan.deposit is None else plan.deposit.due_now(total, start - question.now)
    borne = whole.borne(plan.terms, method, due)
    return {
        **({"due_now": now.amount} if method in IN_ADVANCE else {"due_now": 0, "hold_ahead": plan.hold_ahead}),
        **({"fee_borne": borne.amount} if borne.amount else {}),
    }
