"""Whether the server can be reached: an answer counts, a network does not; and what comes late is not lost."""

from collections.abc import Callable

from playwright.sync_api import Page, Route

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
WITHIN = """async ([patience, delay, fails]) => {
    const { within } = await import("/static/device/patience.js");
    const wait = new Promise((go) => setTimeout(go, delay));
    const coming = wait.then(() => (fails ? Promise.reject(new Error("lost")) : new Response("late")));
    const first = await within(patience, coming);
    return [await first?.text(), fails || first ? null : await (await coming).text()];
}"""
LATE = """async () => {
    const { lateAnswers } = await import("/static/device/patience.js");
    const late = lateAnswers();
    late.keep("/a", new Response("a"));
    return [late.take("/b"), await late.take("/a").text(), late.take("/a")].map((each) => each ?? null);
}"""
WATCH = """async (at_once) => {
    const { whenReached } = await import("/static/device/reaching.js");
    window.times = 0;
    whenReached("salon", () => (window.times += 1), { at_once });
}"""

SAID = """async () => {
    while (!window.times) await new Promise(requestAnimationFrame);
}"""


def answering(page: Page, *statuses: int | None) -> list[str]:
    """Answers whether one can be reached in turn, None by hanging up; the methods that came."""
    seen: list[str] = []

    def answer(route: Route) -> None:
        seen.append(route.request.method)
        status = statuses[min(len(seen), len(statuses)) - 1]
        return route.abort() if status is None else route.fulfill(status=status)

    page.context.route("**/salon/manifest.webmanifest", answer)
    return seen


def test_an_answer_is_waited_for_with_patience_and_is_not_given_up_when_that_ends(show: Show) -> None:
    page = show(EMPTY)
    assert page.evaluate(WITHIN, [1000, 0, False]) == ["late", None]
    assert page.evaluate(WITHIN, [0, 50, False]) == [None, "late"]
    assert page.evaluate(WITHIN, [1000, 0, True]) == [None, None]


def test_what_came_too_late_is_given_to_the_next_who_asks_once(show: Show) -> None:
    assert show(EMPTY).evaluate(LATE) == [None, "a", None]


def test_it_is_asked_with_growing_pauses_until_something_answers_and_then_said_once(show: Show) -> None:
    page = show(EMPTY)
    seen = answering(page, None, 502, 200)
    page.evaluate("""() => {
        window.pauses = [];
        const { setTimeout } = window;
        window.setTimeout = (run, pause) => { window.pauses.push(pause); return setTimeout(run, 0); };
    }""")
    page.evaluate(WATCH, False)
    page.evaluate(SAID)
    assert seen == ["HEAD"] * 3
    assert page.evaluate("[window.pauses, window.times]") == [[4000, 8000, 16_000], 1]


def test_it_is_asked_at_once_when_there_is_a_network_again(show: Show) -> None:
    page = show(EMPTY)
    seen = answering(page, 204)
    page.evaluate(WATCH, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate(SAID)
    assert seen == ["HEAD"]
