"""A tariff is tried on a month: what each booking would have cost, and nothing is changed by looking."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.replaying import replay
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog import actions as catalog
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories

EVENING = {"effect": "per_hour", "amount": 15_000, "instead": True, "from_time": time(18), "until_time": time(6)}


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization)
    return factories.make_service(organization)


@pytest.fixture
def staff(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def book_three(organization: Organization, service: Service) -> None:
    """At 10:00, at 18:00 and one that is cancelled."""
    starts = [factories.monday(organization, hour) for hour in (10, 18, 12)]
    *_, last = [factories.make_booking(organization, service, start) for start in starts]
    actions.cancel(organization=organization, booking_id=last.id, version=last.version, actor=CUSTOMER)


def test_each_booking_is_priced_as_if_the_draft_had_been_in_force(organization: Organization, service: Service) -> None:
    factories.make_tariff(organization, {"effect": "add", "amount": 500}, name="Now")
    book_three(organization, service)
    draft = factories.make_tariff(organization, EVENING, name="Next", in_force=False)
    day = factories.monday(organization, 10).date()
    with transaction_for(organization.id):
        found = replay(organization, draft, day, day + timedelta(days=1))
        assert [(each.booking.price_amount, each.would_be, each.difference) for each in found.bookings] == [
            (10_500, 10_000, -500), (10_500, 15_000, 4500),
        ]  # fmt: skip
        assert (found.was, found.would_be, found.difference, found.left_out) == (21_000, 25_000, 4000, 0)
        assert found.by_day(organization.time_zone) == {day: 4000}
        assert replay(organization, draft, day + timedelta(days=1), day + timedelta(days=9)).bookings == ()
        assert set(Booking.objects.values_list("price_amount", flat=True)) == {10_500}


def test_the_tariff_in_force_gives_what_was_charged(organization: Organization, service: Service) -> None:
    tariff = factories.make_tariff(organization, EVENING, {"effect": "percent", "percent": "12.5", "covers": "any"})
    factories.make_promotion(organization)
    start = factories.monday(organization, 18)
    factories.make_booking(organization, service, start, promo_code="SPRING")
    with transaction_for(organization.id):
        found = replay(organization, tariff, start.date(), start.date() + timedelta(days=1))
    assert [(each.booking.price_amount, each.difference) for each in found.bookings] == [(15_188, 0)]


def test_what_was_taken_besides_is_in_both_sums_and_what_is_sold_no_more_is_left_out(
    organization: Organization, service: Service
) -> None:
    draft = factories.make_tariff(organization, EVENING, in_force=False)
    seat = factories.make_extra(organization, slug="child-seat")
    start = factories.monday(organization, 18)
    factories.make_booking(organization, service, start, extras=(("child-seat", 2),))
    for left_out, differences in ((0, [5000]), (1, [])):
        with transaction_for(organization.id):
            found = replay(organization, draft, start.date(), start.date() + timedelta(days=1))
            assert ([each.difference for each in found.bookings], found.left_out) == (differences, left_out)
            if not left_out:
                catalog.delete_extra(extra=seat)
        organization.refresh_from_db()


def test_the_page_says_the_sums_and_each_difference(
    staff: Client, organization: Organization, service: Service
) -> None:
    book_three(organization, service)
    draft = factories.make_tariff(organization, EVENING, name="Next", in_force=False)
    month = f"{factories.monday(organization, 10):%Y-%m}"
    page = staff.get(f"/desk/reports/tariffs/?tariff={draft.pk}&month={month}").content.decode()
    for said in ("Next · draft", "€200.00", "€250.00", "€50.00", 'class="bar-more"'):
        assert said in page


def test_those_whose_price_changes_come_first_and_the_file_has_all(
    staff: Client, organization: Organization, service: Service
) -> None:
    book_three(organization, service)
    draft = factories.make_tariff(organization, EVENING, name="Next", in_force=False)
    asked = f"tariff={draft.pk}&month={factories.monday(organization, 10):%Y-%m}"

    def listed(show: str) -> list[str]:
        page = staff.get(f"/desk/reports/tariffs/?{asked}&show={show}").content.decode()
        return re.findall(r"data-difference[^>]*>([^<]*)<", page)

    assert [listed(show) for show in ("", "dearer", "cheaper", "all")] == [
        ["+€50.00"], ["+€50.00"], [], ["€0.00", "+€50.00"],
    ]  # fmt: skip
    file = staff.get(f"/desk/reports/tariffs.csv?{asked}").content.decode().splitlines()
    assert [line.rsplit(",", 4)[1:] for line in file] == [
        ["Price", "Would be", "Difference", "Currency"],
        ["100.00", "100.00", "0.00", "EUR"],
        ["100.00", "150.00", "50.00", "EUR"],
    ]
    assert staff.get("/desk/reports/tariffs.csv?tariff=x").status_code == 404


def test_without_tariffs_and_without_bookings_the_page_says_so(staff: Client, organization: Organization) -> None:
    assert "No tariff yet" in staff.get("/desk/reports/tariffs/").content.decode()
    draft = factories.make_tariff(organization, in_force=False)
    page = staff.get(f"/desk/reports/tariffs/?tariff={draft.pk}&month=nonsense").content.decode()
    assert "No bookings in this month" in page
