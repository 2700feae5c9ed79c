"""A small business with staff in every role, and a rival next door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Membership, Role, User
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core.tenancy import transaction_for
from tests import factories

PASSWORD = "a good password"


@dataclass
class World:
    """One organization with a service that anyone may book and one that staff approve."""

    organization: Organization
    massage: Service
    visit: Service
    ines: Resource

    def book(self, days: int = 1, hour: int = 10, *, approve: bool = False, **wish: Any) -> Booking:
        service = self.visit if approve else self.massage
        return factories.make_booking(
            self.organization, service, factories.local(self.organization, days, hour), **wish
        )

    def again(self, booking: Booking) -> Booking:
        with transaction_for(self.organization.id):
            return Booking.objects.select_related("service").get(id=booking.id)


def make_world(organization: Organization) -> World:
    ines = factories.make_resource(organization, slug="ines", name="Inés Ortega", is_public=True)
    factories.make_resource(organization, slug="karim", name="Karim Benali", is_public=True)
    needs = [{"kind": "person", "is_choosable": True}]
    massage = factories.make_service(organization, slug="massage", needs=needs)
    visit = factories.make_service(organization, slug="visit", name={"en": "Visit"}, needs=needs, needs_approval=True)
    return World(organization, massage, visit, ines)


@pytest.fixture
def world(organization: Organization) -> World:
    return make_world(organization)


@pytest.fixture
def rival(other_organization: Organization) -> World:
    return make_world(other_organization)


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    """`signed_in(world, role)`: a browser in which somebody with that role has signed in."""

    def sign_in(world: World, role: str = Role.DISPATCHER, **account: Any) -> Client:
        browser = Client()
        browser.force_login(make_member(world, role, **account))
        return browser

    return sign_in


def make_member(world: World, role: str, **account: Any) -> User:
    user = factories.make_staff(world.organization, role=role, password=PASSWORD)
    for name, value in account.items():
        setattr(user, name, value)
    user.save()
    return user


def add_membership(user: User, world: World, role: str) -> None:
    with transaction_for(world.organization.id):
        Membership.objects.create(organization=world.organization, user=user, role=role)
