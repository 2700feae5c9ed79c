"""The event log: what happened, as the object looked then, and to which endpoints it is owed."""

import copy
from fnmatch import fnmatchcase
from typing import Any

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.lists import page
from holdfast.stripe_standin.store import Object, new_id

# The one version of the API this stand-in speaks: that of the locked SDK.
API_VERSION = "2026-10-28.endive"


def shown(value: Any) -> Any:
    """A copy without what Stripe knows and does not show."""
    if isinstance(value, dict):
        return {name: shown(each) for name, each in value.items() if not name.startswith("_")}
    if isinstance(value, list):
        return [shown(each) for each in value]
    return copy.copy(value)


def emit(call: Call, kind: str, body: Object, before: Object | None = None) -> None:
    """Record that this happened, and owe it to every endpoint of the account that listens for it."""
    endpoints = [
        each
        for each in call.store.find(call.account, "webhook_endpoint")
        if each["status"] == "enabled" and (kind in each["enabled_events"] or "*" in each["enabled_events"])
    ]
    data: Object = {"object": shown(body)}
    data["object"].pop("client_secret", None) if kind.startswith("charge") else None
    if before is not None:
        data["previous_attributes"] = {
            name: each for name, each in shown(before).items() if data["object"].get(name) != each
        }
    event = {
        "id": new_id("evt"),
        "object": "event",
        "account": None,
        "api_version": API_VERSION,
        "context": None,
        "created": call.store.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": kind,
    }
    call.store.add(call.account, event)
    for endpoint in endpoints:
        call.store.database.execute(
            "INSERT INTO delivery (account, event, endpoint, due) VALUES (?, ?, ?, ?)",
            [call.account, event["id"], endpoint["id"], call.store.moment()],
        )


def retrieve(call: Call) -> Object:
    return call.load("event", call.path["id"])


def list_all(call: Call) -> Object:
    kinds = call.values.get("types") or ([call.values["type"]] if call.values.get("type") else [])
    found = call.store.find(call.account, "event")
    wanted = [each for each in found if not kinds or any(fnmatchcase(each["type"], kind) for kind in kinds)]
    return page(call, wanted, "/v1/events")


ROUTES = [
    Route("GET", "/v1/events", list_all, "type types created limit starting_after ending_before"),
    Route("GET", "/v1/events/{id}", retrieve),
]
