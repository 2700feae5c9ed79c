"""Webhook endpoints, and the signed deliveries that are owed to them."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.events import API_VERSION, shown
from holdfast.stripe_standin.lists import PAGE, page
from holdfast.stripe_standin.refusals import missing_parameter
from holdfast.stripe_standin.store import Object, Store, new_id

TIMEOUT_SECONDS = 10
# How long after a failed attempt the next one follows; Stripe's first ones are not so quick.
RETRY_SECONDS = (1, 5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)


def create(call: Call) -> Object:
    events = call.values.get("enabled_events")
    if not isinstance(events, list):
        raise missing_parameter("enabled_events")
    secret = new_id("whsec", 32)
    body = {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": call.store.now(),
        "description": call.text("description"),
        "enabled_events": events,
        "livemode": False,
        "metadata": call.metadata(),
        "status": "enabled",
        "url": call.needed("url"),
        "_secrets": [[secret, None]],
    }
    call.store.add(call.account, body)
    return {**body, "secret": secret}  # said once, when it is made


def update(call: Call) -> Object:
    body = call.load("webhook_endpoint", call.path["id"])
    if "url" in call.values:
        body["url"] = call.needed("url")
    if isinstance(events := call.values.get("enabled_events"), list):
        body["enabled_events"] = events
    if "disabled" in call.values:
        body["status"] = "disabled" if call.flag("disabled") else "enabled"
    call.keep(body)
    return call.store.save(body)


def delete(call: Call) -> Object:
    body = call.load("webhook_endpoint", call.path["id"])
    call.store.remove(body["id"])
    return {"id": body["id"], "object": "webhook_endpoint", "deleted": True}


def roll_secret(store: Store, identifier: str, overlap_seconds: int) -> str:
    """As in Stripe's dashboard: a new secret; the old one signs too, until the overlap ends."""
    found = store.anywhere(identifier)
    if found is None:
        raise LookupError(identifier)
    body, secret = found[1], new_id("whsec", 32)
    until = store.now() + overlap_seconds
    body["_secrets"] = [[secret, None], *[[old, until] for old, end in body["_secrets"] if end is None]]
    store.save(body)
    return secret


def signature(secrets: list[str], payload: bytes, at: int) -> str:
    """`t=…,v1=…`, one v1 for each secret (docs.stripe.com/webhooks/signature)."""
    signed = f"{at}.".encode() + payload
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={at}", *marks])


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to make: everything that a thread without the store needs."""

    seq: int
    event: str
    kind: str
    url: str
    payload: bytes
    signature: str

    def send(self) -> int | None:
        """The status that came back; None when nobody answered in time."""
        parts = urlsplit(self.url)
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": self.signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            connection.request("POST", parts.path or "/", self.payload, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()


def owed(store: Store, *, also_later: bool = False) -> list[Delivery]:
    """What is due, oldest first; `also_later`: whatever has not arrived yet."""
    rows = store.database.execute(
        "SELECT seq, event, endpoint FROM delivery WHERE NOT done AND (due <= ? OR ?) ORDER BY due, seq",
        [store.moment(), also_later],
    ).fetchall()
    found = [_delivery(store, *row) for row in rows]
    return [each for each in found if each is not None]


def _delivery(store: Store, seq: int, event_id: str, endpoint_id: str) -> Delivery | None:
    event, endpoint = store.anywhere(event_id), store.anywhere(endpoint_id)
    if event is None or endpoint is None or endpoint[1]["status"] != "enabled":
        store.database.execute("UPDATE delivery SET done = 1 WHERE seq = ?", [seq])
        return None
    now = store.now()
    secrets = [secret for secret, until in endpoint[1]["_secrets"] if until is None or until > now]
    payload = json.dumps(shown(event[1]), indent=2).encode()
    return Delivery(seq, event_id, event[1]["type"], endpoint[1]["url"], payload, signature(secrets, payload, now))


def note(store: Store, delivery: Delivery, status: int | None) -> None:
    """Remember how it went: done, or again later."""
    arrived = status is not None and 200 <= status < 300
    row = store.database.execute("SELECT attempts FROM delivery WHERE seq = ?", [delivery.seq]).fetchone()
    attempts = row[0] + 1
    given_up = attempts > len(RETRY_SECONDS)
    wait = 0 if arrived or given_up else RETRY_SECONDS[attempts - 1]
    store.database.execute(
        "UPDATE delivery SET attempts = ?, status = ?, done = ?, due = ? WHERE seq = ?",
        [attempts, status, arrived or given_up, store.moment() + wait, delivery.seq],
    )
    found = store.anywhere(delivery.event)
    if arrived and found:
        store.save({**found[1], "pending_webhooks": max(0, found[1]["pending_webhooks"] - 1)})


def list_all(call: Call) -> Object:
    return page(call, call.store.find(call.account, "webhook_endpoint"), "/v1/webhook_endpoints")


ROUTES = [
    Route("POST", "/v1/webhook_endpoints", create, "url enabled_events description metadata api_version"),
    Route("GET", "/v1/webhook_endpoints", list_all, PAGE),
    Route("GET", "/v1/webhook_endpoints/{id}", lambda call: call.load("webhook_endpoint", call.path["id"])),
    Route("POST", "/v1/webhook_endpoints/{id}", update, "url enabled_events description metadata disabled"),
    Route("DELETE", "/v1/webhook_endpoints/{id}", delete),
]
