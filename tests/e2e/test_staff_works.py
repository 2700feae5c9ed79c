"""Staff at work in a real browser: from signing in to the last line of a timeline, by mouse, by keys, and live."""

from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from holdfast.accounts.models import Role, User
from holdfast.bookings import actions
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at

PASSWORD = "a good password"
WIDE = {"width": 1280, "height": 900}


@dataclass
class Business:
    organization: Organization
    massage: Service
    visit: Service
    louis: User

    def book(self, name: str, days: int, hour: int, *, approve: bool = False) -> Booking:
        details = Details(customer=Customer(name=name, email=f"{name.split()[0].lower()}@example.com"))
        service = self.visit if approve else self.massage
        starts_at = factories.local(self.organization, days, hour)
        return factories.make_booking(self.organization, service, starts_at, details=details)

    def state(self, booking: Booking) -> str:
        with transaction_for(self.organization.id):
            return Booking.objects.get(id=booking.id).state


@pytest.fixture
def business(salon: Organization) -> Business:
    factories.make_resource(salon, slug="lea", name="Léa")
    massage = factories.make_service(salon, slug="massage")
    visit = factories.make_service(salon, slug="visit", name={"en": "Home visit"}, needs_approval=True)
    louis = factories.make_staff(salon, role=Role.DISPATCHER, password=PASSWORD)
    louis.name = "Louis Martin"
    louis.save()
    return Business(salon, massage, visit, louis)


def sign_in(page: Page, business: Business) -> None:
    page.goto("/desk/")
    page.get_by_label("Email").fill(business.louis.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    page.wait_for_load_state("load")  # the page's script has run: keys are heard from here on


def test_a_day_at_the_desk(open_page: OpenPage, business: Business) -> None:
    asks = business.book("Ana Reyes", 1, 9, approve=True)
    moves = business.book("Ben Okafor", 2, 10)
    leaves = business.book("Cleo Brandt", 3, 11)
    page = open_page(viewport=WIDE)
    with looked_at(page):
        page.goto("/desk/")
        expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    with looked_at(page):
        sign_in(page, business)

    with looked_at(page):  # a request is approved where it waits
        page.get_by_role("button", name="Confirm: Ana Reyes").click()
        expect(page.get_by_text("Confirmed.", exact=True)).to_be_visible()
    assert business.state(asks) == "confirmed"

    with looked_at(page):  # a booking is found and moved
        page.get_by_role("link", name="Bookings").click()
        page.get_by_label("Search bookings").fill("okafor")
        page.keyboard.press("Enter")
        expect(page.locator(".list-row")).to_have_count(1)
    with looked_at(page):
        page.get_by_role("link", name="Ben Okafor").click()
        expect(page.get_by_role("heading", name="Ben Okafor")).to_be_visible()
    with looked_at(page):
        page.get_by_role("link", name="Move").click()
        expect(page.get_by_role("heading", name="Move this booking")).to_be_visible()
    with looked_at(page):
        page.get_by_role("radio", name="3:00 PM").check(force=True)
        page.get_by_label("Reason").fill("Train is late")
        page.get_by_role("button", name="Move booking").click()
        timeline = page.locator(".timeline")
        expect(timeline).to_contain_text("Moved by Louis Martin")
    expect(timeline).to_contain_text("Train is late")
    with transaction_for(business.organization.id):
        assert Booking.objects.get(id=moves.id).starts_at == factories.local(business.organization, 2, 15)

    page.goto(f"/desk/bookings/{leaves.reference}/")  # another is cancelled, after the question
    with looked_at(page):
        page.get_by_role("link", name="Cancel booking").click()
        question = page.get_by_role("dialog", name="Cancel this booking?")
        expect(question).to_contain_text("is told at cleo@example.com")
    with looked_at(page):
        question.get_by_label("Reason").fill("Léa is ill")
        question.get_by_role("button", name="Cancel booking").click()
        expect(page.locator(".timeline")).to_contain_text("Cancelled by Louis Martin")
    assert business.state(leaves) == "cancelled"

    page.get_by_label("Internal note").fill("Call her on Monday")
    page.get_by_role("button", name="Add note").click()
    lines = page.locator(".timeline-body > p:first-child").all_text_contents()
    assert lines == ["Note by Louis Martin", "Cancelled by Louis Martin", "Booked by the customer"]


def test_a_phone_call_becomes_a_booking(open_page: OpenPage, business: Business) -> None:
    page = open_page()
    sign_in(page, business)
    with looked_at(page):
        page.get_by_role("link", name="New booking").click()
        expect(page.get_by_role("heading", name="New booking")).to_be_visible()
    with looked_at(page):
        page.get_by_label("Service").select_option("massage")
        expect(page.locator(".time-link").first).to_be_visible()
    with looked_at(page):
        page.get_by_role("link", name="Next week").click()
        page.locator(".time-link").first.click()
        expect(page.get_by_label("Name")).to_be_visible()
    page.get_by_label("Name").fill("Tom Call")
    page.get_by_label("Email").fill("tom@example.com")
    with looked_at(page):
        page.get_by_role("button", name="Book", exact=True).dblclick()
        expect(page.get_by_text("Booked. The customer gets a mail.")).to_be_visible()
    with transaction_for(business.organization.id):
        assert [booking.customer_name for booking in Booking.objects.all()] == ["Tom Call"]


def test_the_list_is_worked_by_keys_alone(open_page: OpenPage, business: Business) -> None:
    first, second = business.book("Ana Reyes", 1, 9, approve=True), business.book("Ben Okafor", 1, 11, approve=True)
    page = open_page(viewport=WIDE)
    sign_in(page, business)
    press = page.keyboard.press
    press("b")
    expect(page.locator("[data-bulk-bar][data-idle]")).to_be_visible()  # the page's script has run
    press("/")
    expect(page.get_by_label("Search bookings")).to_be_focused()
    press("j")  # typed, not obeyed
    expect(page.get_by_label("Search bookings")).to_have_value("j")
    press("Backspace")
    press("Escape")
    page.get_by_label("Search bookings").blur()
    press("j")
    press("j")
    expect(page.get_by_role("link", name="Ben Okafor")).to_be_focused()
    press("x")
    press("k")
    press("x")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    with looked_at(page):
        press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press("Escape")
    with looked_at(page):
        page.get_by_role("button", name="Confirm", exact=True).click()
        expect(page.get_by_role("heading", name="2 bookings done")).to_be_visible()
    assert [business.state(each) for each in (first, second)] == ["confirmed", "confirmed"]
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("[data-bulk-bar][data-idle]")).to_be_visible()  # the page's script has run
    press("j")
    press("Enter")
    expect(page.get_by_role("heading", name="Ana Reyes")).to_be_visible()


