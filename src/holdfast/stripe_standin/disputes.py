"""Disputes: a bank takes money back until somebody proves that it was owed."""

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.charges import balance
from holdfast.stripe_standin.events import emit, shown
from holdfast.stripe_standin.lists import CREATED, page
from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Object, new_id

FEE = 1500  # minor units
EVIDENCE_SECONDS = 9 * 24 * 3600
OPEN = ("needs_response", "under_review")
_FIELDS = """
access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal
customer_communication customer_email_address customer_name customer_purchase_ip customer_signature
duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt
refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation shipping_address
shipping_carrier shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text
"""
EVIDENCE = tuple(_FIELDS.split())


def dispute(call: Call, charge_id: str, reason: str) -> Object:
    """The card's owner disputes a charge: its money and a fee are taken from the balance."""
    charge = call.load("charge", charge_id)
    now, amount = call.store.now(), charge["amount_captured"] - charge["amount_refunded"]
    body: Object = {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge_id,
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + EVIDENCE_SECONDS, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": charge["payment_method_details"]["card"]["brand"], "case_type": "chargeback",
                     "network": charge["payment_method_details"]["card"]["network"], "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }  # fmt: skip
    call.store.add(call.account, body)
    charge["disputed"] = True
    call.store.save(charge)
    emit(call, "charge.dispute.created", body)
    _move(call, body, -amount, FEE)
    emit(call, "charge.dispute.funds_withdrawn", body)
    return body


def _move(call: Call, body: Object, amount: int, fee: int) -> None:
    identifier = balance(call, kind="adjustment", amount=amount, currency=body["currency"], source=body["id"], fee=fee)
    body["balance_transactions"].append(shown(call.load("balance_transaction", identifier)))
    call.store.save(body)


def update(call: Call) -> Object:
    """Hand in evidence. `uncategorized_text` decides as in Stripe's test mode: winning_evidence, losing_evidence."""
    body = _open(call)
    before = shown(body)
    call.keep(body)
    evidence = call.mapping("evidence")
    body["evidence"].update({name: each for name, each in evidence.items() if name in EVIDENCE})
    body["evidence_details"]["has_evidence"] = any(body["evidence"][name] for name in EVIDENCE)
    if evidence and call.flag("submit", default=True):
        body["evidence_details"]["submission_count"] += 1
        body["evidence_details"]["submission_method"] = "manual"
        body["status"] = "under_review"
    call.store.save(body)
    emit(call, "charge.dispute.updated", body, before)
    said = body["evidence"]["uncategorized_text"]
    if body["status"] == "under_review" and said in {"winning_evidence", "losing_evidence"}:
        call.afterwards.append(lambda: end(call, body["id"], won=said == "winning_evidence"))
    return body


def close(call: Call) -> Object:
    body = _open(call)
    return end(call, body["id"], won=False)


def _open(call: Call) -> Object:
    body = call.load("dispute", call.path["id"])
    if body["status"] not in OPEN:
        raise Refusal("This dispute is already closed.", code="dispute_closed")
    return body


def end(call: Call, identifier: str, *, won: bool) -> Object:
    """The bank decides; a won dispute brings the money back, and the fee stays gone."""
    body = call.load("dispute", identifier)
    body["status"] = "won" if won else "lost"
    call.store.save(body)
    emit(call, "charge.dispute.closed", body)
    if won:
        _move(call, body, body["amount"], 0)
        emit(call, "charge.dispute.funds_reinstated", body)
    return body


def list_all(call: Call) -> Object:
    wanted = {name: value for name in ("payment_intent", "charge") if (value := call.text(name))}
    return page(call, call.store.find(call.account, "dispute", **wanted), "/v1/disputes")


ROUTES = [
    Route("GET", "/v1/disputes", list_all, f"payment_intent charge {CREATED}"),
    Route("GET", "/v1/disputes/{id}", lambda call: call.load("dispute", call.path["id"])),
    Route("POST", "/v1/disputes/{id}", update, "evidence submit metadata"),
    Route("POST", "/v1/disputes/{id}/close", close),
]
