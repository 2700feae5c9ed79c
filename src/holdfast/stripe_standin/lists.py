"""Lists in Stripe's way: newest first, a page at a time, filtered by when things were made; and `expand`."""

from typing import Any

from holdfast.stripe_standin.calls import Call
from holdfast.stripe_standin.refusals import no_such, wrong_parameter
from holdfast.stripe_standin.store import Object

PAGE = "limit starting_after ending_before"
CREATED = f"created {PAGE}"
DEEPEST = 4
KINDS = {
    "ch": "charge",
    "cs": "checkout.session",
    "cus": "customer",
    "dp": "dispute",
    "evt": "event",
    "pi": "payment_intent",
    "pm": "payment_method",
    "re": "refund",
    "seti": "setup_intent",
    "txn": "balance_transaction",
}


def page(call: Call, found: list[Object], url: str) -> Object:
    """One page of `found`, which is newest first. `limit` is 1 to 100, 10 unless told."""
    limit = call.whole("limit")
    if limit is not None and not 1 <= limit <= 100:
        raise wrong_parameter("limit", "This value must be between 1 and 100.", "parameter_invalid_integer")
    rows = [each for each in found if _made_then(call, each)]
    ids = [each["id"] for each in rows]
    if after := call.text("starting_after"):
        rows = rows[_place(ids, after, "starting_after") + 1 :]
        rows, more = rows[: limit or 10], len(rows) > (limit or 10)
    elif before := call.text("ending_before"):
        rows = rows[: _place(ids, before, "ending_before")]
        rows, more = rows[-(limit or 10) :], len(rows) > (limit or 10)
    else:
        rows, more = rows[: limit or 10], len(rows) > (limit or 10)
    return {"object": "list", "data": rows, "has_more": more, "url": url}


def _place(ids: list[str], identifier: str, param: str) -> int:
    if identifier not in ids:
        raise no_such(KINDS.get(identifier.split("_")[0], "object"), identifier, param)
    return ids.index(identifier)


def _made_then(call: Call, body: Object) -> bool:
    """`created=…` exactly, or `created[gte|gt|lte|lt]=…`, Unix seconds."""
    wanted = call.values.get("created")
    if wanted is None:
        return True
    bounds = wanted if isinstance(wanted, dict) else {"": wanted}
    made = body["created"]
    compare = {
        "": lambda at: made == at,
        "gte": lambda at: made >= at,
        "gt": lambda at: made > at,
        "lte": lambda at: made <= at,
        "lt": lambda at: made < at,
    }
    try:
        return all(compare[name](int(at)) for name, at in bounds.items())
    except (KeyError, ValueError):
        raise wrong_parameter("created", f"Invalid created: {wanted}") from None


def expand(call: Call, body: Object) -> Object:
    """Put objects where their ids stand, as `expand[]` asks: `latest_charge.balance_transaction`, `data.customer`."""
    for path in call.values.get("expand") or []:
        parts = str(path).split(".")
        if len(parts) > DEEPEST:
            raise wrong_parameter(
                "expand", "You cannot expand more than 4 levels of a property.", "property_expansion_max_depth"
            )
        _expand(call, body, parts, str(path))
    return body


def _expand(call: Call, body: Any, parts: list[str], path: str) -> None:
    if isinstance(body, list):
        for each in body:
            _expand(call, each, parts, path)
        return
    name, *more = parts
    if not isinstance(body, dict) or (name not in body and not _lists_refunds(body, name)):
        raise wrong_parameter("expand", f"This property cannot be expanded ({path}).")
    if _lists_refunds(body, name):
        found = call.store.find(call.account, "refund", charge=body["id"])
        url = f"/v1/charges/{body['id']}/refunds"
        body[name] = {"object": "list", "data": found[:10], "has_more": len(found) > 10, "url": url}
    value = body[name]
    if isinstance(value, str):
        kind = KINDS.get(value.split("_")[0])
        body[name] = value = kind and call.store.get(call.account, kind, value)
    if more and value is not None:
        _expand(call, value, more, path)


def _lists_refunds(body: Object, name: str) -> bool:
    return name == "refunds" and body.get("object") == "charge"
