"""A salon with one service and two people, and a customer on the way through it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Question, Service
from holdfast.core.tenancy import transaction_for
from tests import factories

DETAILS = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "", "phone_country": "FR", "note": ""}


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", name="Léa", is_public=True)
    return factories.make_service(organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}])


def ask(service: Service, **fields: Any) -> Question:
    """Let the service ask a question."""
    given = {"key": "size", "kind": "text", "label": {"en": "Size", "fr": "Taille"}, "is_required": True}
    with transaction_for(service.organization_id):
        question = Question.objects.create(organization_id=service.organization_id, service=service, **given | fields)
    service.organization.refresh_from_db()
    return question


@dataclass
class Customer:
    """Goes the way in forms alone, as a browser without JavaScript would."""

    client: Client
    organization: Organization
    service: Service

    @property
    def home(self) -> str:
        return f"/{self.organization.slug}/booking"

    def take(self, starts_at: datetime, **more: Any) -> Any:
        sent = {"service": self.service.slug, "at": starts_at.isoformat()} | more
        return self.client.post(self.home, sent)

    def tell(self, **more: str) -> Any:
        return self.client.post(f"{self.home}/details", DETAILS | more)

    def price_page(self) -> dict[str, str]:
        """The hidden fields of the payment page."""
        page = self.client.get(f"{self.home}/payment")
        assert page.status_code == 200, page.headers.get("Location")
        amount, shown = str(page.context["held"].price_amount), page.context
        return {"key": shown["key"], "amount": amount, "terms": shown["terms"]}

    def book(self, sent: dict[str, str] | None = None) -> Any:
        return self.client.post(f"{self.home}/payment", self.price_page() if sent is None else sent)

    def bookings(self) -> list[Booking]:
        with transaction_for(self.organization.id):
            return list(Booking.objects.exclude(state__in=["held", "expired"]))

    def states(self) -> list[str]:
        with transaction_for(self.organization.id):
            return sorted(Booking.objects.values_list("state", flat=True))


@pytest.fixture
def customer(client: Client, organization: Organization, service: Service) -> Customer:
    return Customer(client, organization, service)
