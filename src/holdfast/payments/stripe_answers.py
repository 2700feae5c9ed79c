"""Reads Stripe's objects, as plain JSON, into our words. Knows shapes of API version `stripe_gateway.py` pins."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from holdfast.domain.money import Money
from holdfast.payments.errors import WORDS
from holdfast.payments.gateway import (
    Account,
    Card,
    Checkout,
    CheckoutState,
    Dispute,
    DisputeState,
    IntentState,
    Notice,
    PaymentIntent,
    Refund,
    RefundState,
    SetupIntent,
)
from holdfast.payments.stripe_amounts import from_stripe

Body = Mapping[str, Any]

_INTENT_STATES = {
    "requires_payment_method": IntentState.NEEDS_CARD,
    "requires_confirmation": IntentState.NEEDS_CONFIRMATION,
    "requires_action": IntentState.NEEDS_AUTHENTICATION,
    "processing": IntentState.PROCESSING,
    "requires_capture": IntentState.HELD,
    "succeeded": IntentState.SUCCEEDED,
    "canceled": IntentState.CANCELLED,
}
_REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELLED,
}
# What is worth being told; everything else says nothing about money of ours (docs.stripe.com/api/events/types).
NOTICES = (
    "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
    "payment_intent.amount_capturable_updated", "setup_intent.succeeded", "setup_intent.setup_failed",
    "setup_intent.canceled", "checkout.session.completed", "checkout.session.expired", "charge.updated",
    "charge.refunded", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created",
    "charge.dispute.updated", "charge.dispute.closed",
)  # fmt: skip
_AUTHENTICATION = ("payment_intent_authentication_failure", "setup_intent_authentication_failure")


def payment_intent(body: Body) -> PaymentIntent:
    """`latest_charge` may be expanded, with its `balance_transaction`, which then says the fee."""
    currency = body["currency"]
    charge = body["latest_charge"] if isinstance(body["latest_charge"], Mapping) else None
    details = ((charge or {}).get("payment_method_details") or {}).get("card") or {}
    balance = (charge or {}).get("balance_transaction")
    until = details.get("capture_before")
    return PaymentIntent(
        id=body["id"],
        state=_INTENT_STATES[body["status"]],
        amount=from_stripe(body["amount"], currency),
        held=from_stripe(body["amount_capturable"], currency),
        received=from_stripe(body["amount_received"], currency),
        created_at=moment(body["created"]),
        metadata=dict(body["metadata"]),
        customer=identifier(body["customer"]),
        charge=identifier(body["latest_charge"]),
        card=_card(identifier(body["payment_method"]), details) if details else None,
        fee=_fee(balance) if isinstance(balance, Mapping) else None,
        held_until=moment(until) if until else None,
        failure=failure_of(body["last_payment_error"]),
        client_secret=body["client_secret"] or "",
    )


def _fee(balance: Body) -> Money:
    return from_stripe(balance["fee"], balance["currency"])


def setup_intent(body: Body) -> SetupIntent:
    succeeded = body["status"] == "succeeded"
    return SetupIntent(
        id=body["id"],
        state=_INTENT_STATES[body["status"]],
        created_at=moment(body["created"]),
        metadata=dict(body["metadata"] or {}),
        customer=identifier(body["customer"]),
        card=identifier(body["payment_method"]) if succeeded else "",
        failure=failure_of(body["last_setup_error"]),
        client_secret=body["client_secret"] or "",
    )


def card(body: Body) -> Card:
    return _card(body["id"], body["card"])


def _card(name: str, details: Body) -> Card:
    return Card(name, details["brand"], details["last4"], (details["exp_year"], details["exp_month"]))


def checkout(body: Body) -> Checkout:
    return Checkout(
        id=body["id"],
        state=CheckoutState(body["status"]),
        url=body["url"] or "",
        paid=body["payment_status"] == "paid",
        amount=from_stripe(body["amount_total"], body["currency"]),
        payment=identifier(body["payment_intent"]),
        created_at=moment(body["created"]),
        expires_at=moment(body["expires_at"]),
        metadata=dict(body["metadata"] or {}),
    )


def refund(body: Body) -> Refund:
    state = _REFUND_STATES[body["status"]]
    return Refund(
        id=body["id"],
        payment=identifier(body["payment_intent"]),
        amount=from_stripe(body["amount"], body["currency"]),
        state=state,
        # Stripe records released authorizations as refunds too; only money that moved is on the balance.
        gives_back=state is not RefundState.SUCCEEDED or body["balance_transaction"] is not None,
        created_at=moment(body["created"]),
        metadata=dict(body["metadata"] or {}),
    )


def dispute(body: Body) -> Dispute:
    due = body["evidence_details"]["due_by"]
    return Dispute(
        id=body["id"],
        payment=identifier(body["payment_intent"]),
        amount=from_stripe(body["amount"], body["currency"]),
        state=_dispute_state(body["status"]),
        reason=body["reason"],
        created_at=moment(body["created"]),
        answer_until=moment(due) if due else None,
    )


def _dispute_state(status: str) -> DisputeState:
    """`prevented` and a closed inquiry took nothing in the end."""
    if status in {"won", "warning_closed", "prevented"}:
        return DisputeState.WON
    if status.startswith("warning_"):
        return DisputeState.WARNING
    return DisputeState.LOST if status == "lost" else DisputeState.OPEN


def notice(body: Body) -> Notice:
    subject = body["data"]["object"]
    return Notice(
        id=body["id"],
        kind=body["type"],
        subject_kind=subject.get("object", ""),
        subject=subject.get("id", ""),
        created_at=moment(body["created"]),
        account=body.get("account") or "",
    )


def failure_of(error: Body | None) -> str:
    """One of errors.py:REASONS, or nothing."""
    if not error:
        return ""
    if error.get("code") in _AUTHENTICATION:
        return "authentication_failed"
    for name in (error.get("decline_code"), error.get("code")):
        if name in WORDS:
            return str(name)
    return "declined"


def identifier(value: Any) -> str:
    """The id of what is there as an id, as an object, or not at all."""
    if isinstance(value, Mapping):
        return str(value["id"])
    return str(value or "")


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def account(body: Body) -> Account:
    """The name is what the business calls itself there, or what its customers read on their statements."""
    profile = body.get("business_profile") or {}
    shown = ((body.get("settings") or {}).get("dashboard") or {}).get("display_name")
    return Account(
        id=body["id"],
        name=shown or profile.get("name") or "",
        country=body.get("country") or "",
        currency=(body.get("default_currency") or "").upper(),
        takes_payments=bool(body.get("charges_enabled")),
    )
