"""Extras at the desk: what may be taken besides, its price and its stock, and who changed them."""

from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.catalog.models import Extra, Organization
from holdfast.core.tenancy import transaction_for
from tests import factories

HERE = "/desk/prices/extras/"
SEAT = {"name_en": "Child seat", "amount": "15.00", "per": "unit", "included": "", "most": "2", "stock": "3"}


@pytest.fixture
def desk(client: Client, organization: Organization) -> Client:
    client.force_login(factories.make_staff(organization))
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_an_extra_is_made_changed_and_archived_with_its_stock(desk: Client, organization: Organization) -> None:
    assert "No extra is on offer" in text(desk.get(HERE))
    said = text(desk.post(f"{HERE}new/", SEAT, follow=True))
    assert ("€15 each" in said, "There are 3" in said, "at most 2 a booking" in said) == (True, True, True)
    with transaction_for(organization.id):
        seat = Extra.objects.get()
        assert (seat.slug, seat.amount, seat.included, seat.held_as and seat.held_as.lanes) == (
            "child-seat",
            1500,
            0,
            3,
        )
    service = factories.make_service(organization)
    here = f"{HERE}{seat.pk}/"
    changed = {**SEAT, "stock": "5", "services": [str(service.pk)], "seen": desk.get(here).context["seen"]}
    assert desk.post(here, changed).status_code == 302
    assert desk.post(here, changed).status_code == 409
    history = text(desk.get(here))
    assert "How many there are: 3 → 5" in history
    assert f"Offered with: every service → {service.name['en']}" in history
    assert "is archived" in text(desk.post(f"{here}switch/", follow=True))
    assert "No extra is on offer" in text(desk.get(HERE))
    assert "Child seat" in text(desk.get(f"{HERE}?state=archived"))
    assert "is on offer again" in text(desk.post(f"{here}switch/", {"on": "1"}, follow=True))
    with transaction_for(organization.id):
        seat.refresh_from_db()
        assert (seat.is_active, seat.held_as and seat.held_as.lanes) == (True, 5)


def test_what_cannot_be_an_extra_is_refused_with_what_to_do(desk: Client, organization: Organization) -> None:
    answer = desk.post(f"{HERE}new/", {**SEAT, "name_en": "", "most": "4"})
    assert (answer.status_code, "There are not so many of it." in text(answer)) == (422, True)
    for twin in ("child-seat", "child-seat-2"):
        desk.post(f"{HERE}new/", SEAT)
        with transaction_for(organization.id):
            assert Extra.objects.filter(slug=twin).exists()


def test_who_only_looks_sees_extras_and_changes_none(client: Client, organization: Organization) -> None:
    client.force_login(factories.make_staff(organization, role=Role.READ_ONLY))
    seat = factories.make_extra(organization)
    assert seat.name["en"] in text(client.get(HERE))
    assert client.post(f"{HERE}{seat.pk}/switch/").status_code == 403
