"""A device that is cleared: what it keeps goes at once, what the server keeps for it as soon as it can be reached."""

from collections.abc import Callable

from playwright.sync_api import Page, Route

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
FILL = """async () => {
    const { add } = await import("/static/device/queue.js");
    const at = "2100-01-01T10:00:00Z";
    const summary = { service: "Massage", starts_at: at, zone: "UTC" };
    await add("salon", { body: { customer: { name: "Ana" } }, summary, locale: "en" });
    sessionStorage.setItem("holdfast.form.salon-details", '{"name":["Ana"]}');
    for (const name of ["salon/answers", "salon/notes", "rival/answers"])
        await (await caches.open(`holdfast/${name}`)).put("/kept", new Response("Ana"));
}"""
CLEAR = "import('/static/device/clearing.js').then(({ clearAll }) => clearAll('salon'))"
KEPT = """async () => {
    const { items } = await import("/static/device/queue.js");
    const { isDue } = await import("/static/device/forgetting.js");
    return [(await items("salon")).length, sessionStorage.length, (await caches.keys()).sort(), await isDue("salon")];
}"""


def forgetting(page: Page, answers: list[int | None]) -> list[tuple[str, str]]:
    """Answers in turn, None by hanging up; the method and token of what came."""
    seen: list[tuple[str, str]] = []

    def answer(route: Route) -> None:
        seen.append((route.request.method, route.request.headers.get("x-csrftoken", "")))
        status = answers[min(len(seen), len(answers)) - 1]
        if status is None:
            return route.abort()
        return route.fulfill(status=status, json={"token": "t-1"})

    page.context.route("**/salon/booking/forget", answer)
    return seen


def test_a_cleared_device_keeps_nothing_and_has_the_server_forget_this_browser(show: Show) -> None:
    page = show(EMPTY)
    seen = forgetting(page, [200])
    page.evaluate(FILL)
    assert page.evaluate(CLEAR) is True
    assert page.evaluate(KEPT) == [0, 0, ["holdfast/rival/answers"], False]
    assert seen == [("GET", ""), ("POST", "t-1")]


def test_without_a_connection_the_servers_part_is_noted_and_ended_once_there_is_one(show: Show) -> None:
    page = show(EMPTY)
    seen = forgetting(page, [None, 200, 503, 200])
    page.evaluate(FILL)
    assert page.evaluate(CLEAR) is False
    kept = [0, 0, ["holdfast/rival/answers", "holdfast/salon/notes"], True]
    assert page.evaluate(KEPT) == kept
    end = "import('/static/device/forgetting.js').then(({ forgetThere }) => forgetThere('salon'))"
    assert page.evaluate(end) is False  # it answered, but could not do it
    assert page.evaluate(KEPT) == kept
    assert page.evaluate(end) is True
    assert page.evaluate(KEPT)[3] is False
    assert [method for method, _token in seen] == ["GET", "GET", "POST", "GET", "POST"]
