"""Refunds: money given back, and authorizations released, which Stripe also records as refunds."""

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.cards import BY_NUMBER
from holdfast.stripe_standin.charges import balance
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.lists import CREATED, page
from holdfast.stripe_standin.refusals import Refusal, missing_parameter, unexpected_state, wrong_parameter
from holdfast.stripe_standin.store import Object, new_id

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(call: Call) -> Object:
    charge = _charge(call)
    left = charge["amount_captured"] - _given_back(call, charge)
    amount = call.whole("amount")
    disputes = call.store.find(call.account, "dispute", charge=charge["id"])
    if any(each["status"] != "won" for each in disputes):
        raise Refusal(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left <= 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is not None and amount < 1:
        raise wrong_parameter("amount", "This value must be greater than or equal to 1.", "parameter_invalid_integer")
    if amount is not None and amount > left:
        raise Refusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount",
            code="amount_too_large",
        )  # fmt: skip
    refund = _record(call, charge, amount or left, call.choice("reason", REASONS), moves_money=True)
    refund["metadata"] = call.metadata()
    call.store.save(refund)
    _tell(call, charge, refund)
    return refund


def _charge(call: Call) -> Object:
    if identifier := call.text("payment_intent"):
        intent = call.load("payment_intent", identifier, "payment_intent")
        if intent["status"] == "requires_capture":
            raise unexpected_state(
                f"This PaymentIntent ({identifier}) has a status of requires_capture: cancel it to release the funds."
            )
        if intent["status"] != "succeeded" or not intent["latest_charge"]:
            raise unexpected_state(f"This PaymentIntent ({identifier}) does not have a successful charge to refund.")
        return call.load("charge", intent["latest_charge"])
    if identifier := call.text("charge"):
        return call.load("charge", identifier, "charge")
    raise missing_parameter("payment_intent")


def _given_back(call: Call, charge: Object) -> int:
    refunds = call.store.find(call.account, "refund", charge=charge["id"])
    return sum(
        each["amount"] for each in refunds if each["_moves_money"] and each["status"] in {"succeeded", "pending"}
    )


def _record(call: Call, charge: Object, amount: int, reason: str | None, *, moves_money: bool) -> Object:
    pending = moves_money and BY_NUMBER[charge["_number"]].refunds == "pending"
    refund: Object = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.store.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number",
                     "type": "refund" if moves_money else "reversal"},
            "type": "card",
        },
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if pending else "succeeded",
        "transfer_reversal": None,
        "_moves_money": moves_money,
    }  # fmt: skip
    call.store.add(call.account, refund)
    if moves_money:
        refund["balance_transaction"] = balance(
            call, kind="refund", amount=-amount, currency=charge["currency"], source=refund["id"]
        )
        call.store.save(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.save(charge)
    return refund


def release(call: Call, charge: Object, amount: int, reason: str | None = None) -> None:
    """Let go of authorized money that was never taken. Stripe shows it as a refund without a balance transaction."""
    refund = _record(call, charge, amount, reason, moves_money=False)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge)


def _tell(call: Call, charge: Object, refund: Object) -> None:
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge)
    outcome = BY_NUMBER[charge["_number"]].refunds
    if outcome:
        call.afterwards.append(lambda: _end(call, refund["id"], failed=outcome == "failing"))


def _end(call: Call, identifier: str, *, failed: bool) -> None:
    """What the bank says later: the money arrived, or it came back."""
    refund = call.load("refund", identifier)
    before = shown(refund)
    refund["status"] = "failed" if failed else "succeeded"
    if failed:
        charge = call.load("charge", refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        call.store.save(charge)
        refund["failure_reason"] = "expired_or_canceled_card"
        refund["failure_balance_transaction"] = balance(
            call, kind="refund_failure", amount=refund["amount"], currency=refund["currency"], source=refund["id"]
        )
    call.store.save(refund)
    emit(call, "refund.updated", refund, before)
    if failed:
        emit(call, "refund.failed", refund)


def update(call: Call) -> Object:
    refund = call.load("refund", call.path["id"])
    before = shown(refund)
    call.keep(refund)
    emit(call, "refund.updated", refund, before)
    return call.store.save(refund)


def list_all(call: Call) -> Object:
    wanted = {name: value for name in ("payment_intent", "charge") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "refund", **wanted), "/v1/refunds")


ROUTES = [
    Route("POST", "/v1/refunds", create, "payment_intent charge amount reason metadata"),
    Route("GET", "/v1/refunds", list_all, f"payment_intent charge {CREATED}"),
    Route("GET", "/v1/refunds/{id}", lambda call: call.load("refund", call.path["id"])),
    Route("POST", "/v1/refunds/{id}", update, "metadata"),
]
