"""What waits on a device is deleted, changed or cleared while it is under way, or after its answer was lost."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.web.conftest import ROOMS, TYPES
from tests.web.test_queue import ADD, BOOKED, EMPTY, FLUSH, answering, keys

Show = Callable[..., Page]
START = f"(options) => void (window.sent = ({FLUSH})(options))"
SENT = "() => window.sent"
ITEMS = "import('/static/device/queue.js').then(({ items }) => items('salon'))"
DROP = "(id) => import('/static/device/queue.js').then(({ drop }) => drop('salon', id))"
CLEAR = "import('/static/device/queue.js').then(({ clear }) => clear('salon'))"
AMEND = """async ([id, note]) => {
    const { amend, find } = await import("/static/device/queue.js");
    const { body, summary, locale } = await find("salon", id);
    await amend("salon", id, { body: { ...body, note }, summary, locale });
}"""
ALTER = """async ([id, changes]) => {
    const { find } = await import("/static/device/queue.js");
    const { write } = await import("/static/device/db.js");
    await write("salon", { ...(await find("salon", id)), ...changes });
}"""
WITHDRAWN = (410, {"code": "request_withdrawn"})
TAKEN = (409, {"code": "slot_taken", "alternatives": ["2100-01-01T11:00:00Z"]})
HOUR_MS = 3_600_000


class Hung:
    """A server that takes what is sent and answers when told to, if ever."""

    def __init__(self, page: Page) -> None:
        self.page, self.waiting, self.paths = page, list[Route](), list[str]()
        page.context.route("**/api/**", self.take)

    def take(self, route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(status=200, headers={"Content-Type": "application/json"}, body="{}")
            return
        self.paths.append(route.request.url.rpartition("/salon/")[2])
        self.waiting.append(route)

    def until(self, count: int) -> None:
        while len(self.paths) < count:
            self.page.wait_for_timeout(10)

    def answer(self, number: int, status: int, code: str) -> None:
        headers = {"Content-Type": "application/problem+json"}
        self.waiting[number].fulfill(status=status, headers=headers, body=json.dumps({"code": code}))


def unguarded(page: Page, guard: str, instead: str) -> None:
    """The queue as it would be without this."""
    source = (ROOMS / "device/static/device/queue.js").read_text()
    assert guard in source
    body = source.replace(guard, instead)
    page.context.route(
        "**/device/queue.js", lambda route: route.fulfill(body=body, headers={"Content-Type": TYPES[".js"]})
    )


def answered_by(end: Callable[[Route], None], route: Route) -> None:
    end(route)


def under_way(page: Page) -> tuple[dict[str, Any], Hung]:
    """A booking that is being sent; the promise is `window.sent`."""
    item = page.evaluate(ADD)
    hung = Hung(page)
    page.evaluate(START, {})
    hung.until(1)
    return item, hung


def lost(page: Page) -> dict[str, Any]:
    """A booking whose answer was lost."""
    item = page.evaluate(ADD)
    answering(page, None)
    page.evaluate(FLUSH)
    page.context.unroute("**/api/**")
    return dict(item)


def test_what_is_cleared_while_it_is_under_way_is_given_up_and_never_comes_back(show: Show) -> None:
    page = show(EMPTY)
    _item, _hung = under_way(page)
    page.evaluate(CLEAR)
    assert page.evaluate(SENT) == []  # at once: not after twenty seconds
    assert page.evaluate(ITEMS) == []


@pytest.mark.parametrize(("guard", "left"), [(True, 0), (False, 1)])
def test_what_is_gone_does_not_come_back_with_an_answer_because_what_is_stored_is_looked_at(
    show: Show, *, guard: bool, left: int
) -> None:
    page = show(EMPTY)
    if not guard:
        unguarded(page, 'stored?.key === item.key && stored.state === "waiting" ?', "(stored ??= item) ?")
    _item, hung = under_way(page)
    page.evaluate("import('/static/device/db.js').then(({ removeAll }) => removeAll('salon'))")  # and nobody is told
    hung.answer(0, 503, "busy")
    assert len(page.evaluate(SENT)) == left


@pytest.mark.parametrize(("guard", "made"), [(True, 1), (False, 2)])
def test_a_change_after_a_lost_answer_books_once_because_the_first_is_asked_for_under_its_own_key(
    show: Show, *, guard: bool, made: int
) -> None:
    page = show(EMPTY)
    if not guard:
        unguarded(page, 'arrival(stored) === "perhaps"', "false")
    item = lost(page)
    booked = {item["key"]}  # it had arrived

    def answer(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("/withdraw"):
            booked.add(route.request.headers["idempotency-key"])
        route.fulfill(status=BOOKED[0], headers={"Content-Type": "application/json"}, body=json.dumps(BOOKED[1]))

    page.context.route("**/api/**", answer)
    page.evaluate(AMEND, [item["id"], "ring twice"])
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], len(booked)) == ("sent", made)


def test_deleted_while_under_way_it_is_taken_back_and_then_gone(show: Show) -> None:
    page = show(EMPTY)
    item, hung = under_way(page)
    assert page.evaluate(DROP, item["id"]) is False
    (kept,) = page.evaluate(SENT)
    assert (kept["state"], kept["wish"]["kind"], kept["lastError"]["code"]) == ("waiting", "delete", "stopped")
    page.context.unroute("**/api/**")
    seen = answering(page, (409, {"code": "idempotency_in_progress"}), WITHDRAWN)
    (kept,) = page.evaluate(FLUSH)
    assert kept["wish"] == {"kind": "delete"}  # it is being worked on: nothing is known yet
    assert page.evaluate(FLUSH, {"all": True}) == []
    assert keys(seen) == [item["key"]] * 2
    assert hung.paths == ["bookings"]


def test_an_answer_that_comes_after_the_change_does_not_overwrite_it(show: Show) -> None:
    page = show(EMPTY)
    item, hung = under_way(page)
    page.evaluate(AMEND, [item["id"], "ring twice"])
    page.evaluate(SENT)
    page.evaluate(START, {})
    hung.until(2)
    assert hung.paths == ["bookings", "bookings/withdraw"]
    hung.answer(1, 410, "request_withdrawn")
    hung.until(3)
    (kept,) = page.evaluate(ITEMS)
    assert (kept["body"]["note"], "wish" in kept, kept["key"] == item["key"]) == ("ring twice", False, False)
    hung.answer(2, 503, "busy")
    (kept,) = page.evaluate(SENT)
    assert (kept["id"], kept["body"]["note"], kept["state"]) == (item["id"], "ring twice", "waiting")


def test_a_change_of_what_was_booked_unheard_books_nothing_else_and_says_so(show: Show) -> None:
    page = show(EMPTY)
    item = lost(page)
    page.evaluate(AMEND, [item["id"], "ring twice"])
    seen = answering(page, BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["late"], kept["reference"], kept["body"]) == ("sent", "change", "SA-1", None)
    assert "wish" not in kept
    assert keys(seen) == [item["key"]]
    page.evaluate(
        """(id) => import("/static/device/queue.js").then(({ amend }) =>
        amend("salon", id, { body: {}, summary: {}, locale: "fr" }))""",
        item["id"],
    )
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["state"], len(seen)) == ("sent", 1)  # a form that was still open in another tab


def test_a_change_without_a_connection_waits_and_is_sent_once_the_first_is_taken_back(show: Show) -> None:
    page = show(EMPTY)
    item = lost(page)
    page.context.set_offline(True)
    page.evaluate(AMEND, [item["id"], "ring twice"])
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["wish"]["body"]["note"], kept["key"]) == ("ring twice", item["key"])
    page.context.set_offline(False)
    seen = answering(page, WITHDRAWN, TAKEN)
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["state"], kept["unsure"]) == ("conflict", False)  # it is surely not one's own
    assert [body.get("note") for _headers, body in seen] == [None, "ring twice"]
    assert len(set(keys(seen))) == 2


def test_a_deletion_of_what_was_booked_unheard_says_that_it_is_booked(show: Show) -> None:
    page = show(EMPTY)
    item = lost(page)
    assert page.evaluate(DROP, item["id"]) is False
    answering(page, BOOKED)
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["late"], kept["body"]) == ("sent", "delete", None)
    assert page.evaluate(DROP, item["id"]) is True


def test_deleted_twice_it_is_gone_whatever_became_of_it(show: Show) -> None:
    page = show(EMPTY)
    item = lost(page)
    assert [page.evaluate(DROP, item["id"]) for _ in range(2)] == [False, True]
    assert page.evaluate(ITEMS) == []


def test_what_never_left_the_device_is_deleted_at_once_and_never_given_up(show: Show) -> None:
    page = show(EMPTY)
    item = page.evaluate(ADD)
    seen = answering(page, BOOKED)
    page.context.set_offline(True)
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["attempts"], kept["firstTryAt"], kept["lastError"]["code"]) == (0, None, "offline")
    page.context.set_offline(False)
    page.context.unroute("**/api/**")
    html = {"Content-Type": "text/html"}
    ends: list[Callable[[Route], None]] = [Route.abort, partial(Route.fulfill, headers=html, body="Sign in")]
    for attempt, end in enumerate(ends, 1):
        page.context.unroute("**/api/**")
        page.context.route("**/api/**", partial(answered_by, end))
        (kept,) = page.evaluate(FLUSH, {"all": True})
        assert (kept["attempts"], kept["firstTryAt"], kept["lastError"]["code"]) == (attempt, None, "offline")
    page.evaluate(ALTER, [item["id"], {"createdAt": kept["createdAt"] - 30 * HOUR_MS}])
    page.context.unroute("**/api/**")
    seen = answering(page, BOOKED)
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["state"], keys(seen)) == ("sent", [item["key"]])
    again = page.evaluate(ADD)
    assert page.evaluate(DROP, again["id"]) is True


def test_what_left_a_day_ago_is_not_sent_again_and_a_taken_time_is_perhaps_ones_own(show: Show) -> None:
    page = show(EMPTY)
    item = lost(page)
    page.evaluate(ALTER, [item["id"], {"firstTryAt": item["createdAt"] - 21 * HOUR_MS}])
    seen = answering(page, TAKEN)
    (kept,) = page.evaluate(FLUSH, {"all": True})
    assert (kept["state"], kept["lastError"], seen) == ("wrong", {"code": "stale"}, [])
    page.evaluate(AMEND, [item["id"], "ring twice"])
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], kept["unsure"], keys(seen) == [item["key"]]) == ("conflict", True, False)


def test_of_a_time_that_has_passed_it_is_said_whether_it_was_booked(show: Show) -> None:
    page = show(EMPTY)
    over = {"summary": {"service": "Massage", "starts_at": "2020-01-01T10:00:00Z", "zone": "UTC"}}
    one, other = lost(page), lost(page)
    for item in (one, other):
        page.evaluate(ALTER, [item["id"], over])
    answering(page, BOOKED, WITHDRAWN)
    kept = page.evaluate(FLUSH, {"all": True})
    assert [(each["state"], each["body"]) for each in kept] == [("sent", None), ("over", None)]


def test_two_tabs_that_tap_two_alternatives_ask_for_one(show: Show) -> None:
    page = show(EMPTY)
    page.evaluate(ADD)
    seen = answering(page, TAKEN, BOOKED)
    page.evaluate(FLUSH)
    page.evaluate("""async () => {
        const { ask, items } = await import("/static/device/queue.js");
        const [item] = await items("salon");
        await Promise.all(["2100-01-01T11:00:00Z", "2100-01-01T12:00:00Z"].map((at) => ask("salon", item, at)));
    }""")
    (kept,) = page.evaluate(FLUSH)
    assert (kept["state"], len(seen), seen[1][1]["starts_at"]) == ("sent", 2, "2100-01-01T11:00:00Z")
