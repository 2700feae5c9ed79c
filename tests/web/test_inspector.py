"""What a device says of the bookings that wait on it: on whose clock, which field is wrong, for whom they wait."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page

from holdfast.catalog.models import Organization
from holdfast.device import words

Show = Callable[..., Page]
PAGE = """<!doctype html><title>Test</title>
<aside id="device" data-org="salon" data-locale="en" data-zone="Europe/Paris" data-waiting="Waiting to be sent"
  data-asking="Waiting for you" hidden><p></p><a href="/" hidden></a></aside>
<div id="queue"></div><button id="export"></button><div id="still-kept"></div><div class="toasts"></div>
<script type="application/json" id="device-data">DATA</script>"""
PUT = """async (items) => {
    const { write } = await import("/static/device/db.js");
    for (const item of items) await write("salon", item);
    await import("/static/device/settings.js");
    await import("/static/device/page.js");
}"""
AT = "2100-01-04T19:00:00Z"


@pytest.fixture
def data() -> str:
    organization = Organization(slug="salon", name="Salon", time_zone="Europe/Paris", languages=["en"])
    with translation.override("en"):
        return json.dumps({**words.place_of(organization), "texts": words.settings()})


def item(number: int, state: str, **more: Any) -> dict[str, Any]:
    summary = {"service": "Massage", "slug": "massage", "starts_at": AT, "zone": "Europe/Paris"}
    labels = {"customer.name": "Name", "customer.phone": "Phone"}
    kept = {"id": str(number), "key": str(number), "state": state, "summary": {**summary, "labels": labels}}
    times = {"createdAt": number, "nextAttemptAt": 4e12, "attempts": 1, "firstTryAt": None, "lastTryAt": None}
    rest: dict[str, Any] = {
        "body": {"service": "massage"},
        "locale": "en",
        "lastError": None,
        "alternatives": [],
        "reference": None,
    }
    return {**kept, **times, **rest, **more}


def shown(show: Show, data: str, zone: str, *items: dict[str, Any]) -> Page:
    page = show(PAGE.replace("DATA", data), timezone_id=zone, locale="en")
    for path in ("**/api/**", "**/sw.js"):
        page.context.route(path, lambda route: route.abort())
    page.evaluate(PUT, list(items))
    page.locator("article").nth(len(items) - 1).wait_for()
    return page


def text(page: Page, where: str) -> str:
    return page.locator(where).inner_text().replace("\u202f", " ")


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Europe/Paris", "Paris time (GMT+1)"), ("Asia/Tokyo", "Paris time (GMT+1)\nTue, Jan 5, 4:00 AM your time")],
)
def test_a_time_names_the_business_zone_and_is_told_on_both_clocks_where_they_differ(
    show: Show, data: str, zone: str, said: str
) -> None:
    page = shown(show, data, zone, item(1, "waiting"))
    assert "Massage · Mon, Jan 4, 8:00 PM" in text(page, "article h3")
    assert text(page, "article .muted") == said


def test_each_field_that_is_wrong_is_named(show: Show, data: str) -> None:
    errors = [{"field": "customer.name", "message": "One line."}, {"field": "customer.phone", "message": "Too short."}]
    wrong = item(1, "wrong", lastError={"code": "validation_error", "errors": errors})
    page = shown(show, data, "Europe/Paris", wrong)
    assert text(page, "article .notice ul") == "Name: One line.\nPhone: Too short."


def test_what_waits_for_its_customer_is_not_waiting_to_be_sent(show: Show, data: str) -> None:
    page = shown(show, data, "Europe/Paris", item(1, "conflict"), item(2, "wrong"), item(3, "waiting"), item(4, "sent"))
    page.locator("#device a:visible").wait_for()
    assert text(page, "#device a") == "Waiting for you (2) · Waiting to be sent (1)"


def test_the_same_service_and_time_is_not_doubled_without_being_asked(show: Show, data: str) -> None:
    taken = item(1, "conflict", lastError={"code": "slot_taken"}, alternatives=["2100-01-05T10:00:00Z"])
    other = item(2, "waiting", summary={**taken["summary"], "starts_at": "2100-01-05T11:00:00+01:00"})
    page = shown(show, data, "Europe/Paris", taken, other)
    page.locator("article .time").click()
    said = page.locator(".toast")
    assert "Both would be booked." in said.inner_text()
    assert "The time is taken" in text(page, "article >> nth=0")
    said.get_by_role("button", name="Book it twice").click()
    page.locator("article h3", has_text="Tue, Jan 5, 11:00").nth(1).wait_for()
