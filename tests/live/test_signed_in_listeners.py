"""Whoever is signed in at the portal hears of their own bookings, of nobody else's, and of nothing once signed out."""

from collections.abc import Callable
from typing import get_args

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.customers.doors import ANA, sign_in
from tests.live.listening import Refused, Transport, listen
from tests.live.test_live_availability import last_event
from tests.running import House

each_transport = pytest.mark.parametrize("transport", get_args(Transport))
Headers = dict[str, str]
Book = Callable[[str, int], Booking]


@pytest.fixture
def salon(house: House) -> Organization:
    organization = factories.make_organization()
    factories.make_resource(organization)
    return organization


@pytest.fixture
def book(salon: Organization) -> Book:
    service = factories.make_service(salon, slug="massage")

    def made(email: str, hour: int) -> Booking:
        return booked(salon, service, email, hour)

    return made


def booked(organization: Organization, service: Service, email: str, hour: int) -> Booking:
    details = Details(customer=Customer("Somebody", email, "", "en", ""))
    return factories.make_booking(organization, service, factories.local(organization, 2, hour), details=details)


def cancel(booking: Booking) -> None:
    actions.cancel(organization=booking.organization, booking_id=booking.id, version=booking.version, actor=CUSTOMER)


def cookies(client: Client, house: House) -> Headers:
    """As a browser sends them from one of our pages."""
    sent = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    return {"Cookie": sent, "Origin": house.url}


@each_transport
def test_who_is_signed_in_hears_of_all_they_booked_and_of_nobody_elses(
    salon: Organization, book: Book, house: House, transport: Transport, client: Client
) -> None:
    first, other = book("Ana@Example.com", 9), book("ben@example.com", 10)
    sign_in(client, salon, ANA)
    since = last_event(salon)
    cancel(other)
    cancel(first)
    with listen(house.url, salon.slug, transport, cookies(client, house), last_event_id=since) as listener:
        assert listener.hello["data"]["scope"] == "customer"
        book("ben@example.com", 12)
        later = book(ANA, 11)
        said = listener.until(last_event(salon))
    assert [(each["kind"], each["data"]) for each in said] == [
        ("booking-cancelled", {"reference": first.reference, "state": "cancelled", "version": 2}),
        ("booking-confirmed", {"reference": later.reference, "state": "confirmed", "version": 1}),
    ]


@each_transport
def test_signing_out_ends_what_a_customers_session_may_hear(
    salon: Organization, book: Book, house: House, transport: Transport, client: Client
) -> None:
    booking = book(ANA, 9)
    sign_in(client, salon, ANA)
    headers = cookies(client, house)
    with listen(house.url, salon.slug, transport, headers) as listener:
        client.post(f"/{salon.slug}/portal/sign-out")
        cancel(booking)
        bye = listener.next()
    assert (bye["kind"], bye["data"]["reason"]) == ("bye", "changed")  # and not what became of the booking
    refused(house, salon.slug, transport, headers, 401, "credentials_needed")


@each_transport
def test_a_customers_session_opens_nothing_else(
    salon: Organization, book: Book, house: House, transport: Transport, client: Client
) -> None:
    book(ANA, 9)
    theirs = factories.make_organization()
    sign_in(client, salon, ANA)
    mine = cookies(client, house)
    renamed = {**mine, "Cookie": mine["Cookie"].replace(salon.slug, theirs.slug)}
    refused(house, theirs.slug, transport, mine, 401, "credentials_needed")
    refused(house, theirs.slug, transport, renamed, 401, "credentials_needed")
    refused(house, salon.slug, transport, mine, 401, "credentials_needed", scope="staff")
    refused(house, salon.slug, transport, {}, 401, "credentials_needed", scope="customer")
    refused(house, salon.slug, transport, {"Cookie": f"customer-{salon.slug}=" + "a" * 43}, 401, "credentials_needed")


def test_a_page_of_another_site_opens_no_socket_in_the_name_of_a_customer(
    salon: Organization, book: Book, house: House, client: Client
) -> None:
    book(ANA, 9)
    sign_in(client, salon, ANA)
    foreign = {**cookies(client, house), "Origin": "https://evil.example"}
    refused(house, salon.slug, "ws", foreign, 403, "foreign_origin")


def test_staff_who_book_for_themselves_choose_by_scope_which_of_the_two_they_are(
    salon: Organization, book: Book, house: House, client: Client
) -> None:
    book(ANA, 9)
    sign_in(client, salon, ANA)
    client.force_login(factories.make_staff(salon))
    for query, scope in ({}, "staff"), ({"scope": "staff"}, "staff"), ({"scope": "customer"}, "customer"):
        with listen(house.url, salon.slug, "sse", cookies(client, house), **query) as listener:
            assert listener.hello["data"]["scope"] == scope


def refused(
    house: House, slug: str, transport: Transport, headers: Headers, status: int, code: str, **query: str
) -> None:
    with pytest.raises(Refused) as found, listen(house.url, slug, transport, headers, **query):
        pass
    assert (found.value.status, found.value.code) == (status, code)
