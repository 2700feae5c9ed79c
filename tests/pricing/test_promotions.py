"""A code takes off what was promised, as often as it may, and a refusal says why."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import RestrictedError
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.models import Booking, PromotionUse
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.actions import keep
from holdfast.pricing.models import Promotion
from tests import factories

ANA = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "+33199001234", "locale": "en"}
BEN = {"name": "Ben Ode", "email": "ben@example.com", "locale": "en"}


def send(client: Client, path: str, organization: Organization, hour: int, **body: Any) -> Any:
    starts_at = factories.monday(organization, hour).isoformat()
    sent = {"service": "massage", "starts_at": starts_at, **body}
    return client.post(f"/api/v1/salon/{path}", sent, content_type="application/json")


def book(client: Client, organization: Organization, hour: int, code: str = "spring", **body: Any) -> Any:
    return send(client, "bookings", organization, hour, **{"customer": ANA, "promo_code": code, **body})


def cancel(organization: Organization, reference: str) -> None:
    with transaction_for(organization.id):
        booking = Booking.objects.get(reference=reference)
    actions.cancel(organization=organization, booking_id=booking.id, version=booking.version, actor=CUSTOMER)


def test_a_code_takes_off_what_it_promises_and_the_booking_says_so(
    client: Client, organization: Organization, service: Service
) -> None:
    promotion = factories.make_promotion(organization)
    booked = book(client, organization, 10, code=" spring ").json()
    assert booked["price"] == {"amount": 9000, "currency": "EUR"}
    assert [(line["words"], line["amount"]) for line in booked["price_lines"]] == [
        ("Massage", 10_000), ("Spring: 10% off", -1000),
    ]  # fmt: skip
    with transaction_for(organization.id):
        use = PromotionUse.objects.select_related("booking").get()
    assert (use.promotion_id, use.booking.reference, use.code, use.taken_off) == (
        promotion.id, booked["reference"], "SPRING", 1000,
    )  # fmt: skip
    assert use.booking.promo_code == "SPRING"


def test_everybody_gets_what_has_no_code_and_it_is_shown(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization, code="", benefit="amount", amount=1500, weekdays=[0])
    day = factories.monday(organization, 8).date().isoformat()
    shown = client.get(f"/api/v1/salon/availability?service=massage&from={day}&days=2").json()["slots"]
    assert {(each["starts_at"][:10] == day, each["price"]["amount"]) for each in shown} == {
        (True, 8500),
        (False, 10_000),
    }
    assert book(client, organization, 10, code="").json()["price"]["amount"] == 8500
    with transaction_for(organization.id):
        assert [(use.code, use.taken_off) for use in PromotionUse.objects.all()] == [("", 1500)]


def test_free_times_are_shown_at_the_price_of_the_code(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization)
    day = factories.monday(organization, 8).date().isoformat()
    path = f"/api/v1/salon/availability?service=massage&from={day}&days=1"
    assert {each["price"]["amount"] for each in client.get(f"{path}&promo_code=Spring").json()["slots"]} == {9000}
    refused = client.get(f"{path}&promo_code=AUTUMN")
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (
        422, "promotion_invalid", "unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"booked_from": clock.now().date() + timedelta(days=2)}, "not_yet"),
        ({"booked_until": clock.now().date() - timedelta(days=2)}, "ended"),
        ({"served_until": clock.now().date()}, "wrong_date"),
        ({"weekdays": [1, 2]}, "wrong_time"),
        ({"minimum": 10_001}, "below_minimum"),
        ({"is_active": False}, "unknown"),
        ({"uses": 0}, "used_up"),
    ],
)
def test_a_refusal_says_why_and_nothing_is_booked(
    client: Client, organization: Organization, service: Service, fields: dict[str, Any], reason: str
) -> None:
    factories.make_promotion(organization, **fields)
    answer = book(client, organization, 10)
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (422, "promotion_invalid", reason)
    held = send(client, "holds", organization, 10, promo_code="SPRING")
    assert (held.status_code, held.json()["reason"]) == (422, reason)
    with transaction_for(organization.id):
        assert not Booking.objects.exists()


def test_a_promotion_is_for_its_services_and_elsewhere_it_says_so(
    client: Client, organization: Organization, service: Service
) -> None:
    others = [factories.make_service(organization, slug=slug) for slug in ("one", "other")]
    promotion = factories.make_promotion(organization, *others)
    factories.make_promotion(organization, others[0], code="")
    assert book(client, organization, 10).json()["reason"] == "wrong_service"
    assert book(client, organization, 10, code="").json()["price"]["amount"] == 10_000
    with transaction_for(organization.id):
        keep(row=promotion, by="Sam", services=[others[0], service])
    assert book(client, organization, 14).json()["price"]["amount"] == 9000
    with transaction_for(organization.id), pytest.raises(RestrictedError):
        others[0].delete()


def test_a_cancelled_booking_gives_its_use_back(client: Client, organization: Organization, service: Service) -> None:
    factories.make_promotion(organization, uses=1)
    first = book(client, organization, 10)
    assert first.status_code == 201
    assert book(client, organization, 12, customer=BEN).json()["reason"] == "used_up"
    cancel(organization, first.json()["reference"])
    assert book(client, organization, 12, customer=BEN).status_code == 201


def test_a_customer_is_an_address_or_a_telephone_number(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization, uses_each=1)
    assert book(client, organization, 10).status_code == 201
    for customer in ({**BEN, "email": "ANA@example.com"}, {**BEN, "phone": ANA["phone"]}):
        assert book(client, organization, 12, customer=customer).json()["reason"] == "used_up_by_customer"
    assert book(client, organization, 12, customer=BEN).status_code == 201


def test_a_held_time_keeps_its_code_and_may_get_one(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_promotion(organization, uses=2)
    held = send(client, "holds", organization, 10, promo_code="spring").json()
    assert held["price"]["amount"] == 9000
    booked = book(client, organization, 10, code="", hold=held["id"])
    assert booked.json()["price"]["amount"] == 9000
    held = send(client, "holds", organization, 12).json()
    assert held["price"]["amount"] == 10_000
    assert book(client, organization, 12, hold=held["id"]).json()["price"]["amount"] == 9000
    assert book(client, organization, 14).json()["reason"] == "used_up"


def test_a_series_takes_no_code(client: Client, organization: Organization, service: Service) -> None:
    factories.make_promotion(organization)
    answer = book(client, organization, 10, recurrence={"rrule": "FREQ=WEEKLY;COUNT=2"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "promo_code")


def test_uses_are_history(organization: Organization, service: Service, client: Client) -> None:
    factories.make_promotion(organization)
    book(client, organization, 10)
    with (
        transaction_for(organization.id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        PromotionUse.objects.update(taken_off=0)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"percent": "0"}, "promotion_takes_something_off"),
        ({"benefit": "amount"}, "promotion_takes_something_off"),
        ({"code": "", "uses": 5}, "promotion_limited_by_its_code"),
    ],
)
def test_the_database_refuses_a_promotion_that_makes_no_sense(
    organization: Organization, fields: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        factories.make_promotion(organization, **fields)


def test_a_code_is_there_once(organization: Organization) -> None:
    factories.make_promotion(organization)
    with pytest.raises(IntegrityError, match="promotion_code_once"):
        factories.make_promotion(organization, code="Spring")


def test_nobody_sees_anothers_promotions(organization: Organization, other_organization: Organization) -> None:
    factories.make_promotion(organization)
    with transaction_for(other_organization.id):
        assert not Promotion.objects.exists()


def test_an_extra_is_given_to_who_chooses_it_and_refused_to_who_does_not(
    client: Client, organization: Organization, service: Service
) -> None:
    other = factories.make_service(organization, slug="cut")
    seat = factories.make_extra(organization, service, slug="child-seat", stock=2)
    factories.make_promotion(organization, code="FAMILY", benefit="extra", extra=seat, extra_count=1, uses=2)
    refused = book(client, organization, 9, "family")
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (
        422, "promotion_invalid", "extra_not_chosen",
    )  # fmt: skip
    assert refused.json()["params"]["extra_name"] == {"en": "Child seat", "fr": "Siège enfant"}
    elsewhere = book(client, organization, 9, "family", service=other.slug)
    assert elsewhere.json()["reason"] == "extra_not_offered"
    booked = book(client, organization, 10, "family", extras={"child-seat": 2}).json()
    assert [(line["words"], line["amount"]) for line in booked["price_lines"]] == [
        ("Massage", 10_000), ("Child seat: 2 at €15 each", 3000), ("Spring: Child seat for nothing", -1500),
    ]  # fmt: skip
    factories.make_resource(organization)
    gone = book(client, organization, 10, "family", extras={"child-seat": 1}, customer=BEN)
    assert (gone.status_code, gone.json()["code"]) == (409, "extra_not_available")
    with transaction_for(organization.id):
        assert [(use.code, use.taken_off) for use in PromotionUse.objects.all()] == [("FAMILY", 1500)]
