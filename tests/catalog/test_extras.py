"""Extras in the configuration: counted by a stock that nobody sees, offered with services, lowered only knowingly."""

from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Extra, Organization, Resource, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.catalog.admin_forms import shown

EXTRAS = "/admin/catalog/extra/"
SEAT = {
    "name_en": "Child seat", "name_fr": "Siège enfant", "slug": "", "amount": "15.00", "per": "unit", "most": "2",
    "included": "0", "tax_class": "", "stock": "3", "position": "0", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def service(organization: Organization) -> Service:
    for _ in range(2):
        factories.make_resource(organization)
    return factories.make_service(organization, slug="ride")


def made(organization: Organization) -> Extra:
    with transaction_for(organization.id):
        return Extra.objects.select_related("held_as").get()


def test_an_extra_is_made_with_its_stock(admin: Client, organization: Organization, service: Service) -> None:
    answer = admin.post(f"{EXTRAS}add/", {**SEAT, "services": [str(service.pk)]})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    extra = made(organization)
    assert (extra.slug, extra.amount, extra.stock) == ("child-seat", 1500, 3)
    assert extra.held_as is not None
    assert (extra.held_as.kind, extra.held_as.lanes) == ("stock", 3)
    with transaction_for(organization.id):
        assert list(extra.offers.values_list("service_id", flat=True)) == [service.pk]
        assert Resource.objects.count() == 2
    assert "stock:child-seat" not in admin.get("/admin/catalog/resource/").content.decode()
    assert "€15.00 each" in admin.get(EXTRAS).content.decode()


@pytest.mark.parametrize(
    ("change", "field"), [({"most": "4"}, "most"), ({"stock": "0"}, "stock"), ({"most": "0"}, "most")]
)
def test_what_cannot_be_is_refused(
    admin: Client, organization: Organization, change: dict[str, str], field: str
) -> None:
    answer = admin.post(f"{EXTRAS}add/", {**SEAT, **change})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


def test_a_lower_stock_asks_before_it_leaves_bookings_without(
    admin: Client, organization: Organization, service: Service
) -> None:
    admin.post(f"{EXTRAS}add/", SEAT)
    organization.refresh_from_db()
    start = factories.monday(organization, 10)
    booked = [factories.make_booking(organization, service, start, extras=(("child-seat", n),)) for n in (2, 1)]
    path = f"{EXTRAS}{made(organization).pk}/change/"
    sent: dict[str, Any] = {**shown(admin, path), "stock": "2"}
    asked = admin.post(path, sent)
    assert asked.status_code == 200
    broken = asked.context["broken_bookings"]
    assert {each.reason for each in broken} == {"Child seat has fewer places now."}
    assert {each.reference for each in broken} <= {each.reference for each in booked}
    assert made(organization).stock == 3
    references = " ".join(each.reference for each in broken)
    assert admin.post(path, {**sent, "keep_bookings": references, "keep_reason": "Bought more"}).status_code == 302
    assert made(organization).stock == 2
    assert admin.post(path, {**sent, "stock": ""}).status_code == 302  # not counted any more: nothing is broken
    assert made(organization).stock is None
