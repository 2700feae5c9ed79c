"""Bookings that wait on a device: tried again with patience, by one sender, and once."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
ADD = """async (given) => {
    const { hold = null, mayDropHold = false, at = "2100-01-01T10:00:00Z" } = given ?? {};
    const { add } = await import("/static/device/queue.js");
    const body = { service: "massage", starts_at: at, customer: { name: "Ana" }, ...(hold ? { hold } : {}) };
    const summary = { service: "Massage", starts_at: at, zone: "UTC" };
    return add("salon", { body, summary, locale: "fr", mayDropHold });
}"""
FLUSH = """async (options) => {
    const { flush } = await import("/static/device/sender.js");
    return flush("salon", options ?? {});
}"""
ASK = """async (startsAt) => {
    const { ask, items } = await import("/static/device/queue.js");
    await ask("salon", (await items("salon"))[0], startsAt);
}"""
STATE = """async () => {
    while (!window.kept) await new Promise((go) => setTimeout(go, 20));
    return window.kept[0].state;
}"""
BOOKED = (201, {"reference": "SA-1", "state": "confirmed", "manage_url": "http://holdfast.localhost/salon/manage/x/"})


def answering(page: Page, *answers: tuple[int, dict[str, Any]] | None) -> list[tuple[dict[str, str], Any]]:
    """Answers what is sent in turn, None by hanging up: the headers and bodies that came, from all tabs."""
    seen: list[tuple[dict[str, str], Any]] = []

    def answer(route: Route) -> None:
        if route.request.method == "GET":  # whether we can be reached: not of any booking
            return route.fulfill(status=200, headers={"Content-Type": "application/json"}, body="{}")
        seen.append((route.request.headers, route.request.post_data_json))
        given = answers[min(len(seen), len(answers)) - 1]
        if given is None:
            return route.abort()
        kind = "application/json" if given[0] < 400 else "application/problem+json"
        return route.fulfill(status=given[0], headers={"Content-Type": kind}, body=json.dumps(given[1]))

    page.context.route("**/api/**", answer)
    return seen


def keys(seen: list[tuple[dict[str, str], Any]]) -> list[str]:
    return [headers["idempotency-key"] for headers, _body in seen]


def test_each_wait_is_twice_the_last_half_of_it_by_chance_up_to_half_an_hour(show: Show) -> None:
    page = show(EMPTY)
    waits = page.evaluate("""import("/static/device/queue.js").then(({ backoff }) =>
        [1, 2, 3, 9, 10, 40].map((attempts) => [0, 1].map((chance) => backoff(attempts, 0, () => chance))))""")
    assert waits == [
        [2000, 4000],
        [4000, 8000],
        [8000, 16_000],
        [512_000, 1_024_000],
        [900_000, 1_800_000],
        [900_000, 1_800_000],
    ]
    wished = page.evaluate("import('/static/device/queue.js').then(({ backoff }) => backoff(1, 60, () => 0))")
    assert wished == 60_000


def test_what_was_sent_leaves_the_device_and_its_reference_stays(show: Show) -> None:
    page = show(EMPTY)
    item = page.evaluate(ADD)
    seen = answering(page, BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["reference"], kept["body"]) == ("sent", "SA-1", None)
    assert "manage" not in json.dumps(kept)
    ((headers, body),) = seen
    assert (headers["idempotency-key"], headers["accept-language"]) == (item["key"], "fr")
    assert body["customer"] == {"name": "Ana"}


def test_a_lost_connection_is_waited_out_and_the_key_stays_the_same(show: Show) -> None:
    page = show(EMPTY)
    item = page.evaluate(ADD)
    seen = answering(page, None, (503, {"code": "busy"}), BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["attempts"], kept["lastError"]["code"]) == ("waiting", 1, "offline")
    assert kept["nextAttemptAt"] - kept["lastTryAt"] >= 2000
    page.evaluate(FLUSH)
    assert len(seen) == 1  # its time has not come
    (kept,) = page.evaluate(FLUSH, {"all": True})  # the connection is back
    assert (kept["attempts"], kept["lastError"]["code"]) == (2, "busy")
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert kept["state"] == "sent"
    assert keys(seen) == [item["key"]] * 3


def test_what_another_answers_in_our_place_is_no_booking(show: Show) -> None:
    """A proxy that has lost us, and the network of a hotel that wants to be signed in to."""
    page = show(EMPTY)
    page.evaluate(ADD)
    seen = answering(page, (502, {}), (504, {}), (200, {}), BOOKED)
    for attempt in (1, 2, 3):
        (kept,) = page.evaluate(FLUSH, {"all": True})
        assert (kept["state"], kept["attempts"], kept["lastError"]["code"]) == ("waiting", attempt, "unexpected")
        assert kept["nextAttemptAt"] - kept["lastTryAt"] >= 1000 * 2**attempt
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["state"], len(set(keys(seen)))) == ("sent", 1)


def test_two_tabs_send_what_waits_once(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD)
    other = page.context.new_page()
    other.goto(page.url)
    seen = answering(page, BOOKED)
    for tab in (page, other):
        tab.evaluate(f"void ({FLUSH})({{ all: true }}).then((kept) => {{ window.kept = kept }})")
    for tab in (page, other):
        assert tab.evaluate(STATE) == "sent"
    assert len(seen) == 1


def test_without_locks_the_key_keeps_it_one_booking(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD)
    seen = answering(page, BOOKED)
    page.evaluate(f"""async () => {{
        Object.defineProperty(navigator, "locks", {{ value: undefined }});
        await Promise.all([({FLUSH})({{ all: true }}), ({FLUSH})({{ all: true }})]);
    }}""")
    assert len(seen) == 2
    assert len(set(keys(seen))) == 1


def test_a_time_that_was_taken_waits_for_the_customer_and_another_is_another_request(show: Show) -> None:
    page = show(EMPTY)
    item = page.evaluate(ADD)
    taken = (409, {"code": "slot_taken", "alternatives": ["2100-01-01T11:00:00Z"]})
    seen = answering(page, taken, BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["alternatives"]) == ("conflict", ["2100-01-01T11:00:00Z"])
    page.evaluate(FLUSH, {"all": True})
    assert len(seen) == 1  # never by itself
    page.evaluate(ASK, "2100-01-01T11:00:00Z")
    (kept,) = page.evaluate(FLUSH)
    assert (kept["id"], kept["state"]) == (item["id"], "sent")
    assert [body["starts_at"] for _headers, body in seen] == ["2100-01-01T10:00:00Z", "2100-01-01T11:00:00Z"]
    assert len(set(keys(seen))) == 2


def test_what_is_wrong_is_kept_with_what_was_wrong(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD)
    errors = [{"field": "customer.email", "message": "not an address"}]
    answering(page, (422, {"code": "validation_error", "errors": errors}))
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["lastError"]["errors"]) == ("wrong", errors)
    assert kept["body"]["customer"] == {"name": "Ana"}


def test_a_hold_that_ran_out_is_let_go_only_where_nothing_can_have_been_booked_with_it(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD, {"hold": "h-1", "mayDropHold": True})
    seen = answering(page, (409, {"code": "hold_expired"}), BOOKED, (409, {"code": "hold_expired"}))
    (kept,) = page.evaluate(FLUSH)
    assert kept["state"] == "sent"
    assert ["hold" in body for _headers, body in seen] == [True, False]
    page.evaluate(ADD, {"hold": "h-2"})
    _sent, kept = page.evaluate(FLUSH)
    assert (kept["state"], kept["lastError"]["code"]) == ("conflict", "hold_expired")
    assert len(seen) == 3


def test_a_time_that_has_passed_is_not_sent_and_nobodys_details_stay(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD, {"at": "2020-01-01T10:00:00Z"})
    seen = answering(page, BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["body"], seen) == ("over", None, [])


def test_what_waits_for_its_customer_leaves_the_device_when_its_time_has_passed(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD)
    seen = answering(page, (409, {"code": "slot_taken", "alternatives": []}))
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["body"]["customer"]) == ("conflict", {"name": "Ana"})
    page.clock.set_fixed_time("2100-01-01T10:00:01Z")
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["body"], kept["lastError"], len(seen)) == ("over", None, None, 1)
