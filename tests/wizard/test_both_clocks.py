"""A customer in Tokyo books Paris around both changes of its clocks: page, mail and calendar file say the same."""

import re
from datetime import UTC, datetime

import pytest

from holdfast.bookings.details import facts
from holdfast.calendars.queries import calendar_for
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import Customer

NNBSP = "\u202f"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "paris", "shift", "tokyo", "file"),
    [
        # Spring: on 28 March 2027 at 2:00 Paris goes from GMT+1 to GMT+2; Tokyo has one clock all year.
        ("2027-03-27T09:00", "Saturday, March 27, 2027", "GMT+1", "6:00 PM", "20270327T100000"),
        ("2027-03-28T08:00", "Sunday, March 28, 2027", "GMT+2", "5:00 PM", "20270328T100000"),
        # Autumn: on 31 October 2027 at 3:00 it goes back.
        ("2027-10-30T08:00", "Saturday, October 30, 2027", "GMT+2", "5:00 PM", "20271030T100000"),
        ("2027-10-31T09:00", "Sunday, October 31, 2027", "GMT+1", "6:00 PM", "20271031T100000"),
        # Late in Paris it is the next day in Tokyo, and the next month.
        (
            "2027-10-31T18:00",
            "Sunday, October 31, 2027",
            "GMT+1",
            "Monday, November 1, 2027, 3:00 AM",
            "20271031T190000",
        ),
    ],
)
def test_both_clocks_are_true_on_both_sides_of_a_change(
    customer: Customer, starts_at: str, paris: str, shift: str, tokyo: str, file: str
) -> None:
    start = at(starts_at)
    customer.client.cookies["zone"] = "Asia/Tokyo"
    with clock.stopped(start.replace(day=20)):
        customer.take(start)
        customer.tell()
        page = customer.client.get(customer.book().headers["Location"])
    (booking,) = customer.bookings()
    assert (booking.starts_at, booking.customer_time_zone) == (start, "Asia/Tokyo")
    with transaction_for(customer.organization.id):
        said = next(
            fact for fact in facts.for_customer(booking, customer.organization, stands=True) if fact.label == "When"
        )
        told = calendar_for(booking).decode()
    assert said in page.context["facts"]  # the mail lists these very facts
    assert said.value.startswith(paris)
    theirs = said.aside.replace(NNBSP, " ")
    assert f"Paris time ({shift})" in theirs
    assert tokyo in theirs
    assert "Tokyo time (GMT+9)" in theirs
    assert f"DTSTART;TZID=Europe/Paris:{file}" in told
    assert re.search(r"BEGIN:VTIMEZONE\r\nTZID:Europe/Paris", told)


def test_until_when_something_is_free_or_costs_what_is_said_with_the_clock_that_is_meant(customer: Customer) -> None:
    customer.client.cookies["zone"] = "Asia/Tokyo"
    factories.make_policy(customer.organization, (60, "50"))
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    assert "Times in Paris time" in customer.client.get("/salon/booking/payment").content.decode()
    customer.client.cookies["zone"] = "Europe/Madrid"  # the same clock
    assert "Times in Paris time" not in customer.client.get("/salon/booking/payment").content.decode()


def test_the_readers_own_city_is_called_as_their_language_calls_it(customer: Customer) -> None:
    customer.client.cookies["zone"] = "Asia/Tokyo"
    page = customer.client.get("/salon/booking?service=massage", headers={"Accept-Language": "es"})
    assert page.context["script"]["own_zone"] == {"zone": "Asia/Tokyo", "name": "hora de Tokio"}
    assert page.context["script"]["zone_name"] == "hora de París"
