"""Checkout sessions: a hosted page that takes a payment, or a card for later, until the session expires."""

from typing import Any

from holdfast.stripe_standin import payment_intents, setup_intents
from holdfast.stripe_standin.amounts import check_amount, currency_of
from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.events import emit
from holdfast.stripe_standin.intents import OPEN
from holdfast.stripe_standin.lists import CREATED, page
from holdfast.stripe_standin.refusals import Refusal, missing_parameter, wrong_parameter
from holdfast.stripe_standin.store import Object, new_id

SHORTEST, LONGEST = 30 * 60, 24 * 3600
CREATING = (
    "mode line_items success_url cancel_url client_reference_id customer customer_email customer_creation expires_at "
    "metadata payment_intent_data setup_intent_data payment_method_types locale submit_type currency"
)
# Sent a moment before the half hour, a session still may expire in half an hour.
LENIENCE = 60


def create(call: Call) -> Object:
    mode = call.choice("mode", ("payment", "setup")) or "payment"
    lines = _lines(call) if mode == "payment" else []
    currency = lines[0]["currency"] if lines else call.text("currency")
    total = sum(each["amount_total"] for each in lines) if lines else None
    now = call.store.now()
    expires_at = call.whole("expires_at") or now + LONGEST
    if not now + SHORTEST - LENIENCE <= expires_at <= now + LONGEST + LENIENCE:
        raise wrong_parameter(
            "expires_at", "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout "
            "Session creation.",
        )  # fmt: skip
    identifier = new_id("cs_test", 58)
    if total is not None and currency:
        check_amount(total, currency, "line_items")
    body: Object = {
        **_EMPTY,
        "id": identifier,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": call.text("cancel_url"),
        "client_reference_id": call.text("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer": call.load("customer", customer, "customer")["id"] if (customer := call.text("customer")) else None,
        "customer_creation": call.text("customer_creation") or ("if_required" if mode == "payment" else "always"),
        "customer_email": call.text("customer_email"),
        "expires_at": expires_at,
        "locale": call.text("locale"),
        "metadata": call.metadata(),
        "mode": mode,
        "payment_intent": None,  # made when the customer pays, since API version 2022-08-01
        "payment_method_types": call.values.get("payment_method_types") or ["card"],
        "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
        "setup_intent": None,
        "status": "open",
        "submit_type": call.text("submit_type"),
        "success_url": call.needed("success_url"),
        "url": f"{call.base}/c/pay/{identifier}",
        "_lines": lines,
        "_intent_data": call.mapping("payment_intent_data") or call.mapping("setup_intent_data"),
    }
    call.store.add(call.account, body)
    call.store.wake(expires_at, identifier)
    return body


# What our sessions never have.
_EMPTY: Object = {
    "adaptive_pricing": {"enabled": False},
    "after_expiration": None,
    "allow_promotion_codes": None,
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "client_secret": None,
    "collected_information": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None,
    },
    "customer_account": None,
    "customer_details": None,
    "discounts": [],
    "integration_identifier": None,
    "invoice": None,
    "invoice_creation": None,
    "livemode": False,
    "managed_payments": None,
    "origin_context": None,
    "payment_link": None,
    "payment_method_collection": "if_required",
    "payment_method_configuration_details": None,
    "payment_method_options": {},
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "saved_payment_method_options": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted",
    "wallet_options": None,
}  # fmt: skip


def _lines(call: Call) -> list[Object]:
    given = call.values.get("line_items")
    if not isinstance(given, list) or not given:
        raise missing_parameter("line_items")
    return [_line(call, each, f"line_items[{number}]") for number, each in enumerate(given)]


def _line(call: Call, given: Any, where: str) -> Object:
    price = given.get("price_data") if isinstance(given, dict) else None
    if not isinstance(price, dict):
        raise missing_parameter(f"{where}[price_data]")
    amount, quantity = str(price.get("unit_amount", "")), str(given.get("quantity", ""))
    if not amount.isdigit():
        raise wrong_parameter(
            f"{where}[price_data][unit_amount]", f"Invalid integer: {amount}", "parameter_invalid_integer"
        )
    if not quantity.isdigit() or int(quantity) < 1:
        raise missing_parameter(f"{where}[quantity]")
    name = (price.get("product_data") or {}).get("name")
    if not name:
        raise missing_parameter(f"{where}[price_data][product_data][name]")
    total = int(amount) * int(quantity)
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency_of(call, f"{where}[price_data][currency]", str(price.get("currency", "")) or None),
        "description": name,
        "quantity": int(quantity),
    }


def line_items(call: Call) -> Object:
    session = call.load("checkout.session", call.path["id"])
    return page(
        call,
        [{**each, "created": 0} for each in session["_lines"]],
        f"/v1/checkout/sessions/{session['id']}/line_items",
    )


def expire(call: Call) -> Object:
    session = call.load("checkout.session", call.path["id"])
    if session["status"] != "open":
        raise Refusal(
            f"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "
            f"`{session['status']}`."
        )  # fmt: skip
    return lapse(call, session)


def lapse(call: Call, session: Object) -> Object:
    """Nobody can pay by this session any more."""
    if session["status"] != "open":
        return session
    session.update(status="expired", url=None)
    call.store.save(session)
    if session["payment_intent"]:
        intent = call.load("payment_intent", session["payment_intent"])
        if intent["status"] in OPEN:
            payment_intents.cancel_intent(call, intent, None)
    emit(call, "checkout.session.expired", session)
    return session


def pay(call: Call, session: Object) -> Object:
    """The customer's card on the hosted page; `call.values` holds payment_method_data. Raises the card's refusal.

    Returns the intent: succeeded, to be captured, or to be authenticated.
    """
    field, room = (
        ("payment_intent", payment_intents) if session["mode"] == "payment" else ("setup_intent", setup_intents)
    )
    if session[field] is None:
        asked = dict(session["_intent_data"]) | {"customer": session["customer"] or ""}
        if field == "payment_intent":
            asked |= {"amount": str(session["amount_total"]), "currency": session["currency"]}
        making = Call(call.store, call.account, call.base, asked, request_id=call.request_id)
        session[field] = room.create(making)["id"]
        call.store.save(session)
    intent = call.load(field, session[field])
    if intent["status"] in OPEN:
        intent = room.confirm_intent(call, intent)
    complete(call, session, intent)
    return intent


def complete(call: Call, session: Object, intent: Object) -> None:
    """Close the session when its intent has got what it was for."""
    if session["status"] != "open" or intent["status"] in OPEN:
        return
    session.update(status="complete", url=None, payment_status=_paid(session, intent))
    session["customer_details"] = {
        "address": None, "business_name": None, "email": session["customer_email"], "individual_name": None,
        "name": None, "phone": None, "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip
    call.store.save(session)
    emit(call, "checkout.session.completed", session)


def _paid(session: Object, intent: Object) -> str:
    if session["mode"] == "setup":
        return "no_payment_required"
    return "paid" if intent["status"] == "succeeded" else "unpaid"


def list_all(call: Call) -> Object:
    wanted = {name: value for name in ("payment_intent", "customer", "status") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "checkout.session", **wanted), "/v1/checkout/sessions")


ROUTES = [
    Route("POST", "/v1/checkout/sessions", create, CREATING),
    Route("GET", "/v1/checkout/sessions", list_all, f"payment_intent customer status {CREATED}"),
    Route("GET", "/v1/checkout/sessions/{id}", lambda call: call.load("checkout.session", call.path["id"])),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", line_items, "limit starting_after"),
    Route("POST", "/v1/checkout/sessions/{id}/expire", expire),
]
