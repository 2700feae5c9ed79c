"""A series at the desk: all its dates on one page, cancelled from one on or as a whole."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.series import actions, asked
from tests import factories
from tests.desk.conftest import World


def booked(organization: Organization, service: Service, start: datetime) -> list[Booking]:
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(allows_series=True)
    organization.refresh_from_db()
    wanted = asked.read(
        wish=Wish(service=service.slug),
        starts_at=start,
        zone=organization.time_zone,
        recurrence={"rrule": "FREQ=WEEKLY;COUNT=4"},
    )
    return actions.book(organization=organization, asked=wanted, details=factories.DETAILS).bookings


def test_its_page_lists_every_date_and_cancels_from_one_on(world: World, signed_in: Callable[..., Client]) -> None:
    organization, service, desk = world.organization, world.massage, signed_in(world)
    rows = booked(organization, service, factories.local(organization, 10, 14))
    page = desk.get(f"/desk/series/{rows[0].series_id}/")
    assert page.status_code == 200
    for row in rows:
        assert row.reference in page.content.decode()
    done = desk.post(
        f"/desk/bookings/{rows[2].reference}/cancel-series/", {"scope": "following", "version": rows[2].version}
    )
    assert done.headers["Location"] == f"/desk/series/{rows[0].series_id}/"
    with transaction_for(organization.id):
        states = Booking.objects.filter(series__isnull=False).order_by("starts_at").values_list("state", flat=True)
        assert list(states) == ["confirmed", "confirmed", "cancelled", "cancelled"]
    desk.post(f"/desk/bookings/{rows[0].reference}/cancel-series/", {"scope": "all"})
    with transaction_for(organization.id):
        assert not Booking.objects.filter(series__isnull=False, state="confirmed").exists()
    assert desk.get(f"/desk/bookings/{rows[0].reference}/").status_code == 200


def test_its_page_confirms_all_requested_dates_at_once(world: World, signed_in: Callable[..., Client]) -> None:
    organization, desk = world.organization, signed_in(world)
    rows = booked(organization, world.visit, factories.local(organization, 10, 14))
    address = f"/desk/series/{rows[0].series_id}/"
    assert f"/desk/bookings/{rows[0].reference}/confirm-series/" in desk.get(address).content.decode()
    done = desk.post(f"/desk/bookings/{rows[0].reference}/confirm-series/", follow=True)
    assert done.redirect_chain == [(address, 302)]
    page = done.content.decode()
    assert "4 dates confirmed. The customer gets one mail." in page
    assert "confirm-series" not in page
    with transaction_for(organization.id):
        states = Booking.objects.filter(series__isnull=False).values_list("state", flat=True)
        assert list(states) == ["confirmed"] * 4


def test_whoever_may_only_look_confirms_nothing(world: World, signed_in: Callable[..., Client]) -> None:
    rows = booked(world.organization, world.visit, factories.local(world.organization, 10, 14))
    desk = signed_in(world, Role.READ_ONLY)
    assert "confirm-series" not in desk.get(f"/desk/series/{rows[0].series_id}/").content.decode()
    assert desk.post(f"/desk/bookings/{rows[0].reference}/confirm-series/").status_code == 403
    assert world.again(rows[0]).state == "requested"


def test_a_booking_says_which_date_of_how_many_it_is(world: World, signed_in: Callable[..., Client]) -> None:
    rows = booked(world.organization, world.massage, factories.local(world.organization, 10, 14))
    alone = world.book(days=3)
    desk = signed_in(world)
    desk.post(f"/desk/bookings/{rows[3].reference}/cancel-series/", {"scope": "following", "version": rows[3].version})
    assert desk.get(f"/desk/bookings/{rows[2].reference}/").context["place"] == (3, 4)
    assert "3 of 4" in desk.get(f"/desk/bookings/{rows[2].reference}/").content.decode()
    assert desk.get(f"/desk/bookings/{alone.reference}/").context["place"] is None
