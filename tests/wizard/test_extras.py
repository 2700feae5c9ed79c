"""Extras on the booking pages, in plain forms: chosen with the time, priced, said, and explained when they are gone."""

from typing import Any

import pytest

from holdfast.catalog.models import Extra
from tests import factories
from tests.wizard.conftest import Customer


@pytest.fixture
def seat(customer: Customer) -> Extra:
    factories.make_resource(customer.organization, slug="max", name="Max", is_public=True)
    return factories.make_extra(customer.organization, slug="child-seat", stock=3, about={"en": "From 9 to 36 kg"})


def page(customer: Customer, **asked: Any) -> Any:
    day = factories.local(customer.organization, 3, 10).date()
    return customer.client.get(customer.home, {"service": "massage", "date": str(day), **asked})


def test_choosing_an_extra_shows_the_times_and_prices_with_it(customer: Customer, seat: Extra) -> None:
    plain = page(customer)
    html = plain.content.decode()
    assert 'name="extra-child-seat"' in html
    assert "€15 each" in html
    assert "From 9 to 36 kg" in html
    chosen = page(customer, **{"extra-child-seat": "2"})
    assert chosen.context["selection"].extras == "child-seat:2"
    assert chosen.context["script"]["query"]["extras"] == "child-seat:2"
    assert {each.amount for each in chosen.context["month"].times()} == {13_000}
    assert {each.amount for each in plain.context["month"].times()} == {10_000}
    assert '<input type="hidden" name="extras" value="child-seat:2">' in chosen.content.decode()
    assert '<option value="2" selected>' in chosen.content.decode()


@pytest.mark.parametrize("sent", ["boat:1", "child-seat:x", "child-seat:9", ":", "child-seat:-1"])
def test_what_is_not_offered_is_left_out_and_more_than_there_may_be_is_not_taken(
    customer: Customer, seat: Extra, sent: str
) -> None:
    shown = page(customer, extras=sent)
    assert shown.status_code == 200
    assert shown.context["selection"].extras == ("child-seat:2" if sent == "child-seat:9" else "")


def test_what_was_chosen_is_held_said_and_booked(customer: Customer, seat: Extra) -> None:
    start = factories.local(customer.organization, 3, 10)
    taken = customer.take(start, extras="child-seat:2")
    assert "extras=child-seat%3A2" in taken.headers["Location"]
    told = customer.client.get(taken.headers["Location"]).content.decode()
    assert "2 × Child seat" in told
    assert "Child seat: 2 at €15 each" in told
    customer.tell()
    booked = customer.book()
    (booking,) = customer.bookings()
    assert (booking.price_amount, [each["count"] for each in booking.extras]) == (13_000, [2])
    assert "2 × Child seat" in customer.client.get(booked.headers["Location"]).content.decode()


def test_who_comes_too_late_for_the_last_ones_is_told_which_and_shown_times_with_them(
    customer: Customer, seat: Extra
) -> None:
    start = factories.local(customer.organization, 3, 10)
    factories.make_booking(customer.organization, customer.service, start, extras=(("child-seat", 2),))
    lost = customer.take(start, extras="child-seat:2")
    html = customer.client.get(lost.headers["Location"]).content.decode()
    assert "At this time there are not so many left of “Child seat”. The time itself is free." in html
    assert len(customer.client.get(lost.headers["Location"]).context["lost"]["alternatives"]) == 5
    assert customer.take(start, extras="child-seat:1").headers["Location"].startswith("/salon/booking/details")
