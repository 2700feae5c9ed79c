"""A customer books in a tunnel: kept on the device, sent when connected again, and asked anew where it is taken."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.device import keeping
from tests import factories
from tests.e2e.conftest import Door, OpenPage, looked_at

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const answers = await caches.open("holdfast/salon/answers");
    while ((await answers.keys()).length < 2 || !navigator.serviceWorker.controller)
        await new Promise((go) => setTimeout(go, 50));
}"""
PERSONAL = """async () => {
    const { items } = await import("/static/device/queue.js");
    return JSON.stringify([await items("salon"), { ...sessionStorage }, { ...localStorage }]);
}"""


def bookings(salon: Organization) -> list[Booking]:
    with transaction_for(salon.id):
        return list(Booking.objects.filter(state="confirmed").order_by("starts_at"))


def book_without_a_connection(page: Page, day: str, time: str, *, look: bool) -> None:
    with looked_at(page) if look else nullcontext():
        page.goto("/salon/")
        page.get_by_role("link", name="massage").click()
        expect(page.locator("#as-of")).to_contain_text("Free times as of")
    page.locator("#day").select_option(day)
    page.get_by_role("button", name=time).click()
    page.locator("#name").fill("Ana Reyes")
    page.locator("#email").fill("ana@example.com")
    send = page.get_by_role("button", name="Send when connected")
    with looked_at(page) if look else nullcontext():
        send.click()
        expect(page.get_by_text("Please fill this in.")).to_be_visible()
    page.locator("#answer_allergies").fill("Nuts")
    send.click()
    with looked_at(page) if look else nullcontext():
        expect(page.get_by_role("article")).to_contain_text("Waiting for a connection")


def test_booked_in_a_tunnel_it_is_sent_when_the_connection_is_back_and_taken_meanwhile_another_is_one_tap_away(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    start = factories.local(salon, 3, 10)
    page = open_page(expects=("ERR_INTERNET_DISCONNECTED", "409 (Conflict)"))
    page.goto("/salon/")
    page.evaluate(KEPT)
    judged = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {each["errorId"] for each in judged} <= {"in-incognito"}  # as the tests' browser is
    page.context.set_offline(True)
    book_without_a_connection(page, str(start.date()), "10:00", look=True)
    page.context.set_offline(False)
    with looked_at(page):
        expect(page.get_by_role("article")).to_contain_text("You are booked.")
    (booking,) = bookings(salon)
    assert (booking.starts_at, booking.customer_email, booking.answers) == (
        start,
        "ana@example.com",
        {"allergies": "Nuts"},
    )
    expect(page.get_by_role("article")).to_contain_text(booking.reference)
    assert "ana" not in page.evaluate(PERSONAL).lower()
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.get_by_role("article")).to_have_count(0)

    page.context.set_offline(True)
    book_without_a_connection(page, str(start.date()), "5:00", look=False)
    taken = start + timedelta(hours=7)
    details = Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
    factories.make_booking(salon, massage, taken, details=details)
    page.context.set_offline(False)
    with looked_at(page):
        expect(page.get_by_role("article")).to_contain_text("Somebody else took this time meanwhile.")
    page.get_by_role("article").get_by_role("button", name="6:00").click()
    expect(page.get_by_role("article")).to_contain_text("You are booked.")
    assert [each.starts_at for each in bookings(salon)] == [start, taken, taken + timedelta(hours=1)]


def test_where_the_server_says_nothing_what_is_kept_opens_and_makes_way_for_the_late_answer(
    open_page: OpenPage, salon: Organization, massage: Service, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PATIENCE_MS", 400)
    page = open_page(expects=("502 (Bad Gateway)", "ERR_FAILED"))
    page.goto("/salon/")
    page.evaluate(KEPT)
    door.is_open.clear()
    page.goto("/salon/booking?service=massage")
    with looked_at(page):
        expect(page.locator("#as-of")).to_contain_text("Free times as of")
    door.is_open.set()
    expect(page.get_by_role("heading", name="massage")).to_be_visible()
    expect(page.locator("#offline")).to_have_count(0)

    door.is_open.clear()
    page.goto("/salon/portal/")
    with looked_at(page):
        expect(page.get_by_role("heading", level=1)).to_have_text("Your bookings cannot be shown without a connection")
    door.is_open.set()
    expect(page.locator("#mine")).to_have_count(0)

    door.says = "502 Bad Gateway"
    page.goto("/salon/manage/any/")
    expect(page.locator("#mine")).to_contain_text("What you have booked stands as it is")
    page.goto("/salon/booking?service=massage")
    expect(page.locator("#as-of")).to_contain_text("Free times as of")
    door.says = ""
