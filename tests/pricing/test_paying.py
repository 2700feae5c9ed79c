"""What paying adds to a price, and how much of it is asked for at once: the same in quote, hold and booking."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import PaymentOption
from tests import factories

ANA = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "en"}


@pytest.fixture
def with_fees(organization: Organization, service: Service) -> Service:
    """Cards cost customers 1.5 % and 0.25, of all; the payment page costs the business 2 %."""
    factories.make_option(
        organization, "card", fee_percent="1.5", fee_fixed=25, fee_borne_by="customer", fee_of_all=True
    )
    factories.make_option(organization, "checkout", fee_percent="2", position=20)
    factories.make_option(organization, "on_site", position=30)
    return service


def post(client: Client, path: str, organization: Organization, hour: int = 10, **body: Any) -> Any:
    sent = {"service": "massage", "starts_at": factories.monday(organization, hour).isoformat(), **body}
    return client.post(f"/api/v1/salon/{path}", sent, content_type="application/json")


def lines(answer: Any) -> list[tuple[str, str, int]]:
    return [(line["kind"], line["words"], line["amount"]) for line in answer.json()["price_lines"]]


def test_the_fee_that_customers_bear_is_a_line_of_quote_and_booking_alike(
    client: Client, organization: Organization, with_fees: Service
) -> None:
    quoted = post(client, "quotes", organization, payment_method="card")
    assert lines(quoted) == [("service", "Massage", 10_000), ("fee", "Payment fee", 178)]
    booked = post(client, "bookings", organization, payment_method="card", customer=ANA)
    assert lines(booked) == lines(quoted)
    assert booked.json()["state"] == "pending_payment"
    assert booked.json()["payment"]["due_now"] == quoted.json()["due_now"]["amount"] == 10_178
    again = post(client, "bookings", organization, 12, payment_method="on_site", customer=ANA)
    assert lines(again) == [("service", "Massage", 10_000)]


def test_what_the_business_bears_is_known_to_it_and_is_nobodys_line(
    client: Client, organization: Organization, with_fees: Service
) -> None:
    booked = post(client, "bookings", organization, payment_method="checkout", customer=ANA)
    assert lines(booked) == [("service", "Massage", 10_000)]
    with transaction_for(organization.id):
        assert Booking.objects.get().terms == {"due_now": 10_000, "fee_borne": 200}
    assert "fee_borne" not in booked.content.decode()


def test_a_quote_is_for_the_method_and_the_tip_that_it_was_asked_for(
    client: Client, organization: Organization, with_fees: Service
) -> None:
    factories.make_tips(organization)
    quote = post(client, "quotes", organization, payment_method="card", tip={"percent": 10}).json()
    other = post(client, "bookings", organization, customer=ANA, quote=quote["quote"], payment_method="card")
    assert other.json()["errors"][0]["field"] == "quote"
    with transaction_for(organization.id):
        PaymentOption.objects.filter(method="card").update(fee_percent=9)
    asked = {"quote": quote["quote"], "payment_method": "card", "tip": {"percent": 10}}
    booked = post(client, "bookings", organization, customer=ANA, **asked)
    assert booked.json()["price"] == quote["price"] == {"amount": 11_178, "currency": "EUR"}


def test_a_held_time_keeps_its_price_and_pays_the_fee_of_how_it_is_booked(
    client: Client, organization: Organization, with_fees: Service
) -> None:
    factories.make_tips(organization)
    held = post(client, "holds", organization).json()
    assert held["price"]["amount"] == 10_000
    with transaction_for(organization.id):
        Service.objects.update(price_amount=20_000)
    sent = {"hold": held["id"], "payment_method": "card", "tip": {"amount": 500}, "customer": ANA}
    booked = post(client, "bookings", organization, **sent)
    assert lines(booked) == [("service", "Massage", 10_000), ("fee", "Payment fee", 178), ("tip", "Tip", 500)]
    assert booked.json()["payment"]["due_now"] == 10_678


@pytest.mark.parametrize(
    ("tip", "said"),
    [
        ({"percent": 12}, "is not among the tips on offer"),
        ({"amount": 500}, "is not among the tips on offer"),
        ({"amount": 500, "percent": 10}, "either an amount or a percentage"),
        ({}, "either an amount or a percentage"),
    ],
)
def test_a_tip_is_one_of_those_on_offer(
    client: Client, organization: Organization, service: Service, tip: dict[str, int], said: str
) -> None:
    factories.make_tips(organization, is_free=False)
    refused = post(client, "quotes", organization, tip=tip)
    assert refused.status_code == 422
    assert said in refused.json()["errors"][0]["message"]


def test_without_tips_on_offer_nothing_is_a_tip(client: Client, organization: Organization, service: Service) -> None:
    assert post(client, "quotes", organization, tip={"amount": 0}).json()["price"]["amount"] == 10_000
    assert post(client, "quotes", organization, tip={"amount": 1}).status_code == 422


@pytest.mark.parametrize(
    ("currency", "price", "method", "due", "total"),
    [
        ("EUR", 9999, "card", 3000, 9999),
        ("JPY", 9999, "card", 3000, 9999),
        ("KWD", 12_345, "card", 3710, 12_350),  # what cards can be charged
        ("EUR", 9999, "on_site", 0, 9999),
    ],
)
def test_a_deposit_is_asked_for_at_once_and_the_rest_later(
    client: Client,
    organization: Organization,
    service: Service,
    currency: str,
    price: int,
    method: str,
    due: int,
    total: int,
) -> None:
    with transaction_for(organization.id):
        Organization.objects.filter(id=organization.id).update(currency=currency)
        Service.objects.update(price_amount=price)
    factories.make_option(organization, "card")
    factories.make_option(organization, "on_site")
    factories.make_deposit(organization, percent="30", whole_within=1440)
    quote = post(client, "quotes", organization, payment_method=method).json()
    assert quote["due_now"] == {"amount": due, "currency": currency}
    booked = post(client, "bookings", organization, payment_method=method, customer=ANA).json()
    assert (booked["payment"]["due_now"], booked["payment"]["outstanding"]) == (due, total)


def test_who_books_late_pays_all_at_once_and_a_service_has_its_own_deposit(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_option(organization, "card")
    factories.make_deposit(organization, percent="30", whole_within=1440)
    start = factories.monday(organization, 10)
    with clock.stopped(start - timedelta(minutes=1439)):
        asked: dict[str, Any] = {"payment_method": "card", "starts_at": start.isoformat()}
        assert post(client, "quotes", organization, **asked).json()["due_now"]["amount"] == 10_000
    factories.make_deposit(organization, amount=2500, service=service)
    assert post(client, "quotes", organization, payment_method="card").json()["due_now"]["amount"] == 2500


def test_a_quote_says_what_cancelling_will_cost_as_dates(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_policy(organization, (1440, "50"), (120, 8000))
    factories.make_tips(organization)
    found = post(client, "quotes", organization, tip={"percent": 10}).json()["cancellation"]
    start = factories.monday(organization, 10)
    assert [(step["fee"]["amount"], step["until"]) for step in found["steps"]] == [
        (0, (start - timedelta(minutes=1440)).isoformat()),
        (5000, (start - timedelta(minutes=120)).isoformat()),
        (8000, (start - timedelta(minutes=1)).isoformat()),
    ]
    assert found["no_show"] == {"amount": 10_000, "currency": "EUR"}
    assert [each.split(": ")[1] for each in found["words"]] == ["Free", "50% = €50.00", "€80.00", "100% = €100.00"]
    booked = post(client, "bookings", organization, tip={"percent": 10}, customer=ANA).json()
    assert booked["cancellation"] == found


def test_without_a_ladder_only_the_notice_is_said(client: Client, organization: Organization, service: Service) -> None:
    found = post(client, "bookings", organization, customer=ANA).json()["cancellation"]
    notice = timedelta(minutes=organization.cancellation_notice_minutes)
    assert found == {
        "free_until": (factories.monday(organization, 10) - notice).isoformat(),
        "steps": [],
        "no_show": None,
        "fee_now": {"amount": 0, "currency": "EUR"},
        "words": [],
    }


@pytest.mark.parametrize("method", ["on_site", "none", None])
def test_customers_pay_by_what_is_offered_alone(
    client: Client, organization: Organization, service: Service, method: str | None
) -> None:
    factories.make_option(organization, "checkout", position=20)
    factories.make_option(organization, "card", position=10)
    sent: dict[str, Any] = {"customer": ANA, **({"payment_method": method} if method else {})}
    monday = factories.monday(organization, 10)
    held = post(client, "holds", organization, 12).json()
    refused = post(client, "bookings", organization, **sent)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "payment_method", "message": "one of card, checkout"}]
    by_hold = post(client, "bookings", organization, 12, hold=held["id"], **sent)
    assert by_hold.json()["errors"] == refused.json()["errors"]
    _key, secret = create_api_key(organization_id=organization.id, name="Front desk", may_write=True)
    by_key = client.post(
        "/api/v1/salon/bookings",
        {"service": "massage", "starts_at": monday.isoformat(), "customer": ANA, "payment_method": "on_site"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert by_key.json()["state"] == "confirmed"
    with transaction_for(organization.id):
        Service.objects.update(price_amount=0)
    organization.refresh_from_db()
    assert post(client, "bookings", organization, 13, **sent).json()["state"] == "confirmed"
