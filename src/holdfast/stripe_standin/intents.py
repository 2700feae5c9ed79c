"""What payment intents and setup intents have in common: method, authentication, confirmation."""

from collections.abc import Callable
from typing import Any

from holdfast.stripe_standin.calls import Call
from holdfast.stripe_standin.cards import DECLINES, Card
from holdfast.stripe_standin.customers import method_for
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.refusals import Refusal, wrong_parameter
from holdfast.stripe_standin.store import Object, new_id

CONFIRMING = "payment_method payment_method_data return_url mandate_data use_stripe_sdk client_secret"
Confirm = Callable[[Call, Object], Object]
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
FAILED_AUTHENTICATION = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod "
    "to attempt to fulfill this PaymentIntent again."
)


def new_intent(call: Call, kind: str, prefix: str) -> Object:
    """The fields both have."""
    identifier = new_id(prefix)
    methods = call.values.get("payment_method_types")
    automatic = call.mapping("automatic_payment_methods")
    if methods and automatic.get("enabled") == "true":
        raise wrong_parameter(
            "automatic_payment_methods", "You may only specify one of these parameters: automatic_payment_methods, "
            "payment_method_types."
        )  # fmt: skip
    redirects = automatic.get("allow_redirects", "always")
    if redirects not in {"always", "never"}:
        raise wrong_parameter("automatic_payment_methods[allow_redirects]", "must be one of always or never")
    return {
        "id": identifier,
        "object": kind,
        "application": None,
        "automatic_payment_methods": None if methods else {"allow_redirects": redirects, "enabled": True},
        "cancellation_reason": None,
        "client_secret": new_id(f"{identifier}_secret", 25),
        "created": call.store.now(),
        "customer": _customer(call),
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": call.mapping("payment_method_options") or {},
        "payment_method_types": methods or ["card"],
        "status": "requires_payment_method",
    }


def begin(call: Call, intent: Object, confirm: Confirm) -> Object:
    """Store a new intent and tell of it; confirmed at once if the request says so."""
    call.keep(intent)
    name_method(call, intent)
    call.store.add(call.account, intent)
    emit(call, f"{intent['object']}.created", intent)
    return confirm(call, intent) if call.flag("confirm") else intent


def _customer(call: Call) -> str | None:
    identifier = call.text("customer")
    return call.load("customer", identifier, "customer")["id"] if identifier else None


def name_method(call: Call, intent: Object) -> Object | None:
    """Take the payment method that the request names, or the one the intent has; None for none."""
    method = method_for(call, intent["customer"])
    if method is None and intent["payment_method"]:
        return call.load("payment_method", intent["payment_method"])
    if method is not None:
        intent["payment_method"] = method["id"]
        if intent["status"] == "requires_payment_method":
            intent["status"] = "requires_confirmation"
    return method


def check_return_url(call: Call, intent: Object) -> None:
    """Methods that might redirect need somewhere to come back to; Stripe's script always says where."""
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic["allow_redirects"] == "always" and not (call.public or call.text("return_url")):
        kind = "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
        raise Refusal(
            f"This {kind} is configured to accept payment methods enabled in your Dashboard. Because some of these "
            "payment methods might redirect your customer off of your page, you must provide a `return_url`. If you "
            "don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` "
            "and `automatic_payment_methods[allow_redirects]` to `never`.", param="return_url",
        )  # fmt: skip


def wants_authentication(card: Card, method: Object, *, off_session: bool) -> bool:
    """`once` is satisfied by an earlier set-up, but only for payments its owner is not there for."""
    return card.authentication == "always" or (
        card.authentication == "once" and not (off_session and method["_set_up"])
    )


def ask_for_authentication(call: Call, intent: Object) -> None:
    """The bank wants to see its customer: by Stripe's script, or by a redirect."""
    intent["status"] = "requires_action"
    url = f"{call.base}/authenticate/{intent['client_secret']}"
    return_url = call.text("return_url")
    if call.public or call.flag("use_stripe_sdk") or not return_url:
        details: Any = {"type": "three_d_secure_redirect", "stripe_js": url, "source": new_id("src")}
        intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": details}
    else:
        intent["next_action"] = {
            "type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url},
        }  # fmt: skip
    intent["_return_url"] = return_url


def card_error(decline: str, method: Object, intent: Object, **more: Any) -> Refusal:
    """The 402 of a card that was tried in vain; what it left behind stays. `intent` is shown as it is by now."""
    code, message = DECLINES[decline]
    return Refusal(
        message,
        status=402,
        kind="card_error",
        commits=True,
        code=code,
        decline_code=decline if code in {"card_declined", "authentication_required"} else None,
        payment_method=shown(method),
        **{intent["object"]: shown(intent)},
        **more,
    )


def last_error(kind: str, code: str, message: str, method: Object, decline: str = "", charge: str = "") -> Object:
    """What an intent remembers of its last failure."""
    found = {"type": kind, "code": code, "message": message, "payment_method": shown(method)}
    found |= {"decline_code": decline} if decline else {}
    return found | ({"charge": charge} if charge else {})
