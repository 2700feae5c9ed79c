"""The pages of who is signed in: everything that was booked with their address, and nothing of anybody else."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.waiting import actions as waiting
from holdfast.waiting.actions import Times
from tests import factories
from tests.customers.doors import sign_in

HOME = "/salon/portal/"


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization)


def book(organization: Organization, service: Service, day: int, hour: int, email: str = "ana@example.com") -> Booking:
    return actions.book(
        organization=organization,
        wish=factories.wish(service.slug),
        starts_at=factories.local(organization, day, hour),
        details=factories.details_of(email),
        actor=CUSTOMER,
    )


def test_what_is_to_come_stands_above_what_was_however_the_address_was_spelled(
    client: Client, organization: Organization, service: Service
) -> None:
    soon, later = book(organization, service, 3, 10, "ANA@example.com"), book(organization, service, 9, 10)
    gone = book(organization, service, 4, 10)
    actions.cancel(organization=organization, booking_id=gone.id, version=1, actor=CUSTOMER)
    sign_in(client, organization)
    with clock.stopped(later.starts_at - timedelta(days=1)):
        page = client.get(HOME)
    assert [row.booking.id for row in page.context["upcoming"]] == [later.id]
    assert [row.booking.id for row in page.context["past"]] == [gone.id, soon.id]


def test_each_line_leads_to_the_page_of_its_booking(
    client: Client, organization: Organization, service: Service
) -> None:
    booking = book(organization, service, 3, 10)
    sign_in(client, organization)
    [row] = client.get(HOME).context["upcoming"]
    shown = client.get(f"/salon/manage/{row.token}/").content.decode()
    assert (booking.reference in shown, 'href="/salon/portal/"' in shown) == (True, True)


def test_nobody_sees_what_others_booked_nor_what_was_booked_at_another_organization(
    client: Client, organization: Organization, other_organization: Organization, service: Service
) -> None:
    bens = book(organization, service, 3, 10, "ben@example.com")
    factories.make_resource(other_organization)
    elsewhere = book(other_organization, factories.make_service(other_organization), 3, 10)
    mine = book(organization, service, 4, 10)
    sign_in(client, organization)
    html = client.get(HOME).content.decode()
    assert (mine.reference in html, bens.reference in html, elsewhere.reference in html) == (True, False, False)


def test_an_address_that_is_only_like_another_is_another(
    client: Client, organization: Organization, service: Service
) -> None:
    book(organization, service, 3, 10, "ana.x@example.com")
    book(organization, service, 4, 10, "ana_x@example.com")
    sign_in(client, organization, "ana_x@example.com")
    assert len(client.get(HOME).context["upcoming"]) == 1


def test_a_payment_that_is_open_can_be_made_from_the_list(
    client: Client, organization: Organization, service: Service
) -> None:
    booking = book(organization, service, 3, 10)
    with transaction_for(organization.id):
        Booking.objects.filter(id=booking.id).update(payment_method="card", version=2)
    sign_in(client, organization)
    page = client.get(HOME)
    assert [each.wanted.amount.amount for each in page.context["to_pay"]] == [10_000]
    assert f"/salon/manage/{page.context['to_pay'][0].row.token}/pay/" in page.content.decode()


def test_places_on_the_waiting_list_are_shown_with_their_pages(
    client: Client, organization: Organization, service: Service
) -> None:
    day = factories.local(organization, 3, 10).date()
    for hour in range(8, 20):
        book(organization, service, 3, hour, "ben@example.com")
    waiting.join(
        organization=organization,
        wish=factories.wish(service.slug),
        times=Times(day, day),
        customer=factories.CUSTOMER,
    )
    sign_in(client, organization)
    page = client.get("/salon/portal/waiting")
    [entry] = page.context["standing"]
    assert client.get(entry.url).status_code == 200
    assert client.get(HOME).context["upcoming"] == []


def test_every_page_sends_strangers_to_sign_in_and_is_kept_by_no_cache(
    client: Client, organization: Organization, service: Service
) -> None:
    for path in (HOME, "/salon/portal/waiting", "/salon/portal/account"):
        assert client.get(path).headers["Location"].startswith("/salon/portal/sign-in")
    book(organization, service, 3, 10)
    sign_in(client, organization)
    for path in (HOME, "/salon/portal/waiting", "/salon/portal/account", "/salon/portal/sign-in?again=1"):
        page = client.get(path)
        assert (page.status_code, "no-store" in page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
            200,
            True,
            "noindex",
        )
