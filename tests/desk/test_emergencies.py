"""Staff book emergencies at the desk, by the same rules, and see them as such."""

from collections.abc import Callable
from datetime import time
from uuid import uuid4

import pytest
from django.test import Client

from holdfast.alerts.models import Alert
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World
from tests.desk.test_new_booking import PERSON, links, time_of

SignIn = Callable[..., Client]


@pytest.fixture
def urgent(world: World) -> World:
    """Inés is on call from 20:00 to midnight, and massages can be emergencies."""
    factories.put_on_call(world.ines, time(20), time(0))
    with transaction_for(world.organization.id):
        Service.objects.filter(slug="massage").update(offers_emergency=True, emergency_horizon_hours=72)
    return world


def test_the_choice_is_there_only_where_emergencies_are_taken(signed_in: SignIn, urgent: World) -> None:
    browser = signed_in(urgent)
    assert "How urgent" in browser.get("/desk/bookings/new/?service=massage").content.decode()
    assert "How urgent" not in browser.get("/desk/bookings/new/?service=visit").content.decode()


def test_an_emergency_by_telephone(signed_in: SignIn, urgent: World) -> None:
    browser = signed_in(urgent)
    start = factories.local(urgent.organization, 1, 22)
    address = f"/desk/bookings/new/?service=massage&type=emergency&day={start.date()}"
    link = next(each for each in links(browser.get(address).content.decode()) if time_of(each) == start)
    sent = {**PERSON, "phone": "", "key": uuid4()}
    wrong = browser.post(f"/desk/bookings/new/{link}", sent)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"phone", "emergency_reason"}
    said = {"emergency_reason": "Cannot move", "key": uuid4()}
    unreachable = browser.post(
        f"/desk/bookings/new/{link}", {**PERSON, **said, "phone": "+1 111 111 1111", "phone_country": "US"}
    )
    assert (unreachable.status_code, set(unreachable.context["form"].errors)) == (422, {"phone"})
    made = browser.post(f"/desk/bookings/new/{link}", {**PERSON, **said, "key": uuid4()})
    page = browser.get(made.headers["Location"]).content.decode()
    assert "Cannot move" in page
    assert "taking care" not in page
    with transaction_for(urgent.organization.id):
        booking = Booking.objects.get()
        assert (booking.type, booking.starts_at) == ("emergency", start)
        assert Alert.objects.get().booking == booking


def test_why_knows_the_hours_of_emergencies(signed_in: SignIn, urgent: World) -> None:
    browser, at = signed_in(urgent), factories.local(urgent.organization, 1, 22)
    asked = {"service": "massage", "resource": "ines", "time": f"{at:%Y-%m-%dT%H:%M}"}
    codes = [
        browser.get("/desk/bookings/why/", {**asked, **more}).context["found"].code
        for more in ({}, {"type": "emergency"})
    ]
    assert codes == ["outside_hours", None]


def test_an_open_alert_leads_to_its_booking_except_from_there(signed_in: SignIn, urgent: World) -> None:
    booking = factories.make_emergency(urgent.organization, urgent.massage, factories.local(urgent.organization, 1, 22))
    browser = signed_in(urgent)
    there = f"/desk/bookings/{booking.reference}/"
    assert f'<a class="button" href="{there}">Open the booking</a>' in browser.get("/desk/hours/").content.decode()
    own = browser.get(there).content.decode()
    assert "I’ll take care of it" in own
    assert f'<a class="button" href="{there}">' not in own
