"""Tariffs are edited in the configuration, refused in words, tried as drafts and put in force."""

from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.bookings import actions
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import Promotion, Tariff, TariffRule, TaxRate
from tests import factories

RULE = {
    "name_en": "Night",
    "position": "10",
    "effect": "per_hour",
    "amount": "90.50",
    "percent": "",
    "minimum_minutes": "60",
    "instead": "on",
    "covers": "part",
    "weekdays": ["4", "5"],
    "from_time": "22:00",
    "until_time": "06:00",
    "is_active": "on",
    "zone_prices-TOTAL_FORMS": "0",
    "zone_prices-INITIAL_FORMS": "0",
}


@pytest.fixture
def admin(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_a_rule_is_typed_in_the_currency_and_kept_in_its_minor_unit(admin: Client, organization: Organization) -> None:
    tariff = factories.make_tariff(organization, in_force=False)
    answer = admin.post("/admin/pricing/tariffrule/add/", {**RULE, "tariff": str(tariff.pk)})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    with transaction_for(organization.id):
        rule = TariffRule.objects.get()
    assert (rule.amount, rule.minimum_minutes, rule.weekdays, rule.instead) == (9050, 60, [4, 5], True)
    listed = admin.get("/admin/pricing/tariffrule/").content.decode()
    assert "€90.50 an hour" in listed
    assert "On Friday and Saturday, from 10:00\u202fPM to 6:00\u202fAM" in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"effect": "percent"}, "percent"),
        ({"effect": "percent", "percent": "-101"}, "percent"),
        ({"until_time": ""}, "until_time"),
        ({"from_date": "2026-05-02", "until_date": "2026-05-01"}, "until_date"),
        ({"smallest_party": "3", "largest_party": "2"}, "largest_party"),
        ({"name_en": ""}, "name"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_beside_its_field(
    admin: Client, organization: Organization, change: dict[str, Any], field: str
) -> None:
    tariff = factories.make_tariff(organization)
    answer = admin.post("/admin/pricing/tariffrule/add/", {**RULE, "tariff": str(tariff.pk), **change})
    assert list(answer.context["adminform"].form.errors) == [field]
    with transaction_for(organization.id):
        assert not TariffRule.objects.exists()


def test_a_draft_is_put_in_force_and_copied_from_the_list(admin: Client, organization: Organization) -> None:
    factories.make_tariff(organization, name="Now")
    draft = factories.make_tariff(organization, {"effect": "add", "amount": 1}, name="Next", in_force=False)
    chosen = {"_selected_action": [str(draft.pk)]}
    assert admin.post("/admin/pricing/tariff/", {"action": "copy_as_draft", **chosen}).status_code == 302
    assert admin.post("/admin/pricing/tariff/", {"action": "put_in_force", **chosen}).status_code == 302
    with transaction_for(organization.id):
        assert [(each.name, each.in_force, each.rules.count()) for each in Tariff.objects.all()] == [
            ("Next", True, 1), ("Next, copy", False, 1), ("Now", False, 0),
        ]  # fmt: skip


def test_a_tax_rate_is_a_percentage_from_a_day_to_a_day(admin: Client, organization: Organization) -> None:
    sent = {"name_en": "VAT", "percent": "20", "valid_from": "2026-01-01", "valid_until": "2025-12-31"}
    refused = admin.post("/admin/pricing/taxrate/add/", sent)
    assert list(refused.context["adminform"].form.errors) == ["valid_until"]
    assert admin.post("/admin/pricing/taxrate/add/", {**sent, "valid_until": ""}).status_code == 302
    with transaction_for(organization.id):
        assert str(TaxRate.objects.get().percent) == "20.000"


def test_nobody_opens_anothers_tariff(
    admin: Client, organization: Organization, other_organization: Organization
) -> None:
    theirs = factories.make_tariff(other_organization, name="Secret")
    assert "Secret" not in admin.get("/admin/pricing/tariff/").content.decode()
    assert admin.get(f"/admin/pricing/tariff/{theirs.pk}/change/").status_code == 302


PROMOTION = {
    "name_en": "Spring", "code": " Spring ", "benefit": "percent", "percent": "10", "amount": "", "most": "25.50",
    "position": "1", "minimum": "0", "uses": "5", "is_active": "on",
}  # fmt: skip


def test_a_promotion_is_kept_as_typed_and_listed_with_its_uses_and_revenue(
    admin: Client, organization: Organization
) -> None:
    answer = admin.post("/admin/pricing/promotion/add/", PROMOTION)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    with transaction_for(organization.id):
        promotion = Promotion.objects.get()
    assert (promotion.code, promotion.most, promotion.uses) == ("Spring", 2550, 5)
    organization.refresh_from_db()
    factories.make_resource(organization)
    service = factories.make_service(organization)
    for hour in (10, 12):
        start = factories.monday(organization, hour)
        booked = factories.make_booking(organization, service, start, promo_code="SPRING")
    actions.cancel(organization=organization, booking_id=booked.id, version=booked.version, actor=CUSTOMER)
    listed = admin.get("/admin/pricing/promotion/").content.decode()
    for said in ("1 of 5", "€10.00", "€90.00"):
        assert said in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"percent": ""}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"percent": "0"}, "percent"),
        ({"benefit": "amount"}, "amount"),
        ({"code": "", "uses": "5"}, "uses"),
        ({"code": "taken"}, "code"),
        ({"served_from": "2026-05-02", "served_until": "2026-05-01"}, "served_until"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused_beside_its_field(
    admin: Client, organization: Organization, change: dict[str, Any], field: str
) -> None:
    factories.make_promotion(organization, code="TAKEN")
    answer = admin.post("/admin/pricing/promotion/add/", {**PROMOTION, **change})
    assert list(answer.context["adminform"].form.errors) == [field]
