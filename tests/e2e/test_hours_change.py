"""Hours are shortened in a real browser, and every booking they break gets a way out."""

from datetime import UTC, datetime, time
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect

from holdfast.accounts.models import Role
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.models import Booking, KeptBooking
from holdfast.catalog.models import Organization, WorkingHours
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at

PASSWORD = "a good password"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NAMES = ("Ana Reyes", "Ben Okafor", "Cleo Brandt", "Dov Levi")


def test_hours_are_shortened_and_nobody_is_forgotten(browser: Browser, address: str, salon: Organization) -> None:
    booked = _bookings(salon)
    # A context of its own: that something was refused stands in the console, and here it is meant to be.
    context = browser.new_context(base_url=address, viewport=WIDE, locale="en", timezone_id="Europe/Paris")
    page = context.new_page()
    _sign_in(page, salon)
    with looked_at(page):
        page.get_by_role("link", name="Hours", exact=True).click()
        expect(page.get_by_role("heading", name="Hours", level=1)).to_be_visible()
    with looked_at(page):
        page.get_by_role("link", name="Léa").click()
        expect(page.get_by_role("button", name="Save the week")).to_be_visible()
    for weekday in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(f"{weekday}, range 1, until").fill("17:00")
    with looked_at(page):
        page.get_by_role("button", name="Save the week").click()
        expect(page.get_by_role("heading", name="4 bookings would no longer fit")).to_be_visible()

    _group(page, "Ana Reyes").get_by_label("To whom").select_option(label="Max instead of Léa")
    moved_to = _group(page, "Ben Okafor").get_by_label("New time")
    moved_to.select_option(index=0)
    wanted = moved_to.input_value()
    _group(page, "Ben Okafor").get_by_label("Move it to another time").check()
    _group(page, "Cleo Brandt").get_by_label("Cancel it").check()
    _group(page, "Dov Levi").get_by_label("Keep it all the same").check()
    with looked_at(page):  # a reason is missing, and nothing is saved
        page.get_by_role("button", name="Save the change and these choices").click()
        expect(page.get_by_text("Please say why it is kept.")).to_be_visible()
    _group(page, "Dov Levi").get_by_label("Reason").fill("Promised by telephone")
    with looked_at(page):
        page.get_by_role("button", name="Save the change and these choices").click()
        expect(page.get_by_text("Saved. 1 booking cancelled. 1 booking moved.")).to_be_visible()

    given, moved, cancelled, kept = booked
    with transaction_for(salon.id):
        assert set(WorkingHours.objects.filter(resource__slug="lea").values_list("ends", flat=True)) == {time(17)}
        assert [each.resource.slug for each in given.allocations.filter(active=True)] == ["max"]
        assert Booking.objects.get(id=moved.id).starts_at.isoformat() == _utc(wanted)
        assert Booking.objects.get(id=cancelled.id).state == "cancelled"
        assert KeptBooking.objects.get(booking=kept).reason == "Promised by telephone"
        mailed = Event.objects.filter(kind__in=["booking.rescheduled", "booking.cancelled"])
        context.close()
        assert sorted(event.payload["reference"] for event in mailed) == sorted([moved.reference, cancelled.reference])


def test_hours_work_on_a_phone_without_scripts(open_page: OpenPage, salon: Organization) -> None:
    _bookings(salon)
    page = open_page(java_script_enabled=False)
    _sign_in(page, salon)
    day = factories.local(salon, 9, 0).date()
    page.goto("/desk/hours/lea/dates/")
    page.locator("[name=first]").fill(str(day))
    page.locator("[name=last]").fill(str(day))
    page.get_by_role("button", name="Enter time off").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/desk/closures/")
    expect(page.get_by_role("heading", name="Closures and holidays")).to_be_visible()


def test_the_pages_about_hours_are_accessible_on_a_phone(open_page: OpenPage, salon: Organization) -> None:
    _bookings(salon)
    page = open_page(color_scheme="dark")
    _sign_in(page, salon)
    day = factories.local(salon, 9, 0).date()
    for address in (
        "/desk/hours/", "/desk/hours/lea/", f"/desk/hours/lea/dates/?date={day}", "/desk/closures/",
        "/desk/hours/together/?r=lea&r=max", "/desk/hours/together/",
    ):  # fmt: skip
        with looked_at(page):
            page.goto(address)


def _bookings(salon: Organization) -> list[Booking]:
    """At 18:00 on four days, all with Léa, who was not asked for."""
    factories.make_resource(salon, slug="lea", name="Léa", rank=0)
    service = factories.make_service(salon, slug="massage")
    booked = [
        factories.make_booking(
            salon, service, factories.local(salon, number, 18),
            details=Details(customer=Customer(name=name, email=f"{name.split()[0].lower()}@example.com")),
        )
        for number, name in enumerate(NAMES, start=2)
    ]  # fmt: skip
    factories.make_resource(salon, slug="max", name="Max", rank=1)
    return booked


def _sign_in(page: Page, salon: Organization) -> None:
    manager = factories.make_staff(salon, role=Role.MANAGER, password=PASSWORD)
    page.goto("/desk/")
    page.get_by_label("Email").fill(manager.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def _group(page: Page, name: str) -> Any:
    return page.get_by_role("group", name=name)


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()
