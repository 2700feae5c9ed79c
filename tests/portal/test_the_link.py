"""The page of one booking: what its link's bearer may do, and what nobody else sees."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Limit, Organization, Service
from holdfast.core import clock
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from tests import factories

STAFF = Actor("staff", "Sam Owner")


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", name="Léa", is_public=True)
    return factories.make_service(organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}])


@pytest.fixture
def booking(organization: Organization, service: Service) -> Booking:
    return factories.make_booking(organization, service, factories.local(organization, 3, 10))


@pytest.fixture
def link(booking: Booking) -> str:
    return f"/salon/manage/{manage_token(booking.id)}/"


def now_of(booking: Booking) -> Booking:
    with transaction_for(booking.organization_id):
        return Booking.objects.get(id=booking.id)


def test_the_link_shows_the_booking_and_its_calendar_file(client: Client, booking: Booking, link: str) -> None:
    page = client.get(link)
    html = page.content.decode()
    assert booking.reference in html
    assert f"/api/v1/salon/bookings/{booking.reference}.ics?token=" in html
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_booking_is_moved_after_a_look_at_the_new_time(client: Client, booking: Booking, link: str) -> None:
    later = booking.starts_at + timedelta(hours=4)
    times = client.get(f"{link}reschedule", {"date": later.date().isoformat()})
    assert later in [each.starts_at for each in times.context["month"].times()]
    look = client.get(f"{link}reschedule", {"at": later.isoformat()})
    assert "Move the booking?" in look.content.decode()
    assert now_of(booking).starts_at == booking.starts_at
    moved = client.post(f"{link}reschedule", {"at": later.isoformat(), "version": "1"}, follow=True)
    assert now_of(booking).starts_at == later
    assert "has a new time" in moved.content.decode()


def test_a_booking_moved_to_somebody_else_names_who_comes_and_not_who_would_have(
    client: Client, organization: Organization, booking: Booking, link: str
) -> None:
    factories.make_resource(organization, slug="max", name="Max", is_public=True)
    assert "<dd>Léa</dd>" in client.get(link).content.decode()
    later = booking.starts_at + timedelta(hours=4)
    client.post(f"{link}reschedule?resource=max", {"at": later.isoformat(), "version": "1", "resource": "max"})
    page = client.get(link).content.decode()
    assert ("<dd>Max</dd>" in page, "Léa" in page) == (True, False)


def test_ones_own_time_is_free_for_the_booking_that_moves(client: Client, booking: Booking, link: str) -> None:
    half_an_hour_later = booking.starts_at + timedelta(minutes=30)
    client.post(f"{link}reschedule", {"at": half_an_hour_later.isoformat(), "version": "1"})
    assert now_of(booking).starts_at == half_an_hour_later


def test_a_time_lost_while_moving_is_explained_and_the_booking_stands(
    client: Client, organization: Organization, service: Service, booking: Booking, link: str
) -> None:
    wanted = booking.starts_at + timedelta(hours=4)
    factories.make_booking(organization, service, wanted)
    page = client.post(f"{link}reschedule", {"at": wanted.isoformat(), "version": "1"}, follow=True)
    assert "has just been taken" in page.content.decode()
    assert len(page.context["lost"]["alternatives"]) == 5
    assert now_of(booking).starts_at == booking.starts_at


def test_cancelling_asks_first_and_then_frees_the_time(client: Client, booking: Booking, link: str) -> None:
    asked = client.get(f"{link}cancel").content.decode()
    assert "Cancel this booking?" in asked
    assert "It costs you nothing" in asked
    done = client.post(f"{link}cancel", {"version": "1"}, follow=True)
    assert now_of(booking).state == "cancelled"
    assert "The time is free for others again" in done.content.decode()


@pytest.mark.parametrize("step", ["cancel", "reschedule"])
def test_a_page_older_than_the_last_change_changes_nothing_and_shows_the_present_state(
    client: Client, organization: Organization, booking: Booking, link: str, step: str
) -> None:
    moved_to = booking.starts_at + timedelta(hours=2)
    actions.reschedule(organization=organization, booking_id=booking.id, starts_at=moved_to, version=1, actor=STAFF)
    sent = {"version": "1", "at": (booking.starts_at + timedelta(hours=6)).isoformat()}
    page = client.post(f"{link}{step}", sent, follow=True)
    assert "changed in the meantime" in page.content.decode()
    assert (now_of(booking).state, now_of(booking).starts_at) == ("confirmed", moved_to)


def test_after_the_notice_has_begun_the_telephone_is_named(
    client: Client, organization: Organization, booking: Booking, link: str
) -> None:
    with transaction_for(organization.id):
        Organization.objects.filter(id=organization.id).update(phone="+33199001234")
    with clock.stopped(booking.starts_at - timedelta(hours=23)):
        html = client.get(link).content.decode()
        assert "Changes online were possible until" in html
        assert "+33 1 99 00 12 34" in html
        assert "reschedule" not in html
        refused = client.post(f"{link}cancel", {"version": "1"}, follow=True).content.decode()
    assert "It is too late to change this booking online. It stands as it is; please call +33 1 99 00 12 34." in refused
    assert now_of(booking).state == "confirmed"


def test_a_link_of_another_organization_an_altered_one_and_a_hold_s_are_not_here(
    client: Client, organization: Organization, service: Service, other_organization: Organization, booking: Booking
) -> None:
    token = manage_token(booking.id)
    held = holds.hold(
        organization=organization,
        wish=actions.wish_of(booking, None, STAFF),
        starts_at=factories.local(organization, 4, 10),
    )
    for path in (f"/rival/manage/{token}/", f"/salon/manage/{token}x/", f"/salon/manage/{manage_token(held.id)}/"):
        page = client.get(path)
        assert page.status_code == 404
        assert "This link does not work" in page.content.decode()
        assert booking.reference not in page.content.decode()
    assert client.post(f"/rival/manage/{token}/cancel", {"version": "1"}).status_code == 404
    assert now_of(booking).state == "confirmed"


def test_a_cancelled_booking_offers_to_book_again(
    client: Client, organization: Organization, booking: Booking, link: str
) -> None:
    actions.cancel(organization=organization, booking_id=booking.id, version=1, actor=STAFF)
    html = client.get(link).content.decode()
    assert "Book again" in html
    assert client.get(f"{link}reschedule").headers["Location"] == link


@pytest.mark.parametrize("change", [{"is_active": False}, {"duration_minutes": 90}, {"largest_party": 1}])
def test_a_booking_of_a_service_that_was_changed_stands_and_that_is_said(
    client: Client, organization: Organization, change: dict[str, Any]
) -> None:
    factories.make_resource(organization, lanes=2)
    service = factories.make_service(organization, largest_party=2)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), party_size=2)
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(**change)
    page = client.get(f"/salon/manage/{manage_token(booking.id)}/reschedule", follow=True)
    assert page.status_code == 200
    assert "What is on offer has changed since you booked" in page.content.decode()
    assert now_of(booking).state == "confirmed"


def test_a_move_beyond_the_customers_own_limit_leads_to_the_times_that_it_allows(
    client: Client, organization: Organization, service: Service
) -> None:
    monday = factories.monday(organization, 10)
    factories.make_booking(organization, service, monday)
    moved = factories.make_booking(organization, service, monday + timedelta(days=7))
    with transaction_for(organization.id):
        Limit.objects.create(organization=organization, kind="customer", most=1, period="week")
    link = f"/salon/manage/{manage_token(moved.id)}/reschedule"
    to = monday.replace(hour=14)
    look = client.get(link, {"at": to.isoformat()})
    assert "Move the booking?" not in look.content.decode()
    sent = client.post(link, {"at": to.isoformat(), "version": "1"})
    page = client.get(sent.headers["Location"])
    assert "You have reached the number of bookings that one customer may make" in page.content.decode()
    nearest = [datetime.fromisoformat(each.value) for each in page.context["lost"]["alternatives"]]
    assert len(nearest) == 5
    assert all(each.isocalendar().week != monday.isocalendar().week for each in nearest)
    client.post(link, {"at": nearest[-1].isoformat(), "version": "1"})
    assert now_of(moved).starts_at == nearest[-1]


def test_a_request_waits_for_approval_in_the_customers_words(client: Client, organization: Organization) -> None:
    factories.make_resource(organization)
    visit = factories.make_service(organization, slug="visit", needs_approval=True)
    asked = factories.make_booking(organization, visit, factories.local(organization, 3, 10))
    html = client.get(f"/salon/manage/{manage_token(asked.id)}/").content.decode()
    assert "Waiting for approval" in html
    assert "To approve" not in html


def test_cancelling_late_says_what_it_costs_and_costs_no_more_than_that(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_policy(organization, (1440, "50"), (120, "80"))
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    link = f"/salon/manage/{manage_token(booking.id)}/"
    with clock.stopped(booking.starts_at - timedelta(hours=5)):
        page = client.get(f"{link}cancel").content.decode()
        assert "Cancelling now costs <strong>€50.00</strong>" in page
        assert '<input type="hidden" name="accept_fee" value="5000">' in page
        assert "Choose another time" not in client.get(link).content.decode()
    with clock.stopped(booking.starts_at - timedelta(hours=1)):
        late = client.post(f"{link}cancel", {"version": "1", "accept_fee": "5000"}, follow=True)
        assert "Cancelling costs €80.00 by now. Nothing was done yet" in late.content.decode()
        assert now_of(booking).state == "confirmed"
        done = client.post(f"{link}cancel", {"version": "1", "accept_fee": "8000"}, follow=True).content.decode()
    assert now_of(booking).state == "cancelled"
    assert "€80.00" in done
