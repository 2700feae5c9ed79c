"""Who comes, on pages: asked when booking, shown, and changed later by staff and by the customer's link."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
ANA, BEN = {"name": "Ana", "email": "ana@example.com"}, {"name": "Ben", "email": ""}


@pytest.fixture
def asking(world: World) -> World:
    with transaction_for(world.organization.id):
        Service.objects.update(attendees="required", largest_party=4)
    world.organization.refresh_from_db()
    return world


def words(page: object) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())  # type: ignore[attr-defined]


def book(world: World) -> Booking:
    return world.book(party_size=2, details=Details(customer=factories.CUSTOMER, attendees=[ANA, BEN]))


def test_staff_are_asked_for_everybody_and_what_is_missing_is_marked(signed_in: SignIn, asking: World) -> None:
    start = factories.local(asking.organization, 2, 10)
    address = f"/desk/bookings/new/?service=massage&party_size=2&at={start.isoformat().replace('+', '%2B')}"
    browser = signed_in(asking)
    sent = {"name": "Ana", "email": "ana@example.com", "phone_country": "FR", "phone": "", "locale": "en"}
    first = {"attendee_name_1": "Ana", "attendee_email_1": "ana@example.com"}
    missing = browser.post(address, {**sent, **first})
    assert missing.status_code == 422
    assert "attendee_name_2" in missing.context["form"].errors
    assert browser.post(address, {**sent, **first, "attendee_name_2": "Ben"}).status_code == 302
    with transaction_for(asking.organization.id):
        assert Booking.objects.get().attendees == [ANA, BEN]


def test_staff_change_who_comes_and_the_timeline_says_so(signed_in: SignIn, asking: World) -> None:
    booking, browser = book(asking), signed_in(asking)
    address = f"/desk/bookings/{booking.reference}/"
    assert "Ana (ana@example.com) Ben" in words(browser.get(address))
    page = browser.get(f"{address}attendees/").content.decode()
    assert 'value="Ana"' in page
    sent = {"version": 1, "attendee_name_1": "Ana", "attendee_email_1": "", "attendee_name_2": "Cid"}
    assert browser.post(f"{address}attendees/", {**sent, "attendee_email_2": "no"}).status_code == 422
    assert browser.post(f"{address}attendees/", sent).headers["Location"] == address
    assert "Ana Cid" in words(browser.get(address))
    assert "Who comes changed by Sam Owner" in words(browser.get(address))
    assert browser.post(f"{address}attendees/", sent).status_code == 409


def test_the_customer_changes_who_comes_by_the_link(client: Client, asking: World) -> None:
    booking = book(asking)
    link = f"/salon/manage/{manage_token(booking.id)}/"
    assert f"{link}attendees" in client.get(link).content.decode()
    sent = {"version": 1, "attendee_name_1": "Eve", "attendee_name_2": ""}
    assert client.post(f"{link}attendees", sent).status_code == 422
    assert client.post(f"{link}attendees", {**sent, "attendee_name_2": "Max"}).headers["Location"] == link
    assert "Attendees Eve Max" in words(client.get(link))


def test_the_wizard_asks_for_everybody_and_shows_them_before_booking(client: Client, asking: World) -> None:
    home = "/salon/booking"
    start = factories.local(asking.organization, 3, 10)
    client.post(home, {"service": "massage", "at": start.isoformat(), "party": "2"})
    told = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "", "phone_country": "FR", "note": ""}
    assert "check=1" in client.post(f"{home}/details", {**told, "attendee_name_1": "Ana"}).headers["Location"]
    kept = client.get(f"{home}/details?check=1").content.decode()
    assert 'value="Ana"' in kept
    people = {"attendee_name_1": "Ana", "attendee_email_1": "ana@example.com", "attendee_name_2": "Ben"}
    assert "/payment" in client.post(f"{home}/details", {**told, **people}).headers["Location"]
    page = client.get(f"{home}/payment")
    assert "Attendees Ana (ana@example.com) Ben" in words(page)
    amount = page.context["held"].price_amount
    client.post(f"{home}/payment", {"key": page.context["key"], "amount": amount})
    with transaction_for(asking.organization.id):
        assert Booking.objects.get(state="confirmed").attendees == [ANA, BEN]
