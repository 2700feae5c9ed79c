"""Impatience: the same page sent by several taps at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from django.test import Client

from tests import factories
from tests.wizard.conftest import Customer

TAPS = 6


def test_many_taps_at_once_are_one_booking_and_one_confirmation(committed_db: str) -> None:
    organization = factories.make_organization(slug="salon")
    factories.make_resource(organization, lanes=12)
    service = factories.make_service(organization, slug="massage")
    customer = Customer(Client(), organization, service)
    customer.take(factories.local(organization, 3, 10))
    customer.tell()
    sent, together = customer.price_page(), Barrier(TAPS)

    def tap(_number: int) -> str:
        client = Client()
        client.cookies["sessionid"] = customer.client.cookies["sessionid"].value
        together.wait()
        try:
            return client.post("/salon/booking/payment", sent).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TAPS) as pool:
        answers = set(pool.map(tap, range(TAPS)))
    (booking,) = customer.bookings()
    assert answers == {f"/salon/booking/confirmation?reference={booking.reference}"}
