"""Pages that stay true while they are looked at: free times, somebody's bookings, and a server that is started anew."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from holdfast.bookings import actions
from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.customers.doors import ANA, sign_in
from tests.e2e.conftest import OpenPage, looked_at
from tests.running import House

DETAILS = Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
STAFF = Actor("staff", "Sam")
Look = Callable[..., Page]


@pytest.fixture
def house(committed_db: str) -> Iterator[House]:
    """The whole product in a process of its own, with its files as they are in the source."""
    with House(committed_db, web_processes=1, DJANGO_SETTINGS_MODULE="tests.settings") as running:
        yield running


@pytest.fixture
def look(open_page: OpenPage, house: House) -> Look:
    """A page of that house, once it listens."""

    def opened(path: str, page: Page | None = None) -> Page:
        page = page or open_page()
        page.route("**/events?*", lambda route: route.continue_())
        with page.expect_response("**/events?*"):
            page.goto(house.url + path)
        return page

    return opened


def move(booking: Booking, hours: int) -> Booking:
    to = factories.local(booking.organization, 2, hours)
    return actions.reschedule(
        organization=booking.organization, booking_id=booking.id, version=booking.version, starts_at=to, actor=STAFF
    )


def cancel(booking: Booking) -> None:
    actions.cancel(organization=booking.organization, booking_id=booking.id, version=booking.version, actor=STAFF)


def test_free_times_follow_what_others_book_move_and_cancel_and_a_server_started_anew_loses_nobody(
    look: Look, house: House, salon: Organization, massage: Service
) -> None:
    start = factories.local(salon, 2, 10)
    path = f"/salon/booking?service=massage&date={start.date()}"
    other = look(path)
    ten, noon = (other.get_by_role("button", name=each) for each in ("10:00", "12:00"))
    ten.focus()
    booking = factories.make_booking(salon, massage, start, details=DETAILS)
    words = "10:00 AM is not free any more. The nearest free times: 8:30 AM, 9:00 AM, and 11:00 AM."
    expect(other.locator("#times .notice")).to_have_text(words)
    expect(other.locator("#booker-status")).to_have_text(words)
    expect(ten).to_have_count(0)
    expect(other.get_by_role("button", name="11:00")).to_be_focused()
    moved = move(booking, 12)
    expect(noon).to_have_count(0)
    expect(ten).to_be_visible()
    cancel(moved)
    expect(noon).to_be_visible()

    page = look(path, other.context.new_page())
    page.get_by_role("button", name="10:00").click()
    page.get_by_label("Name").fill("Ana Reyes")
    expect(ten).to_have_count(0)  # it is held
    house.restart()
    page.get_by_label("Email").fill(ANA)
    page.get_by_label("Allergies").fill("Nuts")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    with transaction_for(salon.id):
        assert Booking.objects.get(state="confirmed").starts_at == start
    factories.make_booking(salon, massage, factories.local(salon, 2, 12), details=DETAILS)
    expect(noon).to_have_count(0)  # heard of by the stream that came back


def test_a_booking_that_the_business_changes_changes_on_its_customers_pages_by_either_transport(
    look: Look, open_page: OpenPage, house: House, salon: Organization, massage: Service
) -> None:
    booking = factories.make_booking(salon, massage, factories.local(salon, 2, 10), details=DETAILS)
    client = Client()
    sign_in(client, salon, ANA)
    by_link = look(f"/salon/manage/{manage_token(booking.id)}/")
    mine = open_page()
    value = client.cookies["customer-salon"].value
    mine.context.add_cookies([{"name": "customer-salon", "value": value, "url": house.url}])
    panel = look("/salon/portal/settings", mine).locator("#live")
    with looked_at(mine):
        expect(panel).to_contain_text("Server-sent events")
        expect(panel.locator("[data-state=open]")).to_have_text("Connected")
    panel.get_by_role("button", name="Use WebSocket").click()
    panel.get_by_label("What is listened to").select_option(label="My bookings (once signed in)")
    expect(panel.get_by_role("button", name="Use Server-sent events")).to_be_visible()
    expect(panel.locator("[data-state=open]")).to_be_visible()
    moved = move(booking, 12)
    expect(panel).to_contain_text("A booking changed")
    expect(panel).to_contain_text(" ms")

    mine.goto(f"{house.url}/salon/portal/")  # listens by WebSocket: what was chosen holds on this device
    link = mine.get_by_role("link", name="massage")
    link.focus()
    moved = move(moved, 14)
    for page in (mine, by_link):
        expect(page.get_by_text("2:00 PM").first).to_be_visible()
        expect(page.get_by_text(f"Booking {booking.reference} has just changed.").first).to_be_visible()
    expect(link).to_be_focused()
    with looked_at(by_link):
        cancel(moved)
        expect(by_link.get_by_text("The time is free for others again")).to_be_visible()
    expect(mine.get_by_text("Nothing to come")).to_be_visible()
