"""The browser modules every page may use keep their word, in a real browser."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, Route

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
REQUEST = """async ([url, options]) => {
    const { requestJson, Problem } = await import("/static/web/http.js");
    try { return { answer: await requestJson(url, options) } }
    catch (error) { return { problem: error instanceof Problem, code: error.code, status: error.status } }
}"""


def answering(page: Page, answers: list[tuple[int, dict[str, str], Any]]) -> list[dict[str, str]]:
    """Answers requests to /api/ in turn (the last one again and again); the requests' headers as they came."""
    seen: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        status, headers, body = answers[min(len(seen), len(answers) - 1)]
        seen.append(route.request.headers)
        kind = "application/json" if status < 400 else "application/problem+json"
        route.fulfill(status=status, headers={"Content-Type": kind, **headers}, body=json.dumps(body))

    page.route("**/api/**", answer)
    return seen


def test_a_busy_server_is_asked_again_with_the_same_key(show: Show) -> None:
    page = show(EMPTY)
    busy = (503, {"Retry-After": "0"}, {"code": "busy"})
    seen = answering(page, [busy, busy, (201, {}, {"reference": "PE-1"})])
    result = page.evaluate(REQUEST, ["/api/bookings", {"body": {"service": "city-tour"}, "idempotencyKey": "key-1"}])
    assert result == {"answer": {"reference": "PE-1"}}
    assert [headers["idempotency-key"] for headers in seen] == ["key-1"] * 3


def test_a_post_without_a_key_is_never_repeated(show: Show) -> None:
    page = show(EMPTY)
    seen = answering(page, [(503, {"Retry-After": "0"}, {"code": "busy"})])
    result = page.evaluate(REQUEST, ["/api/bookings", {"body": {}}])
    assert result == {"problem": True, "code": "busy", "status": 503}
    assert len(seen) == 1


def test_a_lost_race_is_told_by_its_code_at_once(show: Show) -> None:
    page = show(EMPTY)
    seen = answering(page, [(409, {}, {"code": "slot_taken", "alternatives": []})])
    result = page.evaluate(REQUEST, ["/api/bookings", {"body": {}, "idempotencyKey": "key-1"}])
    assert result == {"problem": True, "code": "slot_taken", "status": 409}
    assert len(seen) == 1


def test_a_lost_connection_and_a_slow_server_have_codes_of_their_own(show: Show) -> None:
    page = show(EMPTY)
    page.route("**/api/gone", lambda route: route.abort())
    page.route("**/api/slow", lambda route: None)
    assert page.evaluate(REQUEST, ["/api/gone", {"body": {}}])["code"] == "offline"
    assert page.evaluate(REQUEST, ["/api/slow", {"body": {}, "timeoutMs": 50}])["code"] == "timeout"


FORM = """<!doctype html><title>Test</title><form data-autosave="details">
<input name="name"><input name="phone" type="tel"><input name="terms" type="checkbox" value="yes">
<label><input name="seat" type="radio" value="a"></label><label><input name="seat" type="radio" value="w"></label>
<textarea name="note"></textarea><input name="secret" type="password"><input name="token" type="hidden" value="one">
</form><script type="module" src="/static/web/autosave.js"></script>"""
VALUES = """() => Object.fromEntries([...document.forms[0].elements]
    .filter((one) => one.type !== "radio" || one.checked)
    .map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]))"""


def test_what_was_typed_survives_a_reload_and_secrets_are_not_kept(show: Show) -> None:
    page = show(FORM)
    for name, text in {"name": "Ana Ruiz", "phone": "01 44", "note": "Two\nsuitcases", "secret": "hush"}.items():
        page.fill(f"[name={name}]", text)
    page.check("[name=terms]")
    page.check("[value=w]")
    page.reload()
    kept = {"name": "Ana Ruiz", "phone": "01 44", "terms": True, "seat": "w", "note": "Two\nsuitcases"}
    assert page.evaluate(VALUES) == {**kept, "secret": "", "token": "one"}


def test_what_was_typed_is_forgotten_once_it_was_accepted(show: Show) -> None:
    page = show(FORM)
    page.fill("[name=name]", "Ana Ruiz")
    assert page.evaluate("sessionStorage.length") == 1
    page.evaluate("import('/static/web/autosave.js').then((module) => module.forget('details'))")
    assert page.evaluate("sessionStorage.length") == 0


COUNTDOWN = """<!doctype html><title>Test</title><hold-countdown until="2026-03-12T13:10:00Z" now="2026-03-12T13:00:00Z"
text-left="Held for {time}" text-ended="Over" say-start="{minutes} minutes." say-near="Two minutes." say-last="Thirty.">
</hold-countdown>"""


