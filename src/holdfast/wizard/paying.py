"""How a customer pays and what they tip: chosen where the price is shown, which then shows it with both."""

import re
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.details.terms import tip_in
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import ROUNDINGS, Money, exponent
from holdfast.domain.pricing.paying import Tip, Tips, tip_line
from holdfast.domain.pricing.whole import PAYING
from holdfast.pricing.wording import percentage
from holdfast.web import formats
from holdfast.wizard import methods, ways
from holdfast.wizard.errors import PriceChanged
from holdfast.wizard.flow import Flow

OTHER = "other"
# As people write amounts: 7, 7.50, 7,50.
_WRITTEN = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]+))?")


@dataclass(frozen=True, slots=True)
class TipChoice:
    """One radio: `amount` is what a percentage comes to, in words."""

    value: str
    words: str
    amount: str
    checked: bool


@dataclass(frozen=True, slots=True)
class TipForm:
    """`other`: whether any amount may be given; then `typed` is the one that is."""

    choices: list[TipChoice]
    other: bool
    typed: str
    example: str

    @property
    def other_checked(self) -> bool:
        return bool(self.typed)


@require_POST
@for_organization
def choose(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Show the price paid like this. Nothing is booked."""
    flow = Flow(request, organization)
    with transaction_for(organization.id):
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        offered = methods.offered(plan, is_series=bool(flow.series), is_framed=flow.is_framed)
    remember(request, organization, flow, methods.chosen(offered, request.POST.get("method", "")))
    return ways.to("payment", organization, flow.selection)


def remember(request: HttpRequest, organization: Organization, flow: Flow, method: str) -> Booking | None:
    """Price the held time with the method and the tip that were sent; what cannot be a tip is none, and is said.

    None where it is not held any more: it is held anew, and priced like this, where the price is shown.
    """
    with suppress(HoldExpired):
        try:
            return flow.pay_by(method, tip_of(request.POST, organization.currency))
        except (ValidationError, ValueError):
            words = _("Please give the tip as an amount, such as %(example)s.")
            messages.warning(request, words % {"example": _example(organization.currency)})
            return flow.pay_by(method, None)
    return None


def with_method(organization: Organization, flow: Flow, held: Booking) -> Booking:
    """Where a way to pay costs customers something, the price is shown with the chosen one, at first the first."""
    with transaction_for(organization.id):
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        if flow.series or not costs_customers(plan):
            return held
        offered = methods.offered(plan, is_series=False, is_framed=flow.is_framed)
        method, (before, tip) = methods.chosen(offered, flow.paying[0]), flow.paying
    return held if method == before else flow.pay_by(method, tip)


def costs_customers(plan: ServicePlan) -> bool:
    """Whether the price depends on how it is paid."""
    return any(fee.borne_by == "customer" for fee in plan.terms.fees)


def shown_anew(
    request: HttpRequest, organization: Organization, flow: Flow, method: str, why: PriceChanged | ValueError
) -> HttpResponse:
    """Nothing was booked, for the price is another one: by what was chosen here, or since it was shown."""
    with transaction_for(organization.id):
        before = flow.held()
    held = remember(request, organization, flow, method)
    if isinstance(why, PriceChanged):
        by_choice = before and held and not flow.series and before.price_amount != held.price_amount
        chosen = _("This is the price with the way to pay and the tip that you chose. Nothing is booked yet.")
        messages.info(request, chosen) if by_choice else messages.warning(request, str(why.detail))
    return ways.to("payment", organization, flow.selection)


def tip_of(sent: QueryDict, currency: str, tips: Tips | None = None) -> Tip | None:
    """What a form says. Raises ValueError for what is no amount, or not among those on offer."""
    value = sent.get("tip", "")
    amount = _minor(sent.get("tip_amount", "").strip(), currency) if value == OTHER else 0
    percent = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
    tip = Tip(amount, Fraction(percent)) if amount or percent else None
    if tip and tips and not tips.takes(tip):
        raise ValueError(value)
    return tip


def tip_form(plan: ServicePlan, held: Booking) -> TipForm | None:
    """The choices for a held time; None where no tips are taken, or nothing is to be paid."""
    if plan.tips.is_none or not held.price_amount:
        return None
    given, currency = tip_in(held), held.price_currency
    due = Money(sum(line["amount"] for line in held.price_lines if line.get("kind") not in PAYING), currency)
    choices = [TipChoice("", _("No tip"), "", given is None)]
    for percent in plan.tips.percents:
        line = tip_line(Tip(percent=Fraction(percent)), due, ROUNDINGS[plan.terms.rounding])
        amount = formats.money(line.amount.amount if line else 0, currency)
        is_it = given is not None and given.percent == percent
        choices.append(TipChoice(str(percent), percentage(percent), amount, is_it))
    typed = _written(given.amount, currency) if given and given.amount else ""
    return TipForm(choices, plan.tips.is_free, typed, _example(currency))


def _minor(text: str, currency: str) -> int:
    if not text:
        return 0
    found, digits = _WRITTEN.fullmatch(text), exponent(currency)
    if found is None or len(found[2] or "") > digits:
        raise ValueError(text)
    return int(found[1] + (found[2] or "").ljust(digits, "0"))


def _written(amount: int, currency: str) -> str:
    digits = exponent(currency)
    whole, part = divmod(amount, 10**digits)
    return f"{whole}.{part:0{digits}}" if part else str(whole)


def _example(currency: str) -> str:
    return _written(5 * 10 ** exponent(currency) if exponent(currency) else 500, currency)
