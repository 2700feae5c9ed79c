"""Customers, and the payment methods that are theirs."""

import hashlib
from typing import Any

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.cards import BY_ALIAS, BY_NUMBER, DECLINES, Card
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.lists import CREATED, PAGE, page
from holdfast.stripe_standin.refusals import Refusal, missing_parameter, no_such, wrong_parameter
from holdfast.stripe_standin.store import Object, new_id

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
DETAILS = "name email phone description address metadata preferred_locales"


def create_customer(call: Call) -> Object:
    identifier = new_id("cus", 14)
    body: Object = {
        "id": identifier,
        "object": "customer",
        "address": call.mapping("address") or None,
        "balance": 0,
        "created": call.store.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": call.text("email"),
        "invoice_prefix": hashlib.sha256(identifier.encode()).hexdigest()[:8].upper(),
        "invoice_settings": {
            "custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": call.text("name"),
        "next_invoice_sequence": 1,
        "phone": call.text("phone"),
        "preferred_locales": call.values.get("preferred_locales") or [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }  # fmt: skip
    call.keep(body)
    call.store.add(call.account, body)
    emit(call, "customer.created", body)
    return body


def update_customer(call: Call) -> Object:
    body = call.load("customer", call.path["id"])
    before = shown(body)
    body.update({name: call.text(name) for name in ("name", "email", "phone") if name in call.values})
    call.keep(body)
    emit(call, "customer.updated", body, before)
    return call.store.save(body)


def delete_customer(call: Call) -> Object:
    body = call.load("customer", call.path["id"])
    for method in call.store.find(call.account, "payment_method", customer=body["id"]):
        call.store.save({**method, "customer": None, "_spent": True})
    call.store.remove(body["id"])
    emit(call, "customer.deleted", body)
    return {"id": body["id"], "object": "customer", "deleted": True}


def list_customers(call: Call) -> Object:
    wanted = {"email": email} if (email := call.text("email")) else {}
    return page(call, call.store.find(call.account, "customer", **wanted), "/v1/customers")


def create_method(call: Call) -> Object:
    if call.needed("type") != "card":
        raise wrong_parameter("type", "This stand-in knows cards only.")
    return call.store.add(call.account, _method(call, call.mapping("card"), call.mapping("billing_details")))


def _method(call: Call, card: dict[str, Any], billing: dict[str, Any]) -> Object:
    if not card.get("number"):
        raise missing_parameter("card[number]")
    known = BY_NUMBER.get(str(card["number"]).replace(" ", ""))
    if known is None:
        raise Refusal(
            "Your card number is incorrect. This is a stand-in: only Stripe's test cards exist here.",
            status=402, kind="card_error", code="incorrect_number", param="number",
        )  # fmt: skip
    year, month = str(card.get("exp_year", "")), str(card.get("exp_month", ""))
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise Refusal(
            "Your card's expiration date is invalid.",
            status=402, kind="card_error", code="invalid_expiry_month", param="exp_month",
        )  # fmt: skip
    return _shape(call, known, int(month), int(year) if int(year) > 99 else 2000 + int(year), billing)


def _shape(call: Call, card: Card, month: int, year: int, billing: dict[str, Any]) -> Object:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {**NO_ADDRESS, **(billing.get("address") or {})},
            **{name: billing.get(name) or None for name in ("email", "name", "phone", "tax_id")},
        },
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
            "funding": "credit",
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": call.store.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_number": card.number,
        "_set_up": False,
        "_spent": False,
    }


def method_for(call: Call, customer: str | None) -> Object | None:
    """The payment method a request names, by id, by a test alias or by `payment_method_data`; None for none.

    `customer`: for whom the intent is; a card of somebody else, or one that was used up, is refused.
    """
    if data := call.mapping("payment_method_data"):
        made = _method(call, data.get("card") or {}, data.get("billing_details") or {})
        return call.store.add(call.account, made)
    given = call.text("payment_method")
    if given is None:
        return None
    if given in BY_ALIAS:
        return call.store.add(call.account, _shape(call, BY_ALIAS[given], 8, 2034, {}))
    body = call.load("payment_method", given, "payment_method")
    if body["customer"] and body["customer"] != customer:
        raise Refusal(
            f"The customer does not have a payment method with the ID {given}. The payment method must be attached to "
            "the customer.", code="resource_missing", param="payment_method",
        )  # fmt: skip
    if body["_spent"] and not body["customer"]:
        raise Refusal(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was "
            "detached from a Customer. It may not be used again.", param="payment_method",
        )  # fmt: skip
    return body


def card_of(method: Object) -> Card:
    return BY_NUMBER[method["_number"]]


def attach(call: Call, method: Object, customer: str) -> None:
    """Make it the customer's, once."""
    if method["customer"] == customer:
        return
    call.load("customer", customer, "customer")
    method["customer"] = customer
    call.store.save(method)
    emit(call, "payment_method.attached", method)


def attach_method(call: Call) -> Object:
    alias = BY_ALIAS.get(call.path["id"])
    if alias:
        body = call.store.add(call.account, _shape(call, alias, 8, 2034, {}))
    else:
        body = call.load("payment_method", call.path["id"], "payment_method")
    card = card_of(body)
    if card.declines and not card.authentication:
        code, message = DECLINES[card.declines]
        raise Refusal(
            message, status=402, kind="card_error", code=code,
            decline_code=card.declines if code == "card_declined" else None, commits=True,
        )  # fmt: skip
    attach(call, body, call.needed("customer"))
    return body


def detach_method(call: Call) -> Object:
    body = call.load("payment_method", call.path["id"], "payment_method")
    if not body["customer"]:
        raise Refusal("The payment method you provided is not attached to a customer so detachment is impossible.")
    before = shown(body)
    body.update(customer=None, _spent=True)
    emit(call, "payment_method.detached", body, before)
    return call.store.save(body)


def list_methods(call: Call) -> Object:
    customer = call.path.get("id") or call.text("customer")
    if customer is None:
        raise missing_parameter("customer")
    if call.store.get(call.account, "customer", customer) is None:
        raise no_such("customer", customer, "customer")
    return page(call, call.store.find(call.account, "payment_method", customer=customer), "/v1/payment_methods")


ROUTES = [
    Route("POST", "/v1/customers", create_customer, DETAILS),
    Route("GET", "/v1/customers", list_customers, f"email {CREATED}"),
    Route("GET", "/v1/customers/{id}", lambda call: call.load("customer", call.path["id"])),
    Route("POST", "/v1/customers/{id}", update_customer, DETAILS),
    Route("DELETE", "/v1/customers/{id}", delete_customer),
    Route("GET", "/v1/customers/{id}/payment_methods", list_methods, f"type {PAGE}"),
    Route("POST", "/v1/payment_methods", create_method, "type card billing_details metadata", public=True),
    Route("GET", "/v1/payment_methods", list_methods, f"customer type {PAGE}"),
    Route("GET", "/v1/payment_methods/{id}", lambda call: call.load("payment_method", call.path["id"])),
    Route("POST", "/v1/payment_methods/{id}/attach", attach_method, "customer"),
    Route("POST", "/v1/payment_methods/{id}/detach", detach_method),
]