def test_the_countdown_speaks_three_times_and_counts_by_the_servers_clock(show: Show) -> None:
    page = show(COUNTDOWN)
    page.clock.install(time=datetime.fromisoformat("2031-01-01T00:00:00+00:00"))  # a device years ahead
    page.clock.pause_at(datetime.fromisoformat("2031-01-01T01:00:00+00:00"))
    page.evaluate("""() => {
        window.said = []; window.ended = 0;
        addEventListener("countdown-end", () => { window.ended += 1 });
        new MutationObserver(() => {
            const text = document.querySelector("[role=status]")?.textContent;
            if (text && text !== window.said.at(-1)) window.said.push(text);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        return import("/static/web/countdown.js").then(() => undefined);
    }""")
    shown = page.locator("hold-countdown [role=timer]")
    assert shown.text_content() == "Held for 10:00"
    page.clock.run_for(61_000)
    assert shown.text_content() == "Held for 8:59"
    page.clock.run_for(8 * 60_000 - 1_000)
    assert page.locator("hold-countdown").get_attribute("data-near") == ""
    page.clock.run_for(61_000)
    assert shown.text_content() == "Over"
    assert page.evaluate("window.said") == ["10 minutes.", "Two minutes.", "Thirty.", "Over"]
    assert page.evaluate("window.ended") == 1


TOASTS = """<!doctype html><title>Test</title><div class="toasts" role="status" data-dismiss="Dismiss"></div>
<dialog id="sure"><button data-close-dialog>Keep it</button></dialog><button data-open-dialog="sure">Cancel</button>
<script type="module" src="/static/web/dialog.js"></script>"""
TOAST = """() => import("/static/web/toast.js").then(({ toast }) => {
    toast("Moved.", { action: { label: "Undo", run: () => { window.undone = true } } });
})"""


def test_a_toast_goes_by_itself_and_its_action_runs_once(show: Show) -> None:
    page = show(TOASTS)
    page.clock.install()
    page.evaluate(TOAST)
    page.clock.run_for(9_000)
    assert page.locator(".toast").count() == 1
    page.clock.run_for(2_000)
    assert page.locator(".toast").count() == 0
    page.evaluate(TOAST)
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("window.undone") is True
    assert page.locator(".toast").count() == 0


def test_a_dialog_opens_by_attribute_and_closes_by_escape_and_button(show: Show) -> None:
    page = show(TOASTS)
    opener, dialog = page.get_by_role("button", name="Cancel"), page.locator("#sure")
    opener.click()
    assert dialog.evaluate("one => one.open") is True
    page.keyboard.press("Escape")
    assert dialog.evaluate("one => one.open") is False
    opener.click()
    page.get_by_role("button", name="Keep it").click()
    assert dialog.evaluate("one => one.open") is False


SAID = {
    "dateIn('2026-03-12T23:30:00Z', 'Europe/Paris')": "2026-03-13",
    "partOfDay('2026-03-12T10:59:00Z', 'Europe/Paris')": "morning",
    "partOfDay('2026-03-12T11:00:00Z', 'Europe/Paris')": "afternoon",
    "partOfDay('2026-03-12T16:00:00Z', 'Europe/Paris')": "evening",
    "clocksDiffer('2026-03-12T11:00:00Z', 'Europe/Paris', 'Europe/Madrid')": False,
    "clocksDiffer('2026-03-12T11:00:00Z', 'Europe/Paris', 'Europe/London')": True,
    "formatInstant('2026-03-12T13:00:00Z', 'day_full', { locale: 'fr', zone: 'Europe/Paris' })": "jeudi 12 mars",
    "formatDate('2026-03-12', 'month', 'es')": "marzo de 2026",
    "formatMoney({ amount: 9500, currency: 'EUR' }, 'en', { short: true })": "€95",
    "formatMoney({ amount: 9500, currency: 'JPY' }, 'en')": "¥9,500",
    "weekdays('fr', 0).map((day) => day.long)[0]": "lundi",
    "monthWeeks(2026, 3, 0)[0]": [None] * 6 + ["2026-03-01"],
    "monthWeeks(2026, 2, 6).length": 4,
    "monthWeeks(2028, 2, 0).flat().at(-6)": "2028-02-29",
}


def test_dates_are_said_in_the_named_zone_wherever_the_device_is(show: Show) -> None:
    page = show(EMPTY, timezone_id="Pacific/Auckland", locale="de-DE")
    calls = ", ".join(f"dates.{call}" for call in SAID)
    said = page.evaluate(f"import('/static/web/dates.js').then((dates) => [{calls}])")
    assert dict(zip(SAID, said, strict=True)) == SAID
