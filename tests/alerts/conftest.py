"""A business with emergencies, people on call, and everybody above them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from holdfast.accounts.models import Membership, Role, User
from holdfast.alerts.models import Alert
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories


@dataclass(frozen=True)
class Shop:
    """Nils is on call all day and night, Olga is not; Max is a manager, Ines the owner."""

    organization: Organization
    service: Service
    nils: User
    olga: User

    @property
    def start(self) -> datetime:
        """Tomorrow at 22:00, when only Nils works."""
        return factories.local(self.organization, 1, 22)

    def book(self) -> Booking:
        return factories.make_emergency(self.organization, self.service, self.start)

    def alert(self) -> Alert:
        with transaction_for(self.organization.id):
            return Alert.objects.prefetch_related("notices").get()

    def told(self) -> list[str]:
        return [notice.name for notice in self.alert().notices.all()]


@pytest.fixture
def shop(committed_db: str) -> Shop:
    organization = factories.make_organization(slug="harbor", name="Harbor Home", email="desk@harbor.example")
    nils, olga = (
        person(organization, name, Role.MEMBER, locale=locale) for name, locale in (("Nils", "fr"), ("Olga", "en"))
    )
    person(organization, "Max", Role.MANAGER)
    person(organization, "Ines", Role.OWNER)
    on_call = factories.make_resource(organization, slug="nils", name="Nils", user=nils)
    factories.put_on_call(on_call, time(0), time(0))
    factories.make_resource(organization, slug="olga", name="Olga", user=olga)
    service = factories.make_service(
        organization, slug="repair", name={"en": "Repair", "fr": "Dépannage"}, offers_emergency=True,
        emergency_notice_minutes=0, emergency_horizon_hours=72,
    )  # fmt: skip
    return Shop(organization, service, nils, olga)


def person(organization: Organization, name: str, role: str, *, locale: str = "en") -> User:
    user = User.objects.create_user(f"{name.lower()}@harbor.example", "a good password", name=name, locale=locale)
    with transaction_for(organization.id):
        Membership.objects.create(organization=organization, user=user, role=role)
    return user


def unlink_everybody(organization: Organization) -> None:
    with transaction_for(organization.id):
        Resource.objects.update(user=None)


def later(minutes: float) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def scheduled() -> list[datetime]:
    """When the escalations that wait are due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs "
            "WHERE task_name = 'alerts.escalate_alert' AND status = 'todo' ORDER BY id"
        )
        return [at.astimezone(ZoneInfo("UTC")) for (at,) in cursor.fetchall()]