def test_shortcuts_can_be_turned_off(open_page: OpenPage, business: Business) -> None:
    page = open_page(viewport=WIDE)
    sign_in(page, business)
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts on this device").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    assert page.url.endswith("/desk/")


def test_today_keeps_itself_current_and_leaves_the_focus_where_it_is(open_page: OpenPage, business: Business) -> None:
    waits = business.book("Ana Reyes", 1, 9, approve=True)
    page = open_page(viewport=WIDE)
    page.clock.install()
    sign_in(page, business)
    held = page.get_by_role("button", name="Confirm: Ana Reyes")
    held.focus()
    newer = business.book("Ben Okafor", 3, 11, approve=True)
    page.clock.run_for(21_000)
    expect(page.get_by_role("link", name="Ben Okafor")).to_be_visible()
    expect(held).to_be_focused()
    actions.cancel(organization=business.organization, booking_id=newer.id, version=1, actor=CUSTOMER)
    page.clock.run_for(21_000)
    expect(page.get_by_role("link", name="Ben Okafor")).to_have_count(0)
    expect(held).to_be_focused()
    assert business.state(waits) == "requested"


def test_everything_works_without_scripts(open_page: OpenPage, business: Business) -> None:
    booking = business.book("Cleo Brandt", 1, 11)
    page = open_page(java_script_enabled=False)
    sign_in(page, business)
    page.goto(f"/desk/bookings/{booking.reference}/")
    page.get_by_role("link", name="Cancel booking").click()
    expect(page.get_by_role("heading", name="Cancel this booking?")).to_be_visible()
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.locator(".timeline")).to_contain_text("Cancelled by Louis Martin")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_refuse_are_accessible_too(
    browser: Browser, address: str, business: Business, scheme: Literal["light", "dark"]
) -> None:
    booking = business.book("Ana Reyes", 3, 9)
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto("/desk/sign-in/")
    with looked_at(page):
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Please fill this in.").first).to_be_visible()
    sign_in(page, business)
    with looked_at(page):
        page.goto("/desk/bookings/XXXXXXXX/")
    with looked_at(page):
        page.goto("/desk/bookings/?q=nobody")
        expect(page.get_by_text("No booking matches")).to_be_visible()
    page.goto(f"/desk/bookings/{booking.reference}/")
    actions.cancel(organization=business.organization, booking_id=booking.id, version=1, actor=CUSTOMER)
    with looked_at(page):
        page.get_by_role("link", name="Cancel booking").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel booking").click()
        expect(page.get_by_text("Last: Cancelled by the customer.")).to_be_visible()
    with looked_at(page):
        page.goto("/desk/bookings/new/?service=massage&at=" + booking.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        page.get_by_role("button", name="Book", exact=True).click()
        expect(page.get_by_text("Some answers are missing or unclear")).to_be_visible()
    context.close()


def test_the_board_says_why_at_any_empty_cell(open_page: OpenPage, business: Business) -> None:
    booking = business.book("Ana Reyes", 2, 10)
    day = factories.local(business.organization, 2, 10).date().isoformat()
    page = open_page(viewport=WIDE)
    sign_in(page, business)
    with looked_at(page):
        page.goto(f"/desk/board/?day={day}")
        booked = page.get_by_role("table").get_by_role("link", name="Ana Reyes")
        expect(booked).to_be_visible()
    page.wait_for_load_state("load")
    booked.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    with looked_at(page):
        expect(panel).to_contain_text("This time is taken")
    panel.get_by_text("Every rule").first.click()
    expect(panel.get_by_role("link", name=booking.reference).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(panel).not_to_contain_text("This time is taken")
