"""Paying for a booking from a page or a program of one's own: parse, call, answer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, field_validator

from holdfast.bookings import access, unpaid
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import pay_url
from holdfast.bookings.requests import REFUSED
from holdfast.bookings.schemas import PaymentOut
from holdfast.catalog.asked import organization_asked
from holdfast.catalog.models import Organization
from holdfast.catalog.schemas import MoneyOut
from holdfast.core.answers import json_response, private
from holdfast.core.schemas import ProblemOut
from holdfast.core.tenancy import transaction_for
from holdfast.payments import actions, asking, words
from holdfast.payments.asking import Asked, Wanted, Way
from holdfast.payments.documents import payment_document
from holdfast.payments.errors import NothingOwed
from holdfast.payments.receipts.pages import receipt_answer

router = Router(tags=["payments"])
FAILED = {**REFUSED, 403: ProblemOut, 502: ProblemOut, 503: ProblemOut}


class AskIn(Schema):
    """`agreed`: the customer has read the `consent` of the answer before, and lets their card be kept."""

    agreed: bool = False
    another_card: bool = False


class AskOut(Schema):
    """What the customer's browser needs to confirm it with Stripe's script; `way` null: nothing is asked for now.

    `way`: `pay`, `hold` (the bank keeps the amount, it is charged after the service) or `keep_card`, for which
    `client_secret` comes once `agreed`. The secret is for this customer's browser alone.
    """

    payment: PaymentOut
    state: str
    way: str | None
    amount: MoneyOut
    client_secret: str | None
    publishable_key: str | None
    consent: str | None
    expires_at: datetime | None
    pay_url: str


class CheckoutIn(Schema):
    """Where the customer comes back to; else the booking's own page for paying."""

    reference: str = Field(max_length=12)
    success_url: str = Field("", max_length=2000)
    cancel_url: str = Field("", max_length=2000)

    @field_validator("success_url", "cancel_url")
    @classmethod
    def of_the_web(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError(_("An address that begins with https://, please."))
        return value


class CheckoutOut(Schema):
    """The customer pays at `url` until `expires_at`; the booking's time waits as long."""

    url: str
    expires_at: datetime
    amount: MoneyOut


@router.post(
    "/{org}/bookings/{reference}/payment", response={200: AskOut, **FAILED}, summary="Ask for a booking's money"
)
def ask_for_payment(request: HttpRequest, org: str, reference: str, body: AskIn) -> HttpResponse:
    """How the booking's money stands, looked at anew, and what the customer's browser needs to pay. Sent again, it is
    the same payment: no `Idempotency-Key` is needed. The amount is the booking's; nobody sends one.
    """
    organization, booking = _mine(request, org, reference)
    booking = asking.look(booking)
    wanted = _wanted(booking, another_card=body.another_card)
    asked = asking.ask(booking, wanted) if wanted and (wanted.way != Way.KEEP or body.agreed) else None
    with translation.override(booking.customer_locale):
        consent = words.consent(booking, organization) if wanted and wanted.way == Way.KEEP else None
        if asked and consent:
            actions.keep_consent(payment=asked.payment, text=consent, language=booking.customer_locale)
    return private(json_response(200, _document(organization, booking, wanted, asked, consent)))


@router.get(
    "/{org}/bookings/{reference}/receipt.pdf",
    response={200: None, 404: ProblemOut, 409: ProblemOut},
    summary="A booking's receipt as a PDF",
    openapi_extra={"responses": {200: {"content": {"application/pdf": {"schema": {"type": "string"}}}}}},
)
def get_receipt(request: HttpRequest, org: str, reference: str) -> HttpResponse:
    """What it costs, the tax in it and what was paid, in the customer's language: for the bearer of its signed token
    (`X-Manage-Token` or `?token=`), an API key, or signed-in staff. 409 `nothing_paid` before money has come.
    """
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        booking, _caller = access.find_booking(request, reference)
    return receipt_answer(booking, organization)


@router.post(
    "/{org}/payments/checkout", response={201: CheckoutOut, **FAILED}, summary="A page on which a booking is paid"
)
def open_checkout(request: HttpRequest, org: str, body: CheckoutIn) -> HttpResponse:
    """The card company's own page for a booking that was made before. Sent again, it is the same while it is open."""
    organization, booking = _mine(request, org, body.reference)
    wanted = _wanted(booking)
    if wanted is None:
        raise NothingOwed(outstanding=0)
    back = pay_url(organization, booking) + "?back=1"
    page = asking.open_page(
        booking, wanted, success_url=body.success_url or back, cancel_url=body.cancel_url or body.success_url or back
    )
    if not page.url:  # it was paid meanwhile
        asking.look(booking)
        raise NothingOwed(outstanding=0)
    told = {"url": page.url, "expires_at": page.expires_at.isoformat(), "amount": _money(wanted)}
    return private(json_response(201, told))


def _mine(request: HttpRequest, org: str, reference: str) -> tuple[Organization, Booking]:
    """For the bearer of the booking's token, or a key that may write. Raises NotFound, Forbidden."""
    organization = organization_asked(request, org)
    with transaction_for(organization.id):
        booking, _caller = access.find_writable(request, reference)
    return organization, booking


def _wanted(booking: Booking, *, another_card: bool = False) -> Wanted | None:
    """Raises HoldExpired for a booking whose time ran out before it was paid."""
    if booking.state == BookingState.EXPIRED or unpaid.ran_out(booking):
        raise HoldExpired
    with transaction_for(booking.organization_id):
        return asking.wanted_of(booking, another_card=another_card)


def _document(
    organization: Organization, booking: Booking, wanted: Wanted | None, asked: Asked | None, consent: str | None
) -> dict[str, Any]:
    with transaction_for(organization.id):
        payment = payment_document(booking)
    waits = booking.state == BookingState.PENDING_PAYMENT and booking.hold_expires_at
    return {
        "payment": payment,
        "state": booking.state,
        "way": wanted.way.value if wanted else None,
        "amount": _money(wanted) if wanted else {"amount": 0, "currency": booking.price_currency},
        "client_secret": asked.client_secret if asked and asked.state not in asking.DONE else None,
        "publishable_key": asked.publishable_key if asked else None,
        "consent": consent,
        "expires_at": waits.isoformat(timespec="seconds") if waits else None,
        "pay_url": pay_url(organization, booking),
    }


def _money(wanted: Wanted) -> dict[str, Any]:
    return {"amount": wanted.amount.amount, "currency": wanted.amount.currency}
