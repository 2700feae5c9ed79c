"""The page without a connection: on whose clock its times are, and what it is for when a booking is put right."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page, Route

from holdfast.catalog.models import Organization
from holdfast.device import words
from holdfast.web.phones import plan_of

Show = Callable[..., Page]
HTML = """<!doctype html><title>Test</title><h1 id="offline-title">Book without a connection</h1>
<p id="offline-lead">We cannot be reached</p><div id="offline"></div>
<script type="application/json" id="device-data">DATA</script>"""
OPEN = """async ([query, items]) => {
    const { write } = await import("/static/device/db.js");
    for (const item of items) await write("salon", item);
    history.replaceState(null, "", query);
    await import("/static/device/offline.js");
}"""
AT = "2100-01-04T19:00:00Z"
SERVICE = {"slug": "massage", "name": "Massage", "summary": "", "on_site": True, "durations_minutes": [60]} | {
    "team_members": [], "largest_party": 3, "asks_places": "none", "attendees": "none", "questions": [], "extras": [],
    "price": {"amount": 0, "currency": "EUR"},
}  # fmt: skip


@pytest.fixture
def data() -> str:
    organization = Organization(slug="salon", name="Salon", time_zone="Europe/Paris", languages=["en"])
    catalog = {"organization": {"country": "FR"}, "places": [], "services": [SERVICE]}
    with translation.override("en"):
        kept = {"catalog": catalog, "at": "2099-12-31T23:30:00Z", "numbers": plan_of("FR"), "texts": words.offline()}
        return json.dumps({**words.place_of(organization), **kept})


def refused(number: int) -> dict[str, Any]:
    customer = {"name": "Ana", "email": "ana@example.com", "phone": "12"}
    body = {"service": "massage", "starts_at": AT, "customer": customer, "answers": {}, "extras": {}, "attendees": []}
    errors = [{"field": "customer.phone", "message": "Too short."}, {"field": "elsewhere", "message": "Odd."}]
    summary = {"service": "Massage", "slug": "massage", "starts_at": AT, "zone": "Europe/Paris"}
    more = {"party_size": 1, "note": "", "pickup": None}
    error = {"code": "validation_error", "errors": errors}
    more_of_it = {"key": str(number), "createdAt": number, "firstTryAt": None, "alternatives": [], "attempts": 1}
    return {
        "id": str(number),
        "state": "wrong",
        "summary": summary,
        **more_of_it,
        "body": {**body, **more},
        "lastError": error,
    }


def opened(show: Show, data: str, query: str, *items: dict[str, Any], connected: bool) -> Page:
    page = show(HTML.replace("DATA", data), timezone_id="Asia/Tokyo", locale="en")

    def answer(route: Route) -> None:
        slots = [{"starts_at": AT}] if "/availability" in route.request.url else None
        given = {"slots": slots} if slots else json.loads(data)["catalog"]
        return route.fulfill(json=given) if connected else route.abort()

    for path in ("**/api/**", "**/device/catalog.json*", "**/manifest.webmanifest"):
        page.context.route(path, answer)
    page.evaluate(OPEN, [query, list(items)])
    return page


def words_of(page: Page, where: str) -> str:
    return page.locator(where).inner_text().replace("\u202f", " ")


def test_its_times_name_the_business_zone_and_are_told_on_both_clocks(show: Show, data: str) -> None:
    page = opened(show, data, f"?service=massage&at={AT}", connected=False)
    page.locator(".time").wait_for()
    assert words_of(page, "#zones") == "Times in Paris time (GMT+1), and below them in yours, Tokyo time"
    assert words_of(page, ".time .time-start") == "8:00 PM"
    assert words_of(page, ".time .time-own > [aria-hidden]") == "Tue 4:00 AM"
    assert "Fri, Jan 1, 12:30 AM, Paris time (GMT+1); for you Fri, Jan 1, 8:30 AM" in words_of(page, "#offline")


def test_a_booking_is_put_right_while_connected_without_being_told_of_a_lost_connection(show: Show, data: str) -> None:
    page = opened(show, data, "?edit=1", refused(1), refused(2), connected=True)
    page.get_by_role("button", name="Send", exact=True).wait_for()
    assert words_of(page, "#offline-title") == "Put your booking right"
    assert words_of(page, "#offline-lead").startswith("It is not booked yet.")
    assert page.get_by_text("Book in the usual way").count() == 0
    assert words_of(page, "#phone_error") == "Too short."
    assert words_of(page, "[role=alert]") == "Odd."
    page.locator("#phone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Both would be booked.").wait_for()
    assert page.get_by_role("button", name="Book it twice").count() == 1


def test_what_is_wrong_is_said_when_a_field_is_left_and_taken_back_as_one_types(show: Show, data: str) -> None:
    page = opened(show, data, f"?service=massage&at={AT}", connected=False)
    page.locator("#phone").fill("abc")
    page.locator("#name").focus()
    assert words_of(page, "#phone_error") == "Please give a telephone number, such as +33 1 99 00 12 34."
    page.locator("#phone").fill("0612345678")
    assert page.locator("#phone_error").count() == 0
    page.get_by_role("button", name="Send when connected").click()
    wrong = page.locator("[aria-invalid=true]")
    assert [each.get_attribute("id") for each in wrong.all()] == ["name", "email"]  # one person was never chosen
