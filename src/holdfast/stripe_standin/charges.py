"""Charges, and what they do to the account's balance."""

import hashlib

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.cards import DECLINES, Card
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.lists import CREATED, PAGE, page
from holdfast.stripe_standin.store import Object, new_id

AUTHORIZATION_SECONDS = 7 * 24 * 3600


def balance(call: Call, *, kind: str, amount: int, currency: str, source: str, fee: int = 0) -> str:
    """Book an amount (negative: taken) on the account's balance, less Stripe's fee; the transaction's id."""
    now = call.store.now()
    details = [
        {"amount": fee, "application": None, "currency": currency, "description": "Stripe fee", "type": "stripe_fee"}
    ]
    body = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 2 * 24 * 3600,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": "dispute" if kind == "adjustment" else kind,
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return str(call.store.add(call.account, body)["id"])


def fee_of(amount: int) -> int:
    """1.5 %, a half rounded up, and 25 minor units: the price list of a European account, for any currency."""
    return (amount * 15 + 500) // 1000 + 25


def declined_by(card: Card, *, authenticated: bool) -> str:
    """The decline code of a charge, or nothing. A card that wants authentication answers only after it."""
    if card.authentication and not authenticated:
        return card.declines_charges if card.authentication == "once" else ""
    return card.declines or card.declines_charges


def make_charge(
    call: Call, intent: Object, method: Object, *, decline: str = "", authenticated: bool = False
) -> Object:
    """Try the card for the intent's amount: an authorization for manual capture, else money; or a failed charge."""
    body = _charge(call, intent, method, decline=decline, authenticated=authenticated)
    call.store.add(call.account, body)
    emit(call, "charge.failed" if decline else "charge.succeeded", body)
    if not (body["captured"] or decline):
        call.store.wake(body["created"] + AUTHORIZATION_SECONDS, intent["id"])
    return body


def _charge(call: Call, intent: Object, method: Object, *, decline: str, authenticated: bool) -> Object:
    manual = intent["capture_method"] == "manual"
    amount = intent["amount"]
    code, message = DECLINES.get(decline, (None, None))
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": amount,
        "amount_captured": 0 if manual or decline else amount,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "STANDIN TEST" if not decline else None,
        "captured": not (manual or decline),
        "created": call.store.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": code,
        "failure_message": message,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _outcome(decline, message),
        "paid": not decline,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(call, method, amount, manual, authenticated), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if decline else "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
        "_number": method["_number"],
    }


def _outcome(decline: str, message: str | None) -> Object:
    return {
        "advice_code": "try_again_later" if decline in {"insufficient_funds", "processing_error"} else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline or None,
        "risk_level": "normal",
        "seller_message": message or "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }


def _card_details(call: Call, method: Object, amount: int, manual: bool, authenticated: bool) -> Object:
    card = method["card"]
    unavailable = {"status": "unavailable"}
    return {
        "amount_authorized": amount,
        "authorization_code": hashlib.sha256(method["id"].encode()).hexdigest()[:6].upper(),
        "brand": card["brand"],
        "capture_before": call.store.now() + AUTHORIZATION_SECONDS if manual else None,
        "checks": card["checks"],
        "country": card["country"],
        "exp_month": card["exp_month"],
        "exp_year": card["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card["fingerprint"],
        "funding": card["funding"],
        "incremental_authorization": unavailable,
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": unavailable,
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": {
            "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
            "result": "authenticated", "result_reason": None, "transaction_id": None, "version": "2.2.0",
        } if authenticated else None,
        "transaction_link_id": None,
        "wallet": None,
    }  # fmt: skip


def settle(call: Call, charge: Object) -> None:
    """The captured money reaches the balance."""
    amount = charge["amount_captured"]
    charge["balance_transaction"] = balance(
        call, kind="charge", amount=amount, currency=charge["currency"], source=charge["id"], fee=fee_of(amount)
    )
    call.store.save(charge)


def settle_later(call: Call, charge: Object) -> None:
    """As with `automatic_async`: the answer and the first event have no balance transaction yet; an update has."""

    def reach_the_balance() -> None:
        now = call.load("charge", charge["id"])
        before = shown(now)
        settle(call, now)
        emit(call, "charge.updated", now, before)

    call.afterwards.append(reach_the_balance)


def list_charges(call: Call) -> Object:
    wanted = {name: value for name in ("payment_intent", "customer") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "charge", **wanted), "/v1/charges")


def list_balance(call: Call) -> Object:
    wanted = {name: value for name in ("source", "type", "currency") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "balance_transaction", **wanted), "/v1/balance_transactions")


ROUTES = [
    Route("GET", "/v1/charges", list_charges, f"payment_intent customer {CREATED}"),
    Route("GET", "/v1/charges/{id}", lambda call: call.load("charge", call.path["id"])),
    Route("GET", "/v1/balance_transactions", list_balance, f"source type currency created {PAGE}"),
    Route("GET", "/v1/balance_transactions/{id}", lambda call: call.load("balance_transaction", call.path["id"])),
]
