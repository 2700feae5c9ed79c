"""Setup intents: a card kept for later, with its owner's consent and, if the bank wants, after authentication."""

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.customers import attach, card_of
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
)
from holdfast.stripe_standin.lists import CREATED, page
from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Object, new_id

CREATING = (
    f"customer description metadata usage payment_method_types automatic_payment_methods payment_method_options "
    f"confirm {CONFIRMING}"
)
REASONS = ("abandoned", "duplicate", "requested_by_customer")


def _refused(message: str, intent: Object) -> Refusal:
    return Refusal(message, code="setup_intent_unexpected_state", setup_intent=shown(intent))


def create(call: Call) -> Object:
    intent = new_intent(call, "setup_intent", "seti") | {
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "mandate": None,
        "single_use_mandate": None,
        "usage": call.choice("usage", ("off_session", "on_session"), "off_session"),
    }
    return begin(call, intent, confirm_intent)


def confirm(call: Call) -> Object:
    return confirm_intent(call, call.load_own("setup_intent"))


def confirm_intent(call: Call, intent: Object) -> Object:
    if intent["status"] not in OPEN:
        raise _refused(
            f"You cannot confirm this SetupIntent because it has a status of {intent['status']}. Only a SetupIntent "
            "with one of the following statuses may be confirmed: requires_confirmation, requires_action, "
            "requires_payment_method.", intent,
        )  # fmt: skip
    method = name_method(call, intent)
    if method is None:
        raise _refused("You cannot confirm this SetupIntent because it's missing a payment method.", intent)
    check_return_url(call, intent)
    intent["latest_attempt"] = new_id("setatt")
    if card_of(method).authentication:
        ask_for_authentication(call, intent)
        call.store.save(intent)
        emit(call, "setup_intent.requires_action", intent)
        return intent
    return attempt(call, intent, method)


def attempt(call: Call, intent: Object, method: Object) -> Object:
    if decline := card_of(method).declines:
        refused = card_error(decline, method, intent)
        error = last_error("card_error", refused.error["code"], refused.error["message"], method, decline)
        _fail(call, intent, error)
        raise card_error(decline, method, intent)
    intent.update(status="succeeded", next_action=None, last_setup_error=None)
    method["_set_up"] = True
    call.store.save(method)
    if intent["customer"]:
        attach(call, method, intent["customer"])
    call.store.save(intent)
    emit(call, "setup_intent.succeeded", intent)
    return intent


def _fail(call: Call, intent: Object, error: Object) -> None:
    intent.update(status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=error)
    call.store.save(intent)
    emit(call, "setup_intent.setup_failed", intent)


def authenticated(call: Call, intent: Object, *, passed: bool) -> Object:
    """The bank has seen its customer, or not."""
    method = call.load("payment_method", intent["payment_method"])
    if passed:
        return attempt(call, intent, method)
    code = "setup_intent_authentication_failure"
    _fail(call, intent, last_error("invalid_request_error", code, FAILED_AUTHENTICATION, method))
    return intent


def update(call: Call) -> Object:
    intent = call.load("setup_intent", call.path["id"], "intent")
    if "customer" in call.values:
        intent["customer"] = call.load("customer", call.needed("customer"), "customer")["id"]
    name_method(call, intent)
    call.keep(intent)
    return call.store.save(intent)


def cancel(call: Call) -> Object:
    intent = call.load("setup_intent", call.path["id"], "intent")
    if intent["status"] not in OPEN:
        raise _refused(f"You cannot cancel this SetupIntent because it has a status of {intent['status']}.", intent)
    intent.update(status="canceled", cancellation_reason=call.choice("cancellation_reason", REASONS), next_action=None)
    emit(call, "setup_intent.canceled", intent)
    return call.store.save(intent)


def list_all(call: Call) -> Object:
    wanted = {name: value for name in ("customer", "payment_method") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "setup_intent", **wanted), "/v1/setup_intents")


ROUTES = [
    Route("POST", "/v1/setup_intents", create, CREATING),
    Route("GET", "/v1/setup_intents", list_all, f"customer payment_method {CREATED}"),
    Route("GET", "/v1/setup_intents/{id}", lambda call: call.load_own("setup_intent"), public=True),
    Route("POST", "/v1/setup_intents/{id}", update, "customer description metadata payment_method payment_method_data"),
    Route("POST", "/v1/setup_intents/{id}/confirm", confirm, CONFIRMING, public=True),
    Route("POST", "/v1/setup_intents/{id}/cancel", cancel, "cancellation_reason"),
]
