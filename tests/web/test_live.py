"""The browser's listener comes back where it was, falls back to the other transport, and takes no for an answer."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
# Waits are as long as chance says, so chance is told.
OPEN = """async ([options, until]) => {
    const { Live } = await import("/static/web/live.js");
    Math.random = () => 0.01;
    const live = new Live("/api/v1/salon/events?service=massage", options), heard = [];
    live.addEventListener("lost", () => heard.push("lost"));
    const done = new Promise((found) => {
        const look = (last) => {
            const { state, transport, lastEventId, latency, reconnects } = live;
            if (last !== until && state !== until) return;
            found({ heard, state, transport, lastEventId, latency: latency !== null, reconnects });
        };
        live.addEventListener("envelope", ({ detail }) => { heard.push(detail.kind); look(detail.kind); });
        live.addEventListener("change", () => look(null));
    });
    live.open();
    return done.finally(() => live.close());
}"""
HELLO = {"heartbeat_seconds": 15, "lifetime_seconds": 900, "scope": "public"}
AT = "2026-03-12T09:00:00+00:00"


def envelope(number: int, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": number, "kind": kind, "at": AT, "data": data}


def streaming(page: Page, *answers: list[dict[str, Any]] | tuple[int, str]) -> list[str | None]:
    """Streams that end, or refusals, in turn; which last event each request named."""
    named: list[str | None] = []

    def answer(route: Route) -> None:
        found = answers[min(len(named), len(answers) - 1)]
        named.append(parse_qs(urlsplit(route.request.url).query).get("last_event_id", [None])[0])
        if isinstance(found, tuple):
            route.fulfill(status=found[0], content_type="application/problem+json", body=json.dumps({"code": found[1]}))
            return
        pieces = [f"id: {each['id']}\nevent: {each['kind']}\ndata: {json.dumps(each)}\n\n" for each in found]
        route.fulfill(content_type="text/event-stream", body="".join(pieces))

    page.route("**/api/v1/salon/events*", answer)
    return named


def test_it_comes_back_with_the_last_id_it_heard(show: Show) -> None:
    page = show(EMPTY)
    first = [envelope(7, "hello", **HELLO), envelope(9, "availability-updated", dates=None)]
    named = streaming(page, first, [envelope(9, "hello", **HELLO), envelope(12, "booking-confirmed")])
    found = page.evaluate(OPEN, [{}, "booking-confirmed"])
    assert named == [None, "9"]
    assert found["heard"] == ["hello", "availability-updated", "hello", "booking-confirmed"]
    assert (found["lastEventId"], found["transport"], found["reconnects"]) == (12, "sse", 1)
    assert found["latency"]


def test_who_may_not_listen_does_not_ask_again_and_who_comes_too_late_begins_anew(show: Show) -> None:
    page = show(EMPTY)
    named = streaming(page, (422, "unknown_event"), (404, "not_found"))
    found = page.evaluate(OPEN, [{"lastEventId": 5}, "refused"])
    assert named == ["5", None]
    assert (found["heard"], found["state"], found["lastEventId"]) == (["lost"], "refused", None)


def test_where_one_transport_says_nothing_the_other_is_tried(show: Show) -> None:
    page = show(EMPTY)
    named = streaming(page, [])
    sockets: list[str] = []

    def answer(socket: Any) -> None:
        sockets.append(socket.url)
        socket.send(json.dumps(envelope(3, "hello", **HELLO)))

    page.route_web_socket("**/api/v1/salon/ws*", answer)
    found = page.evaluate(OPEN, [{"lastEventId": 3}, "hello"])
    assert named == ["3", "3"]
    assert (found["transport"], found["heard"], found["state"]) == ("ws", ["hello"], "open")
    assert [urlsplit(each)._replace(netloc="").geturl() for each in sockets] == [
        "ws:///api/v1/salon/ws?service=massage&last_event_id=3"
    ]
