"""A customer changes their mind: another time, then none, by the link in the mail; and keeps a hold that runs out."""

from datetime import timedelta

from playwright.sync_api import expect

from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at


def test_a_customer_moves_and_cancels_by_the_link(open_page: OpenPage, salon: Organization, massage: Service) -> None:
    start = factories.local(salon, 3, 10)
    details = Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
    booking = factories.make_booking(salon, massage, start, details=details)
    page = open_page()
    with looked_at(page):
        page.goto(f"/salon/manage/{manage_token(booking.id)}/")
    with looked_at(page):
        page.get_by_role("link", name="Choose another time").click()
        page.locator(f"[data-day='{(start + timedelta(days=1)).date()}']").click()
        expect(page.locator(".time").first).to_be_visible()
    with looked_at(page):
        page.get_by_role("button", name="4:00 PM").click()
        expect(page.get_by_role("heading", name="Move the booking?")).to_be_visible()
    page.get_by_role("button", name="Move the booking").click()
    expect(page.get_by_role("status").first).to_contain_text("has a new time")
    page.get_by_role("link", name="Cancel booking").click()
    with looked_at(page):
        expect(page.get_by_role("dialog")).to_contain_text("It costs you nothing")
    page.get_by_role("dialog").get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_text("The time is free for others again")).to_be_visible()
    with transaction_for(salon.id):
        after = Booking.objects.get(id=booking.id)
    assert (after.state, after.starts_at) == ("cancelled", start + timedelta(days=1, hours=6))


def test_at_the_end_of_a_hold_keeping_it_is_offered_first(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    page = open_page()
    page.goto("/salon/booking?service=massage")
    page.locator(".time").first.click()
    page.locator("#id_name").fill("Ana Reyes")
    clock = page.locator("hold-countdown")
    expect(clock).to_contain_text("Held for you for")
    with transaction_for(salon.id):
        before = Booking.objects.get().hold_expires_at
    clock.evaluate("(clock) => clock.setAttribute('until', new Date(Date.now() - 1000).toISOString())")
    with looked_at(page):
        expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(clock).to_contain_text("Held for you for")
    expect(page.locator("#id_name")).to_have_value("Ana Reyes")
    with transaction_for(salon.id):
        after = Booking.objects.get().hold_expires_at
    assert before
    assert after
    assert after > before
