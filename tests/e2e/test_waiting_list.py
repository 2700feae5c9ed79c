"""The waiting list in a real browser: a full day, a place in line, a cancellation, a mail, one button, a booking."""

import re
from datetime import time

from playwright.sync_api import expect

from holdfast.accounts.models import Role
from holdfast.catalog.models import Organization
from tests import factories
from tests.e2e.conftest import OpenPage, link_mailed_to, looked_at

PASSWORD = "a good password"


def test_who_waits_gets_the_time_that_is_cancelled_by_one_button(open_page: OpenPage, salon: Organization) -> None:
    factories.make_resource(salon, slug="lea", name="Léa", hours=(time(10), time(11)))
    service = factories.make_service(salon, slug="massage")
    start = factories.local(salon, 3, 10)
    booked = factories.make_booking(salon, service, start)
    customer, desk = open_page(), open_page(viewport={"width": 1280, "height": 900})

    customer.goto(f"/salon/booking?service=massage&date={start.date()}")
    customer.get_by_role("button", name=re.compile("Tell me when")).click()
    with looked_at(customer):
        expect(customer.get_by_role("heading", level=1)).to_have_text("Tell me when a time opens")
        expect(customer.get_by_label("From")).to_have_value(start.date().isoformat())
    customer.get_by_label("Name").fill("Maria Reyes")
    customer.get_by_label("Email").fill("maria@example.com")
    customer.get_by_role("button", name="Join the waiting list").click()
    with looked_at(customer):
        expect(customer.get_by_role("heading", level=1)).to_have_text("You are on the waiting list")

    desk.goto(f"/desk/bookings/{booked.reference}/")
    desk.get_by_label("Email").fill(factories.make_staff(salon, role=Role.DISPATCHER, password=PASSWORD).email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.goto(f"/desk/bookings/{booked.reference}/cancel/")
    desk.get_by_role("main").get_by_role("button", name="Cancel booking").click()
    desk.goto("/desk/waiting/")
    with looked_at(desk):
        expect(desk.get_by_text("Offered a time").first).to_be_visible()
    desk.get_by_role("link", name="Maria Reyes").click()
    with looked_at(desk):
        expect(desk.get_by_text("Offered now:")).to_be_visible()

    customer.goto(link_mailed_to(salon, "maria@example.com"))
    with looked_at(customer):
        expect(customer.get_by_role("heading", level=1)).to_have_text("A time is free for you")
    customer.get_by_role("button", name="Book · €100").click()
    with looked_at(customer):
        expect(customer.get_by_role("heading", level=1)).to_have_text("You are booked")
    desk.reload()
    expect(desk.get_by_role("link", name="Open the booking")).to_be_visible()
