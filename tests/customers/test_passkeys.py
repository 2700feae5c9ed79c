"""Passkeys: what a device signed lets its owner in, once; what is not theirs, not ours or not new lets nobody in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.models import Passkey
from tests import factories
from tests.customers.device import Device
from tests.customers.doors import ANA, mails_of, sign_in

ACCOUNT, HOME = "/salon/portal/account", "/salon/portal/"


def register(client: Client, device: Device, name: str = "My phone", slug: str = "salon") -> Any:
    options = client.post(f"/{slug}/portal/account/passkeys/options").json()
    sent = {"credential": device.create(options), "name": name}
    return client.post(f"/{slug}/portal/account/passkeys", sent, content_type="application/json")


def asked(client: Client, slug: str = "salon") -> Any:
    return client.post(f"/{slug}/portal/sign-in/passkey/options").json()


def answer(client: Client, credential: dict[str, Any], slug: str = "salon", **sent: str) -> Any:
    body = {"credential": credential, **sent}
    return client.post(f"/{slug}/portal/sign-in/passkey", body, content_type="application/json")


@pytest.fixture
def device(client: Client, booking: Booking) -> Device:
    """One that Ana has registered; she is signed in."""
    sign_in(client, booking.organization)
    made = Device()
    assert register(client, made).status_code == 201
    return made


def is_refused(page: Any) -> bool:
    return (page.status_code, page.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_passkey_signs_in_without_an_address_and_counts_its_uses(booking: Booking, device: Device) -> None:
    elsewhere = Client()
    options = asked(elsewhere)
    assert (options["rpId"], options["userVerification"], options["allowCredentials"]) == ("localhost", "preferred", [])
    done = answer(elsewhere, device.get(options), next="https://evil.example/")
    assert done.json() == {"next": HOME}
    assert booking.reference in elsewhere.get(HOME).content.decode()
    with transaction_for(booking.organization_id):
        assert Passkey.objects.values_list("name", "sign_count", "transports").get() == ("My phone", 1, ["internal"])


def test_the_mail_says_that_a_passkey_was_added(booking: Booking, device: Device) -> None:
    [mail] = mails_of(booking.organization, "customer.passkey_added")
    assert (mail.recipient, mail.subject) == (ANA, "A new passkey at Salon")


def test_what_was_signed_is_good_once(device: Device) -> None:
    elsewhere = Client()
    signed = device.get(asked(elsewhere))
    assert answer(elsewhere, signed).status_code == 200
    assert is_refused(answer(Client(), signed))


def test_what_was_signed_is_good_for_five_minutes(device: Device) -> None:
    signed = device.get(asked(Client()))
    with clock.stopped(clock.now() + timedelta(minutes=5, seconds=1)):
        assert is_refused(answer(Client(), signed))


def test_a_counter_that_goes_back_is_that_of_a_copy(device: Device) -> None:
    answer(Client(), device.get(asked(Client())))
    device.count = 0
    assert is_refused(answer(Client(), device.get(asked(Client()))))


def test_a_device_that_does_not_count_signs_in_again_and_again(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    synced = Device(counts=False)
    register(client, synced)
    assert [answer(Client(), synced.get(asked(Client()))).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"site": "evil.example"}])
def test_what_was_signed_for_another_site_is_refused(device: Device, wrong: dict[str, str]) -> None:
    elsewhere = Device(key=device.key, credential_id=device.credential_id, count=5, **wrong)  # type: ignore[arg-type]
    assert is_refused(answer(Client(), elsewhere.get(asked(Client()))))


def test_another_devices_signature_is_refused(device: Device) -> None:
    forged = Device(credential_id=device.credential_id, count=5)
    assert is_refused(answer(Client(), forged.get(asked(Client()))))


def test_a_challenge_of_one_organization_or_for_registering_does_not_sign_in(
    client: Client, device: Device, other_organization: Organization
) -> None:
    assert is_refused(answer(Client(), device.get(asked(Client(), "rival"))))
    options = client.post(f"{ACCOUNT}/passkeys/options").json()
    assert is_refused(answer(Client(), device.get(options)))
    assert is_refused(answer(Client(), device.get(asked(Client(), "rival")), "rival"))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"credential": {"response": {"clientDataJSON": "%%%"}}}'])
def test_nonsense_is_refused_in_words(organization: Organization, body: bytes) -> None:
    page = Client().post("/salon/portal/sign-in/passkey", body, content_type="application/json")
    assert is_refused(page)
    assert page.json()["code"] == "passkey_refused"


def test_the_same_key_is_not_kept_twice(client: Client, device: Device) -> None:
    assert is_refused(register(client, device))


def test_passkeys_are_named_and_removed_by_their_owner_only(
    client: Client, booking: Booking, device: Device, organization: Organization
) -> None:
    register(client, Device(), "Laptop")
    with transaction_for(organization.id):
        first, second = Passkey.objects.all()
    client.post(f"{ACCOUNT}/passkeys/{first.id}", {"name": "Ana’s phone"})
    with transaction_for(organization.id):
        Booking.objects.filter(id=booking.id).update(customer_email="ben@example.com", version=booking.version + 1)
    ben = Client()
    sign_in(ben, organization, "ben@example.com")
    ben.post(f"{ACCOUNT}/passkeys/{first.id}", {"remove": "1"})
    ben.post(f"{ACCOUNT}/passkeys/{first.id}", {"name": "mine"})
    client.post(f"{ACCOUNT}/passkeys/{second.id}", {"remove": "1"})
    with transaction_for(organization.id):
        assert list(Passkey.objects.values_list("name", flat=True)) == ["Ana’s phone"]
    assert answer(Client(), device.get(asked(Client()))).status_code == 200


def test_a_removed_passkey_opens_nothing(client: Client, device: Device, organization: Organization) -> None:
    with transaction_for(organization.id):
        passkey = Passkey.objects.get()
    client.post(f"{ACCOUNT}/passkeys/{passkey.id}", {"remove": "1"})
    assert is_refused(answer(Client(), device.get(asked(Client()))))


def test_a_booking_at_another_organization_is_not_opened_by_it(
    device: Device, other_organization: Organization
) -> None:
    factories.make_resource(other_organization)
    service = factories.make_service(other_organization)
    factories.make_booking(other_organization, service, factories.local(other_organization, 3, 10))
    elsewhere = Client()
    answer(elsewhere, device.get(asked(elsewhere)))
    assert elsewhere.get("/rival/portal/").status_code == 302
