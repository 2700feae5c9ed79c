"""A customer's account in a browser: a link by mail, a passkey on the device, and back in with nothing typed."""

import pytest
from django.conf import LazySettings

from holdfast.bookings import actions
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.e2e.conftest import OpenPage, link_mailed_to, looked_at, run_jobs

EMAIL = "ana@example.com"


@pytest.fixture
def here(address: str, settings: LazySettings) -> str:
    """A passkey belongs to a name, never to a number."""
    settings.BASE_URL = address.replace("127.0.0.1", "localhost")
    return str(settings.BASE_URL)


def test_a_passkey_is_added_after_a_link_and_signs_in_from_then_on(
    open_page: OpenPage, here: str, salon: Organization, massage: Service
) -> None:
    details = Details(customer=Customer("Ana Reyes", EMAIL, "", "en", ""), answers={"allergies": "none"})
    booking = actions.book(
        organization=salon,
        wish=factories.wish("massage"),
        starts_at=factories.local(salon, 3, 10),
        details=details,
        actor=CUSTOMER,
    )
    run_jobs()  # the mail of the booking is the older one
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    with looked_at(page):
        page.goto(f"{here}/salon/portal/sign-in?next=/salon/portal/account")
    page.get_by_label("Email").first.fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    page.goto(here + link_mailed_to(salon, EMAIL))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    page.get_by_label("Name of the new passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is added.").wait_for()
    with looked_at(page):
        assert page.get_by_label("Name of the passkey").input_value() == "My phone"

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    with looked_at(page):
        page.get_by_text(booking.reference).wait_for()
