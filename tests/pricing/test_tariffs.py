"""What a tariff charges is what is shown, offered, booked and kept, with its reasons."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from holdfast.bookings.details.price_words import lines_of
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.catalog.public_holidays import public_holidays
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.pricing import actions
from holdfast.pricing.models import Tariff, TariffRule
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "locale": "en"}
EVENING = {
    "name": {"en": "Evening", "fr": "Soirée", "es": "Noche"},
    "effect": "per_hour",
    "amount": 15_000,
    "instead": True,
    "from_time": time(20),
    "until_time": time(6),
}
WEEKEND = {"name": {"en": "Weekend"}, "effect": "percent", "percent": "12.5", "weekdays": [5, 6], "position": 5}


def book(client: Client, organization: Organization, hour: int, minute: int = 0, **body: Any) -> dict[str, Any]:
    """On the Monday after next; `day` days later."""
    starts_at = factories.monday(organization, hour) + timedelta(days=body.pop("day", 0), minutes=minute)
    sent = {"service": "massage", "starts_at": starts_at.isoformat(), "customer": CUSTOMER, **body}
    answer = client.post("/api/v1/salon/bookings", sent, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def shown(client: Client, organization: Organization, day: int = 0) -> dict[str, int]:
    """The price of each start of a day."""
    date = (factories.monday(organization, 8) + timedelta(days=day)).date().isoformat()
    answer = client.get(f"/api/v1/salon/availability?service=massage&from={date}&days=1").json()
    return {each["starts_at"][11:16]: each["price"]["amount"] for each in answer["slots"]}


def test_each_time_is_offered_at_its_own_price_and_booked_at_it(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, EVENING, WEEKEND)
    monday, saturday = shown(client, organization), shown(client, organization, 5)
    assert {start: monday[start] for start in ("19:00", "19:30", "20:00")} == {
        "19:00": 10_000, "19:30": 12_500, "20:00": 15_000,
    }  # fmt: skip
    assert {start: saturday[start] for start in ("19:00", "19:30")} == {"19:00": 11_250, "19:30": 14_063}
    assert book(client, organization, 19, 30)["price"] == {"amount": 12_500, "currency": "EUR"}
    assert book(client, organization, 19, 30, day=5)["price"] == {"amount": 14_063, "currency": "EUR"}


def test_a_booking_says_why_it_costs_what_it_does(client: Client, organization: Organization, service: Service) -> None:
    factories.make_tariff(organization, EVENING, WEEKEND)
    lines = book(client, organization, 19, 30, day=5)["price_lines"]
    assert sum(line["amount"] for line in lines) == 14_063
    assert [(line["words"], line["because"], line["amount"], line["minutes"]) for line in lines] == [
        ("Massage (7:30\u202fPM – 8:00\u202fPM)", "", 5000, 30),
        (
            "Evening: 30\u00a0min at €150 an hour (8:00\u202fPM – 8:30\u202fPM)",
            "From 8:00\u202fPM to 6:00\u202fAM",
            7500,
            30,
        ),
        ("Weekend: +12.5%", "On Saturday and Sunday", 1563, 60),
    ]


def test_why_is_said_in_the_readers_language(client: Client, organization: Organization, service: Service) -> None:
    factories.make_tariff(organization, EVENING)
    reference = book(client, organization, 20)["reference"]
    with transaction_for(organization.id):
        booking = Booking.objects.get(reference=reference)
    said = {}
    for language in ("en", "fr", "es"):
        with override(language), transaction_for(organization.id):
            said[language] = [(line.words, line.because) for line in lines_of(booking)]
    assert said == {
        "en": [("Evening: 1\u00a0hour at €150 an hour", "From 8:00\u202fPM to 6:00\u202fAM")],
        "fr": [("Soirée\u00a0: 1\u00a0heure à 150\u00a0€ l’heure", "De 20:00 à 06:00")],
        "es": [("Noche: 1\u00a0hora a 150\u00a0€ la hora", "De 20:00 a 6:00")],
    }


def test_what_is_booked_keeps_its_price_whatever_becomes_of_the_tariff(
    client: Client, organization: Organization, service: Service
) -> None:
    tariff = factories.make_tariff(organization, EVENING)
    before = book(client, organization, 20)
    with transaction_for(organization.id):
        tariff.delete()
    organization.refresh_from_db()
    assert shown(client, organization)["21:00"] == 10_000
    with transaction_for(organization.id):
        kept = Booking.objects.get(reference=before["reference"])
    assert (kept.price_amount, kept.price_lines[0]["name"]["fr"]) == (15_000, "Soirée")


def test_a_change_of_a_tariff_is_seen_at_once(client: Client, organization: Organization, service: Service) -> None:
    assert shown(client, organization)["20:00"] == 10_000
    factories.make_tariff(organization, EVENING)
    assert shown(client, organization)["20:00"] == 15_000
    with transaction_for(organization.id):
        TariffRule.objects.update(amount=16_000)
    assert shown(client, organization)["20:00"] == 16_000


def test_a_draft_costs_nobody_anything_until_it_is_put_in_force(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tariff(organization, {**EVENING, "amount": 12_000}, name="Now")
    draft = factories.make_tariff(organization, EVENING, name="Next", in_force=False)
    assert shown(client, organization)["20:00"] == 12_000
    with transaction_for(organization.id):
        copied = actions.copy_tariff(tariff_id=draft.id, by="Sam")
        actions.put_in_force(tariff_id=draft.id, by="Sam")
        assert list(Tariff.objects.filter(in_force=True)) == [draft]
        assert (copied.in_force, copied.rules.count()) == (False, 1)
    assert shown(client, organization)["20:00"] == 15_000


@pytest.mark.parametrize(
    ("rule", "body", "total"),
    [
        ({"effect": "base", "amount": 8000, "instead": True}, {}, 8000),
        ({"effect": "per_person", "amount": 2500}, {"party_size": 3}, 17_500),
        ({"effect": "per_hour", "amount": 6000, "instead": True, "minimum_minutes": 120}, {}, 12_000),
        ({"effect": "percent", "percent": "-10", "shortest_notice": 1440}, {}, 9000),
        ({"effect": "percent", "percent": "-10", "longest_notice": 1440}, {}, 10_000),
        ({"effect": "add", "amount": 500, "smallest_party": 2}, {"party_size": 2}, 10_500),
        ({"effect": "add", "amount": 500, "smallest_party": 2}, {}, 10_000),
        ({"effect": "add", "amount": -99_000}, {}, 0),
        ({"effect": "minimum", "amount": 12_000}, {}, 12_000),
        ({"effect": "maximum", "amount": 9000}, {}, 9000),
        ({"effect": "add", "amount": 700, "shortest": 120}, {"duration_minutes": 120}, 10_700),
        ({"effect": "add", "amount": 700, "longest": 60}, {"duration_minutes": 120}, 10_000),
        ({"effect": "add", "amount": 700, "type": "emergency"}, {}, 10_000),
        ({"effect": "add", "amount": 700, "is_active": False}, {}, 10_000),
    ],
)
def test_what_a_rule_charges(
    client: Client, organization: Organization, service: Service, rule: dict[str, Any], body: dict[str, Any], total: int
) -> None:
    factories.make_tariff(organization, rule)
    assert book(client, organization, 10, **body)["price"]["amount"] == total


def test_a_rule_of_another_service_does_not_apply(client: Client, organization: Organization, service: Service) -> None:
    other = factories.make_service(organization, slug="other")
    factories.make_tariff(organization, {"effect": "add", "amount": 700, "service": other})
    assert shown(client, organization)["10:00"] == 10_000


def test_a_public_holiday_has_its_price(client: Client, organization: Organization, service: Service) -> None:
    with transaction_for(organization.id):
        Service.objects.update(horizon_days=400)
    today = clock.now().date()
    holiday = next(day for day in public_holidays("FR", "", (today.year, today.year + 1)) if day > today)
    factories.make_tariff(organization, {"effect": "percent", "percent": 50, "holidays": "only"})
    first = (holiday - timedelta(days=1)).isoformat()
    answer = client.get(f"/api/v1/salon/availability?service=massage&from={first}&days=2").json()
    prices = {
        each["starts_at"][:10]: each["price"]["amount"] for each in answer["slots"] if "T10:00" in each["starts_at"]
    }
    assert prices == {first: 10_000, holiday.isoformat(): 15_000}


def test_tax_is_told_apart_where_it_is_included_and_added_where_it_is_not(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_tax(organization, "20")
    factories.make_tax(organization, "5.5", service=service)
    included = book(client, organization, 10)
    with transaction_for(organization.id):
        line = Booking.objects.get().price_lines[0]
    assert (included["price"]["amount"], line["net"], line["tax"]) == (10_000, 9479, 521)
    told = {"words": "VAT 5.5%", "percent": "11/2", "net": 9479, "amount": 521}
    assert [each["tax"] for each in included["price_lines"]] == [told]
    factories.make_tariff(organization, tax_included=False)
    added = book(client, organization, 12)
    assert [(each["words"], each["amount"]) for each in added["price_lines"]] == [
        ("Massage", 10_000),
        ("VAT 5.5%", 550),
    ]


def test_only_one_tariff_is_in_force(organization: Organization) -> None:
    factories.make_tariff(organization)
    with pytest.raises(IntegrityError, match="tariff_one_in_force"):
        factories.make_tariff(organization, name="Another")


@pytest.mark.parametrize(
    ("rule", "constraint"),
    [
        ({"effect": "percent", "amount": 5}, "rule_has_what_its_effect_needs"),
        ({"effect": "base", "amount": -5}, "rule_has_what_its_effect_needs"),
        ({"effect": "percent", "percent": -101}, "rule_has_what_its_effect_needs"),
        ({"effect": "add", "amount": 5, "from_time": time(8)}, "rule_has_both_times_or_none"),
        ({"effect": "add", "amount": 5, "minimum_minutes": 60}, "rule_shortest_time_is_of_hours"),
        ({"effect": "add", "amount": 5, "instead": True}, "rule_in_place_is_a_price"),
    ],
)
def test_the_database_refuses_a_rule_that_makes_no_sense(
    organization: Organization, rule: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        factories.make_tariff(organization, rule)


def test_nobody_sees_or_writes_anothers_tariff(organization: Organization, other_organization: Organization) -> None:
    tariff = factories.make_tariff(organization, EVENING)
    with transaction_for(other_organization.id):
        assert not Tariff.objects.exists()
        assert not TariffRule.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            TariffRule.objects.create(organization=organization, tariff=tariff, name={}, effect="add", amount=1)


def test_a_plain_booking_asks_the_database_nothing_more(organization: Organization, service: Service) -> None:
    start = factories.monday(organization, 10)
    factories.make_booking(organization, service, start)  # the plan is compiled
    connection.force_debug_cursor = True
    try:
        counts = []
        for hours in (2, 4):
            if hours == 4:
                factories.make_tariff(organization, EVENING)
                factories.make_booking(organization, service, start + timedelta(hours=3))
            before = len(connection.queries_log)
            factories.make_booking(organization, service, start + timedelta(hours=hours))
            counts.append(len(connection.queries_log) - before)
    finally:
        connection.force_debug_cursor = False
    assert counts[0] == counts[1]
