"""An emergency is a clear choice, only where it is one; what it costs and what happens is said before."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.web import formats
from tests import factories
from tests.wizard.conftest import Customer

BURST = "The pipe has burst"


@pytest.fixture
def service(organization: Organization) -> Service:
    """From 08:00 to 20:00; in emergencies until midnight, at half the price more."""
    on_call = factories.make_resource(organization, slug="lea")
    factories.put_on_call(on_call, time(20), time(0))
    return factories.make_service(
        organization, slug="repair", offers_emergency=True, emergency_surcharge_percent=50, emergency_notice_minutes=0,
        emergency_horizon_hours=72,
    )  # fmt: skip


def times_page(client: Client, **query: str) -> str:
    answer = client.get("/salon/booking", {"service": "repair", **query})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_choice_is_there_with_its_price_and_leads_to_other_times(client: Client, service: Service) -> None:
    usual = times_page(client)
    assert "Is it an emergency?" in usual
    assert "It costs 50% more." in usual
    assert "/salon/booking?service=repair&amp;type=emergency&amp;duration=60" in usual
    urgent = times_page(client, type="emergency")
    assert "Those on duty are alerted at once and call you." in urgent
    assert "/salon/booking?service=repair&amp;duration=60" in urgent
    assert "€150" in urgent
    assert '"type": "emergency"' in urgent


def test_where_none_is_taken_nothing_is_offered_and_a_link_to_it_says_so(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        Service.objects.update(offers_emergency=False)
    assert "emergency" not in times_page(client).replace('"type": "standard"', "").lower()
    assert "This service does not take emergency bookings." in times_page(client, type="emergency")


def test_the_way_asks_for_a_number_and_what_has_happened(customer: Customer) -> None:
    start = factories.local(customer.organization, 1, 22)
    assert "type=emergency" in customer.take(start, type="emergency").headers["Location"]
    form = customer.client.get("/salon/booking/details").content.decode()
    assert form.index("What has happened?") < form.index("Phone") < form.index("Name")
    told = customer.tell()
    assert "check=1" in told.headers["Location"]
    wrong = customer.client.get(told.headers["Location"]).content.decode()
    assert "Please give a number that we can call at once." in wrong
    assert "Please say what has happened." in wrong
    customer.tell(phone="+1 111 111 1111", phone_country="US", emergency_reason=BURST)
    assert "nobody can be called there" in customer.client.get("/salon/booking/details?check=1").content.decode()
    assert (
        customer.tell(phone="01 99 00 12 34", emergency_reason=BURST)
        .headers["Location"]
        .startswith("/salon/booking/payment?service=repair&type=emergency")
    )
    shown = customer.client.get("/salon/booking/payment").content.decode()
    for said in (BURST, "Emergency surcharge, 50%", "€50.00", "€150.00"):
        assert said in shown
    booked = customer.book()
    (booking,) = customer.bookings()
    assert (booking.type, booking.emergency_reason, booking.price_amount) == ("emergency", BURST, 15_000)
    page = customer.client.get(booked.headers["Location"]).content.decode()
    assert "Those on duty are alerted and call you at +33 1 99 00 12 34." in page


def test_an_emergency_that_is_not_taken_any_more_is_refused_with_the_way_back(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 1, 22), type="emergency")
    customer.tell(phone="01 99 00 12 34", emergency_reason=BURST)
    sent = customer.price_page()
    with transaction_for(customer.organization.id):
        Service.objects.update(offers_emergency=False)
    answer: Any = customer.book(sent)
    assert answer.headers["Location"].startswith("/salon/booking?service=repair")
    assert customer.bookings() == []
    page = customer.client.get(answer.headers["Location"]).content.decode()
    assert "This service does not take emergency bookings." in page


@pytest.mark.parametrize(("notice_hours", "phone", "way"), [(72, "+33199001234", "please call"), (96, "", "write to")])
def test_that_an_emergency_cannot_be_changed_online_is_said_before_a_time_is_chosen(
    client: Client, organization: Organization, service: Service, notice_hours: int, phone: str, way: str
) -> None:
    with transaction_for(organization.id):
        Organization.objects.update(cancellation_notice_minutes=notice_hours * 60, phone=phone)
    urgent, usual = times_page(client, type="emergency"), times_page(client)
    assert "It begins soon, so it cannot be changed or cancelled online later" in urgent
    assert way in urgent
    assert "Free to change or cancel until" not in urgent
    assert "cannot be changed or cancelled online later" not in usual
    assert "Free to change or cancel until" in usual


def test_an_emergency_that_may_still_be_changed_online_says_which_may_not(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        Organization.objects.update(cancellation_notice_minutes=24 * 60)
    urgent = times_page(client, type="emergency")
    words = f"What begins within {formats.minutes(24 * 60)} from now cannot be changed or cancelled online later"
    assert words in urgent
    assert "It begins soon" not in urgent
    assert "What begins within" not in times_page(client)
    assert "Free to change or cancel until" in urgent
