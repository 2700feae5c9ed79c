"""Whoever may only look is not given, with what they see, the link that changes it."""

from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.accounts.models import Role
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.signing import manage_token
from tests import factories


@pytest.fixture
def booking(organization: Organization) -> Booking:
    factories.make_resource(organization)
    return factories.make_booking(
        organization, factories.make_service(organization), factories.local(organization, 3, 10)
    )


def seen(client: Client, booking: Booking, **asked: Any) -> tuple[str | None, str, str]:
    """The link, the calendar's address and the calendar file that a reader gets."""
    path = f"/api/v1/salon/bookings/{booking.reference}"
    document, calendar = client.get(path, **asked), client.get(f"{path}.ics", **asked)
    assert (document.status_code, calendar.status_code) == (200, 200)
    assert document["Cache-Control"] == "private, no-store"
    body = document.json()
    return body["manage_url"], body["calendar_url"], calendar.content.decode().replace("\r\n ", "")


@pytest.mark.parametrize(("role", "may"), [(Role.OWNER, True), (Role.DISPATCHER, True), (Role.MEMBER, False),
                                           (Role.READ_ONLY, False)])  # fmt: skip
def test_staff_get_the_link_if_they_may_change_bookings(
    client: Client, organization: Organization, booking: Booking, role: Role, may: bool
) -> None:
    client.force_login(factories.make_staff(organization, role=role))
    link, address, calendar = seen(client, booking)
    assert (link is not None, "token=" in address, "/manage/" in calendar) == (may, may, may)


@pytest.mark.parametrize("may_write", [True, False])
def test_keys_get_the_link_if_they_may_write(
    client: Client, organization: Organization, booking: Booking, may_write: bool
) -> None:
    _key, secret = create_api_key(organization_id=organization.id, name="Program", may_write=may_write)
    link, address, calendar = seen(client, booking, headers={"Authorization": f"Bearer {secret}"})
    assert (link is not None, "token=" in address, "/manage/" in calendar) == (may_write,) * 3


def test_the_customer_gets_the_link(client: Client, booking: Booking) -> None:
    link, address, calendar = seen(client, booking, headers={"X-Manage-Token": manage_token(booking.id)})
    assert (link is not None, "token=" in address, "/manage/" in calendar) == (True, True, True)
