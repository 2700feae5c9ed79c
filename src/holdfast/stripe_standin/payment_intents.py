"""Payment intents: the table of their states is at docs.stripe.com/payments/paymentintents/lifecycle."""

from holdfast.stripe_standin.amounts import amount_of, check_amount, currency_of
from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.charges import declined_by, make_charge, settle, settle_later
from holdfast.stripe_standin.customers import attach, card_of
from holdfast.stripe_standin.disputes import dispute
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.intents import (
    CONFIRMING,
    FAILED_AUTHENTICATION,
    OPEN,
    ask_for_authentication,
    begin,
    card_error,
    check_return_url,
    last_error,
    name_method,
    new_intent,
    wants_authentication,
)
from holdfast.stripe_standin.lists import CREATED, page
from holdfast.stripe_standin.refunds import release
from holdfast.stripe_standin.refusals import Refusal, unexpected_state, wrong_parameter
from holdfast.stripe_standin.store import Object

CHANGEABLE = (
    "amount currency customer description metadata receipt_email setup_future_usage statement_descriptor_suffix "
    "transfer_group payment_method payment_method_data payment_method_options payment_method_types"
)
CREATING = (
    f"{CHANGEABLE} automatic_payment_methods capture_method confirm off_session error_on_requires_action {CONFIRMING}"
)
REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
METHODS_OF_CAPTURE = ("automatic", "automatic_async", "manual")


def create(call: Call) -> Object:
    currency = currency_of(call)
    amount = amount_of(call, currency)
    intent = new_intent(call, "payment_intent", "pi") | {
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application_fee_amount": None,
        "canceled_at": None,
        "capture_method": call.choice("capture_method", METHODS_OF_CAPTURE, "automatic_async"),
        "confirmation_method": "automatic",
        "currency": currency,
        "last_payment_error": None,
        "latest_charge": None,
        "managed_payments": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": call.choice("setup_future_usage", ("on_session", "off_session")),
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "transfer_data": None,
        "transfer_group": None,
    }
    if not call.flag("confirm") and (call.flag("off_session") or call.text("return_url")):
        raise wrong_parameter("confirm", "off_session and return_url are for a PaymentIntent with confirm=true.")
    return begin(call, intent, confirm_intent)


def confirm(call: Call) -> Object:
    return confirm_intent(call, call.load_own("payment_intent"))


def confirm_intent(call: Call, intent: Object) -> Object:
    """Try to pay: succeeded, requires_capture or requires_action; raises the card's refusal."""
    if intent["status"] not in OPEN:
        raise unexpected_state(
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, "
            "requires_action, requires_payment_method.", payment_intent=shown(intent),
        )  # fmt: skip
    if "setup_future_usage" in call.values:
        intent["setup_future_usage"] = call.choice("setup_future_usage", ("on_session", "off_session"))
    method = name_method(call, intent)
    if method is None:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken.", payment_intent=shown(intent),
        )  # fmt: skip
    check_return_url(call, intent)
    card, off_session = card_of(method), call.flag("off_session")
    if wants_authentication(card, method, off_session=off_session):
        if off_session or call.flag("error_on_requires_action"):
            _fail(call, intent, method, "authentication_required")
        ask_for_authentication(call, intent)
        call.store.save(intent)
        emit(call, "payment_intent.requires_action", intent)
        return intent
    return attempt(call, intent, method, authenticated=False)


def attempt(call: Call, intent: Object, method: Object, *, authenticated: bool) -> Object:
    """The bank is asked for the money."""
    if decline := declined_by(card_of(method), authenticated=authenticated):
        _fail(call, intent, method, decline)
    charge = make_charge(call, intent, method, authenticated=authenticated)
    intent.update(latest_charge=charge["id"], next_action=None, last_payment_error=None)
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        emit(call, "payment_intent.amount_capturable_updated", intent)
    else:
        intent.update(status="succeeded", amount_received=intent["amount"])
        _settle(call, intent, charge)
        emit(call, "payment_intent.succeeded", intent)
    method["_spent"] = True
    if intent["setup_future_usage"]:
        method["_set_up"] = True
        if intent["customer"]:
            attach(call, method, intent["customer"])
    call.store.save(method)
    return call.store.save(intent)


def _settle(call: Call, intent: Object, charge: Object) -> None:
    if intent["capture_method"] == "automatic_async":
        settle_later(call, charge)
    else:
        settle(call, charge)
    if reason := card_of(charge).disputes:
        call.afterwards.append(lambda: dispute(call, charge["id"], reason))


def _fail(call: Call, intent: Object, method: Object, decline: str) -> None:
    charge = make_charge(call, intent, method, decline=decline)
    refused = card_error(decline, method, intent)
    code, message = refused.error["code"], refused.error["message"]
    _back_to_the_start(call, intent, last_error("card_error", code, message, method, decline, charge["id"]))
    intent["latest_charge"] = charge["id"]
    call.store.save(intent)
    emit(call, "payment_intent.payment_failed", intent)
    raise card_error(decline, method, intent, charge=charge["id"])


