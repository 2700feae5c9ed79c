"""Who holds: one hold for a customer and service, and not without end from one network."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.addresses import network
from holdfast.core.tenancy import transaction_for
from tests import factories

HOLDS = "/api/v1/salon/holds"


@pytest.fixture
def service(organization: Organization) -> Service:
    for _ in range(8):
        factories.make_resource(organization)
    return factories.make_service(organization, slug="massage")


def hold(client: Client, start: datetime, *, secret: str = "", **body: Any) -> tuple[int, Any]:
    sent = {"service": "massage", "starts_at": start.isoformat(), **body}
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = client.post(HOLDS, sent, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_a_second_hold_of_the_same_holder_is_refused_and_names_the_first(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    status, first = hold(client, start, holder="till-7")
    assert status == 201
    status, refused = hold(client, start + timedelta(hours=2), holder="till-7")
    assert (status, refused["code"]) == (409, "hold_exists")
    assert refused["hold"] == first["id"]
    assert datetime.fromisoformat(refused["expires_at"]) == datetime.fromisoformat(first["expires_at"])
    assert hold(client, start + timedelta(hours=2), holder="till-8")[0] == 201
    assert hold(client, start + timedelta(hours=2))[0] == 201  # who does not say who they are is not told apart


def test_the_hold_that_exists_moves_when_it_is_named(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    first = hold(client, start, holder="till-7")[1]
    status, moved = hold(client, start + timedelta(hours=2), holder="till-7", replaces=first["id"])
    assert (status, moved["id"]) == (201, first["id"])


def test_an_address_is_a_holder_however_it_is_written(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    assert hold(client, start, email="Ana@example.com")[0] == 201
    assert hold(client, start, email="ana@example.com")[1]["code"] == "hold_exists"


def test_a_holder_may_hold_each_service_and_more_where_the_service_allows(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_service(organization, slug="visit", holds_per_customer=2)
    start = factories.local(organization, 3, 10)
    assert hold(client, start, holder="x")[0] == 201
    assert [hold(client, start, holder="x", service="visit")[0] for _ in range(3)] == [201, 201, 409]


def test_a_hold_that_has_run_out_or_was_released_does_not_stand_in_its_holders_way(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 3, 10)
    with clock.stopped(clock.now() - timedelta(minutes=11)):
        old = hold(client, start, holder="x")[1]
    status, again = hold(client, start, holder="x")
    assert status == 201
    with transaction_for(organization.id):
        assert Booking.objects.get(id=old["id"]).state == "expired"
    assert client.delete(f"{HOLDS}/{again['id']}").status_code == 204
    assert hold(client, start, holder="x")[0] == 201


def test_who_holds_is_kept_as_a_digest(client: Client, organization: Organization, service: Service) -> None:
    hold(client, factories.local(organization, 3, 10), email="ana@example.com")
    with transaction_for(organization.id):
        held = Booking.objects.get()
    assert len(held.holder) == len(held.held_from) == 40
    assert "ana" not in held.holder
    assert "127" not in held.held_from


def test_one_network_holds_so_many_times_at_once_and_is_told_when_to_come_again(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        organization.holds_from_one_address = 2
        organization.save()
    start = factories.local(organization, 3, 10)
    assert [hold(client, start + timedelta(hours=n))[0] for n in range(2)] == [201, 201]
    status, refused = hold(client, start + timedelta(hours=3))
    assert (status, refused["code"]) == (429, "too_many_holds")
    sent = {"service": "massage", "starts_at": start.isoformat()}
    answer = client.post(HOLDS, sent, content_type="application/json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 601
    elsewhere = client.post(HOLDS, sent, content_type="application/json", REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 201
    _key, secret = create_api_key(organization_id=organization.id, name="Widget", may_write=True)
    assert hold(client, start, secret=secret)[0] == 201  # a program holds for many
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        assert hold(client, start + timedelta(hours=3))[0] == 201


def test_holding_and_releasing_again_and_again_has_an_end(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        organization.holds_from_one_address = 2
        organization.save()
    start = factories.local(organization, 3, 10)
    for _ in range(4):
        status, held = hold(client, start)
        assert status == 201
        client.delete(f"{HOLDS}/{held['id']}")
    assert hold(client, start)[1]["code"] == "too_many_holds"
    with clock.stopped(clock.now() + timedelta(minutes=2)):
        assert hold(client, start)[0] == 201


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_household_counts_as_one_address(address: str, counted_as: str) -> None:
    assert network(address) == counted_as
