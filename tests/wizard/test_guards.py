"""No step without those before it; back, reload and shared links lead somewhere calm."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from holdfast.catalog.models import Limit, Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import DETAILS, Customer

LINK = "service=massage&duration=60&date=2026-12-01"


@pytest.mark.parametrize("step", ["details", "payment"])
def test_a_later_step_without_a_time_leads_to_the_times_with_the_choice_kept(customer: Customer, step: str) -> None:
    start = factories.local(customer.organization, 3, 10)
    shared = customer.client.get(f"/salon/booking/{step}", {"service": "massage", "at": start.isoformat()})
    to = urlsplit(shared.headers["Location"])
    assert to.path == "/salon/booking"
    assert parse_qs(to.query) == {"service": ["massage"], "date": [start.date().isoformat()]}
    page = customer.client.get(shared.headers["Location"])
    assert "Choose a time first" in page.content.decode()


def test_payment_without_details_leads_to_the_details(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    page = customer.client.get("/salon/booking/payment")
    assert page.headers["Location"].startswith("/salon/booking/details?service=massage")


def test_the_confirmation_is_for_the_session_that_booked(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    link = customer.book().headers["Location"]
    assert customer.client.get(link).status_code == 200
    stranger = Client().get(link)
    assert stranger.headers["Location"] == "/salon/booking"


def test_back_after_booking_leads_to_the_confirmation(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    payment = customer.tell().headers["Location"]
    link = customer.book().headers["Location"]
    assert customer.client.get(payment).headers["Location"] == link
    assert customer.client.get("/salon/booking/details").headers["Location"] == link


@pytest.mark.parametrize("step", ["details", "payment", "confirmation"])
def test_the_short_addresses_lead_to_the_steps(client: Client, organization: Organization, step: str) -> None:
    assert client.get(f"/salon/{step}?{LINK}").headers["Location"] == f"/salon/booking/{step}?{LINK}"


@pytest.mark.parametrize(
    "nonsense",
    [
        "service=massage&duration=7&party=99&resource=nobody&date=never&at=x&lost=y",
        "service=massage&date=1999-01-01",
        "service=massage&date=2999-13",
        "service=massage&party=-1&duration=%F0%9F%8E%88",
        "service=unknown",
    ],
)
def test_a_link_with_nonsense_still_shows_what_can_be_booked(
    client: Client, organization: Organization, service: Service, nonsense: str
) -> None:
    assert client.get(f"/salon/booking?{nonsense}").status_code == 200


def test_holds_of_two_organizations_do_not_meet(customer: Customer, other_organization: Organization) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    assert customer.client.get("/rival/booking/details").headers["Location"] == "/rival/booking"
    assert customer.client.get("/salon/booking/details").status_code == 200


def test_an_unknown_organization_is_not_here(client: Client, db: None) -> None:
    assert client.get("/nobody/").status_code == 404
    assert client.get("/nobody/booking").status_code == 404


def test_a_day_that_is_full_leads_to_the_nearest_times_of_other_days(customer: Customer) -> None:
    with transaction_for(customer.organization.id):
        Limit.objects.create(organization=customer.organization, kind="service", service=customer.service, most=1)
    start = factories.local(customer.organization, 3, 10)
    customer.take(start)
    customer.tell()
    customer.book()
    second = Customer(Client(), customer.organization, customer.service)
    sent = second.take(start.replace(hour=14))
    page = second.client.get(sent.headers["Location"])
    assert "This day is fully booked" in page.content.decode()
    nearest = page.context["lost"]["alternatives"]
    assert nearest
    assert all(each.value[:10] != start.date().isoformat() for each in nearest)
    assert all(second.take(datetime.fromisoformat(each.value)).status_code == 302 for each in nearest[:1])
    assert second.states()[-1] == "held"


def limit_of_one_a_week(organization: Organization) -> None:
    with transaction_for(organization.id):
        Limit.objects.create(organization=organization, kind="customer", most=1, period="week")
    organization.refresh_from_db()


def test_a_customers_own_limit_leads_to_the_times_that_it_allows(customer: Customer) -> None:
    limit_of_one_a_week(customer.organization)
    start = factories.monday(customer.organization, 10)
    for hour in (10, 14):
        customer.take(start.replace(hour=hour))
        customer.tell()
        sent = customer.book()
    assert len(customer.bookings()) == 1
    page = customer.client.get(sent.headers["Location"])
    assert "You have reached the number of bookings that one customer may make" in page.content.decode()
    nearest = [datetime.fromisoformat(each.value) for each in page.context["lost"]["alternatives"]]
    assert len(nearest) == 5
    assert all(each.isocalendar().week != start.isocalendar().week for each in nearest)
    customer.take(nearest[-1])
    assert customer.book().headers["Location"].startswith("/salon/booking/confirmation")
    assert len(customer.bookings()) == 2


def test_who_has_chosen_another_time_in_another_tab_is_told_before_it_is_booked(customer: Customer) -> None:
    start = factories.local(customer.organization, 3, 10)
    one = customer.take(start).headers["Location"]
    other = customer.take(start.replace(hour=start.hour + 2)).headers["Location"]
    words = "Your choice has changed in the meantime."
    told = customer.client.post(other, DETAILS, follow=True).content.decode()
    assert (words in told, "12:00" in told) == (False, True)
    told = customer.client.post(one, DETAILS, follow=True).content.decode()
    assert (words in told, "12:00" in told) == (True, True)