def _back_to_the_start(call: Call, intent: Object, error: Object) -> None:
    intent.update(status="requires_payment_method", payment_method=None, next_action=None, last_payment_error=error)
    call.store.save(intent)


def authenticated(call: Call, intent: Object, *, passed: bool) -> Object:
    """The bank has seen its customer, or not. Raises the card's refusal when it then declines."""
    method = call.load("payment_method", intent["payment_method"])
    if passed:
        return attempt(call, intent, method, authenticated=True)
    code = "payment_intent_authentication_failure"
    _back_to_the_start(call, intent, last_error("invalid_request_error", code, FAILED_AUTHENTICATION, method))
    emit(call, "payment_intent.payment_failed", intent)
    return intent


def update(call: Call) -> Object:
    intent = call.load_own("payment_intent")
    if intent["status"] not in OPEN and set(call.values) - {"metadata", "description", "expand", "receipt_email"}:
        raise unexpected_state(
            f"This PaymentIntent's {next(iter(call.values))} could not be updated because it has a status of "
            f"{intent['status']}. You may only update a PaymentIntent that has not been completed.",
            payment_intent=shown(intent),
        )  # fmt: skip
    if "currency" in call.values:
        intent["currency"] = currency_of(call)
    if "amount" in call.values:
        intent["amount"] = amount_of(call, intent["currency"])
        check_amount(intent["amount"], intent["currency"])
    if "customer" in call.values:
        intent["customer"] = call.load("customer", call.needed("customer"), "customer")["id"]
    if "setup_future_usage" in call.values:
        intent["setup_future_usage"] = call.choice("setup_future_usage", ("on_session", "off_session"))
    name_method(call, intent)
    call.keep(intent)
    return call.store.save(intent)


def capture(call: Call) -> Object:
    """Take authorized money, all or part of it; what is left is released."""
    intent = call.load("payment_intent", call.path["id"], "intent")
    if intent["status"] != "requires_capture":
        raise unexpected_state(
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be captured: requires_capture.",
            payment_intent=shown(intent),
        )  # fmt: skip
    amount = call.whole("amount_to_capture") or intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        raise Refusal(
            f"The amount to capture ({amount}) is greater than the amount you can capture for this charge "
            f"({intent['amount_capturable']}).", code="amount_too_large", param="amount_to_capture",
        )  # fmt: skip
    call.keep(intent)
    charge = call.load("charge", intent["latest_charge"])
    charge.update(captured=True, amount_captured=amount)
    call.store.save(charge)
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    call.store.save(intent)
    _settle(call, intent, charge)
    emit(call, "charge.captured", charge)
    emit(call, "payment_intent.succeeded", intent)
    if amount < charge["amount"]:
        release(call, charge, charge["amount"] - amount)
    return intent


def cancel(call: Call) -> Object:
    intent = call.load("payment_intent", call.path["id"], "intent")
    if intent["status"] not in (*OPEN, "requires_capture"):
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, "
            "requires_confirmation, requires_action, processing.", payment_intent=shown(intent),
        )  # fmt: skip
    return cancel_intent(call, intent, call.choice("cancellation_reason", REASONS))


def cancel_intent(call: Call, intent: Object, reason: str | None) -> Object:
    held = intent["status"] == "requires_capture"
    intent.update(
        status="canceled",
        canceled_at=call.store.now(),
        cancellation_reason=reason,
        amount_capturable=0,
        next_action=None,
    )
    call.store.save(intent)
    if held:
        lapsed = "expired_uncaptured_charge" if reason == "automatic" else None
        release(call, call.load("charge", intent["latest_charge"]), intent["amount"], lapsed)
    emit(call, "payment_intent.canceled", intent)
    return intent


def lapse(call: Call, intent: Object) -> None:
    """An authorization that nobody captured in seven days."""
    if intent["status"] == "requires_capture":
        charge = call.load("charge", intent["latest_charge"])
        cancel_intent(call, intent, "automatic")
        emit(call, "charge.expired", charge)


def list_all(call: Call) -> Object:
    wanted = {"customer": customer} if (customer := call.text("customer")) else {}
    return page(call, call.store.find(call.account, "payment_intent", **wanted), "/v1/payment_intents")


ROUTES = [
    Route("POST", "/v1/payment_intents", create, CREATING),
    Route("GET", "/v1/payment_intents", list_all, f"customer {CREATED}"),
    Route("GET", "/v1/payment_intents/{id}", lambda call: call.load_own("payment_intent"), public=True),
    Route("POST", "/v1/payment_intents/{id}", update, CHANGEABLE),
    Route(
        "POST", "/v1/payment_intents/{id}/confirm", confirm,
        f"off_session error_on_requires_action setup_future_usage receipt_email {CONFIRMING}", public=True,
    ),
    Route("POST", "/v1/payment_intents/{id}/capture", capture, "amount_to_capture metadata"),
    Route("POST", "/v1/payment_intents/{id}/cancel", cancel, "cancellation_reason"),
]  # fmt: skip
