"""Answers one request of `/v1/…`: key, version, route, parameters, idempotency, the work, and the answer as JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast.stripe_standin import (
    accounts,
    charges,
    checkout,
    customers,
    disputes,
    endpoints,
    events,
    idempotency,
    payment_intents,
    refunds,
    setup_intents,
)
from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.events import API_VERSION, shown
from holdfast.stripe_standin.idempotency import Remembered
from holdfast.stripe_standin.lists import expand
from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Store, new_id

ROOMS = (accounts, charges, checkout, customers, disputes, endpoints, events, payment_intents, refunds, setup_intents)
ROUTES: list[tuple[re.Pattern[str], Route]] = [
    (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path) + "$"), route)
    for room in ROOMS
    for route in room.ROUTES
]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    values: dict[str, Any]
    headers: Mapping[str, str]  # names in small letters
    base: str  # our own address


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def answer(store: Store, request: Request) -> Answer:
    """One transaction of the store: what is written is what was answered."""
    request_id = new_id("req", 14)
    headers = {"request-id": request_id, "stripe-version": API_VERSION}
    try:
        account, public = accounts.of_key(request.headers, request.values)
        _check_version(request)
        route, path = _route(request)
        if public and not route.public:
            raise accounts.wrong_key("This API call cannot be made with a publishable API key.")
        values = _parameters(request, route)
    except Refusal as refusal:
        return _refused(refusal, headers)
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    call = Call(store, account, request.base, values, path, public, request_id, key)
    headers |= {"idempotency-key": key} if key else {}
    try:
        before = key and idempotency.earlier(store, account, key, request.path, values)
    except Refusal as refusal:
        return _refused(refusal, headers)
    if before:
        replayed = {"idempotent-replayed": "true", "original-request": before.request}
        return Answer(before.status, before.body, headers | replayed)
    return _work(call, route, request.path, headers)


def _work(call: Call, route: Route, path: str, headers: dict[str, str]) -> Answer:
    try:
        with call.store.transaction():
            body = expand(call, shown(route.handler(call)))
            told = Answer(200, json.dumps(shown(body), indent=2), headers)
            for act in call.afterwards:
                act()
    except Refusal as refusal:
        told = _refused(refusal, headers)
        if not refusal.remembered:
            return told
    if call.idempotency_key:
        remembered = Remembered(told.status, told.body, call.request_id or "")
        idempotency.remember(call.store, call.account, call.idempotency_key, path, call.values, remembered)
    return told


def _refused(refusal: Refusal, headers: dict[str, str]) -> Answer:
    retry = "true" if refusal.status in {409, 429} else "false"
    return Answer(
        refusal.status, json.dumps({"error": refusal.error}, indent=2), headers | {"stripe-should-retry": retry}
    )


def _check_version(request: Request) -> None:
    wanted = request.headers.get("stripe-version", API_VERSION)
    if wanted != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {wanted}. This stand-in speaks {API_VERSION}.", remembered=False)


def _route(request: Request) -> tuple[Route, dict[str, str]]:
    for pattern, route in ROUTES:
        if route.method == request.method and (found := pattern.match(request.path)):
            return route, found.groupdict()
    raise Refusal(
        f"Unrecognized request URL ({request.method}: {request.path}). This stand-in knows a part of Stripe's API.",
        status=404, remembered=False,
    )  # fmt: skip


def _parameters(request: Request, route: Route) -> dict[str, Any]:
    values = {name: value for name, value in request.values.items() if name not in {"key", "_stripe_version"}}
    allowed = {*route.allowed.split(), "expand", "client_secret"}
    for name in values:
        if name not in allowed:
            raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name, remembered=False)
    return values


def tick(store: Store, base: str) -> None:
    """Do what time brings: sessions expire, authorizations lapse."""
    for identifier in store.due():
        found = store.anywhere(identifier)
        if found is None:
            continue
        account, body = found
        call = Call(store, account, base, {})
        with store.transaction():
            if body["object"] == "checkout.session":
                checkout.lapse(call, body)
            else:
                payment_intents.lapse(call, body)
