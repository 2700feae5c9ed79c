"""A booking's calendar file: for the bearer of its link and for staff, for nobody else."""

import re
from collections.abc import Callable
from datetime import UTC

import pytest
from django.test import Client
from icalendar import Calendar

from holdfast.accounts.models import User
from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.keys import uuid7
from holdfast.core.signing import manage_token
from tests import factories


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    service = factories.make_service(organization)
    return factories.make_booking(organization, service, factories.local(organization, 3, 14))


def address(booking: Booking, token: str = "") -> str:
    return f"/api/v1/salon/bookings/{booking.reference}.ics" + (f"?token={token}" if token else "")


def test_the_link_of_the_mail_gives_the_file(client: Client, booking: Booking) -> None:
    answer = client.get(address(booking, manage_token(booking.id)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == f'attachment; filename="{booking.reference}.ics"'
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event
    assert event["UID"] == f"{booking.id}@localhost"
    assert event["DTSTART"].dt.astimezone(UTC) == booking.starts_at.astimezone(UTC)
    assert event["SUMMARY"] == "Massage · Salon"


def without_link(content: bytes) -> bytes:
    """Unfolded (RFC 5545, 3.1); the link is signed anew each second."""
    return re.sub(rb"/manage/[^/]+/", b"", content.replace(b"\r\n ", b""))


def test_the_file_follows_the_booking(client: Client, organization: Organization, booking: Booking) -> None:
    token = manage_token(booking.id)
    before = without_link(client.get(address(booking, token)).content)
    assert without_link(client.get(address(booking, token)).content) == before, "the same booking, the same bytes"
    actions.cancel(organization=organization, booking_id=booking.id, version=booking.version, actor=CUSTOMER)
    (event,) = Calendar.from_ical(client.get(address(booking, token)).content).walk("VEVENT")
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CANCELLED")


def test_staff_get_it_by_their_session(client: Client, owner: User, booking: Booking) -> None:
    client.force_login(owner)
    assert client.get(address(booking)).status_code == 200


@pytest.mark.parametrize("token", [lambda: "", lambda: "forged", lambda: manage_token(uuid7())])
def test_to_strangers_it_does_not_exist(client: Client, booking: Booking, token: Callable[[], str]) -> None:
    answer = client.get(address(booking, token()))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_staff_of_another_organization_do_not_get_it(
    client: Client, other_organization: Organization, booking: Booking
) -> None:
    client.force_login(factories.make_staff(other_organization))
    assert client.get(address(booking)).status_code == 404
