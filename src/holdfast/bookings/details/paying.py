"""How a booking is to be paid: what is offered, what was agreed when it was booked, and how long its time waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.domain.lifecycle import State
from holdfast.domain.pricing.paying import Tip
from holdfast.pricing.models import PaymentMethod

# Ways by which a booking waits for its customer's card.
BY_CARD = frozenset({PaymentMethod.CARD, PaymentMethod.CHECKOUT, PaymentMethod.CARD_ON_FILE})
# Money is asked for at once by these; a request that staff may decline is not paid in advance.
IN_ADVANCE = frozenset({PaymentMethod.CARD, PaymentMethod.CHECKOUT})
# How long the time waits for the card. The company's own page stays open for half an hour at least.
WAIT = {
    PaymentMethod.CARD: timedelta(minutes=20),
    PaymentMethod.CARD_ON_FILE: timedelta(minutes=20),
    PaymentMethod.CHECKOUT: timedelta(minutes=35),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """The first state, until when the time waits for a card (None: it does not), and the columns that say so."""

    state: State
    until: datetime | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


def offered(plan: ServicePlan, *, is_series: bool = False) -> tuple[str, ...]:
    """The payment methods a customer may choose, in the organization's order."""
    left_out: frozenset[str] = IN_ADVANCE if plan.service["needs_approval"] else frozenset()
    left_out |= BY_CARD if is_series else frozenset()
    found = tuple(method for method in plan.payment_methods if method not in left_out)
    return found or (PaymentMethod.ON_SITE.value,)


def check_paying(plan: ServicePlan, method: str, tip: Tip | None, *, is_series: bool = False) -> None:
    """Raises ValidationError for a method or a tip that is not offered."""
    if method in BY_CARD and method not in offered(plan, is_series=is_series):
        raise ValidationError(errors=[{"field": "payment_method", "message": _("is not offered for this service")}])
    if tip and not plan.tips.takes(tip):
        raise ValidationError(errors=[{"field": "tip", "message": _("is not among the tips on offer")}])


def agree(plan: ServicePlan, method: str, amount: int, *, is_series: bool = False, is_choice: bool = False) -> Agreed:
    """How a booking of `amount` (minor units) begins; what is due at once is in its terms (`details/terms.py`).

    `is_choice`: a customer's, of what is offered; staff may always have it paid on site.
    Raises ValidationError for a method that is not offered.
    """
    if is_choice and amount:
        _check_choice(method, offered(plan, is_series=is_series))
    first = State.REQUESTED if plan.service["needs_approval"] else State.CONFIRMED
    if method not in BY_CARD:
        return Agreed(first)
    check_paying(plan, method, None, is_series=is_series)
    if not amount:
        return Agreed(first, columns={"payment_method": PaymentMethod.NONE})
    if first == State.REQUESTED:
        return Agreed(first)
    return Agreed(State.PENDING_PAYMENT, clock.now() + WAIT[PaymentMethod(method)])


def _check_choice(method: str, among: tuple[str, ...]) -> None:
    """By what costs something. Raises ValidationError that says what is offered."""
    if method not in among:
        said = _("one of %(choices)s") % {"choices": ", ".join(among)}
        raise ValidationError(errors=[{"field": "payment_method", "message": said}])
