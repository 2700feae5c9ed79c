"""Starting the demo again: nothing twice, nothing left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from holdfast.bookings.models import Allocation, Booking, BookingState, Transition
from holdfast.catalog.models import Extra, Organization, Service
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.demo import actions, filling
from holdfast.demo.spec import OrganizationSpec
from holdfast.events.models import Event
from tests.demo.year.conftest import NOW
from tests.demo.year.wall_clock import WallClock

pytestmark = pytest.mark.usefixtures("demo")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _two_weeks(spec: OrganizationSpec, organization: Organization) -> Iterator[tuple[object, ...]]:
    market = filling.market_of(spec, organization, NOW)
    for number in range(14):
        for asked in market.asked_on(NOW.date() + timedelta(days=number)):
            yield asked.wish, asked.customer, asked.start, asked.created, asked.rng.random()


def everything() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for organization in Organization.objects.order_by("slug"):
        with transaction_for(organization.id):
            found[organization.slug] = [
                organization.catalog_version,
                sorted(Booking.objects.values_list("id", "reference", "state", "version", "updated_at")),
                *(model.objects.count() for model in (Allocation, Transition, Event)),
            ]
    return found


def quiet(_message: str) -> None:
    """Progress nobody watches."""


def test_loading_again_in_the_same_minute_changes_nothing() -> None:
    before = everything()
    logins = actions.load(NOW + timedelta(seconds=40), quiet)
    assert everything() == before
    assert logins == actions.logins()


@pytest.mark.parametrize("spec", actions.SPECS, ids=lambda spec: spec.slug)
def test_the_same_moment_makes_the_same_demo(spec: OrganizationSpec) -> None:
    organization = Organization.objects.get(slug=spec.slug)
    with transaction_for(organization.id):
        first, second = ([*_two_weeks(spec, organization)] for _ in range(2))
    assert first == second
    assert len(first) > 60


def test_days_later_the_past_is_completed_and_the_weeks_ahead_are_filled() -> None:
    before, later = everything(), NOW + timedelta(days=5, hours=3)
    with undone():
        actions.load(later, quiet)
        after = everything()
        for slug in before:
            with transaction_for(Organization.objects.get(slug=slug).id):
                assert len(after[slug][1]) > len(before[slug][1]) + 20
                unfinished = Booking.objects.filter(
                    state__in=[BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.IN_PROGRESS],
                    ends_at__lte=later - timedelta(hours=1),
                )
                assert not unfinished.exists()
                assert Booking.objects.filter(created_at__gt=NOW, created_at__lte=later).count() > 20
                assert Booking.objects.filter(starts_at__gt=later + timedelta(days=14)).exists()
        actions.load(later, quiet)
        assert everything() == after
        for slug in before:
            organization = Organization.objects.get(slug=slug)
            with transaction_for(organization.id):
                clock = WallClock(organization)
                new = Allocation.objects.filter(booking__created_at__gt=NOW).exclude(resource__kind="stock")
                periods = new.values_list("resource_id", "booking__starts_at", "booking__ends_at").distinct()
                assert [period for period in periods if not clock.works(*period)] == []


def test_data_of_an_older_version_goes_on_without_what_it_lacks_or_stays_as_it_is() -> None:
    said: list[str] = []
    with undone():
        organization = Organization.objects.get(slug="paris-elite")
        with transaction_for(organization.id):
            Extra.objects.filter(slug="child-seat").update(slug="booster")
        actions.load(NOW + timedelta(hours=2), said.append)
        assert "came in since the last time" in said[0]
        with transaction_for(organization.id):
            Service.objects.filter(slug="airport-transfer").update(slug="transfer")
            before = Booking.objects.count()
        actions.load(NOW + timedelta(hours=4), said.append)
        with transaction_for(organization.id):
            assert Booking.objects.count() == before
    assert any("HOLDFAST_DATA_DIR=another-directory holdfast demo" in line for line in said)


def test_somebody_elses_organization_by_that_address_is_left_alone() -> None:
    with undone():
        organization = Organization.objects.get(slug="paris-elite")
        other = Organization(
            **{field.attname: getattr(organization, field.attname) for field in organization._meta.fields}
        )
        with transaction_for(organization.id):
            Organization.objects.filter(id=organization.id).update(slug="moved")
        other.id = uuid7()
        with transaction_for(other.id):
            other.save(force_insert=True)
        actions.load(NOW + timedelta(days=1), quiet)
        with transaction_for(other.id):
            assert not Booking.objects.exists()


def test_public_passwords_are_kept_out_of_real_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(RuntimeError, match="HOLDFAST_DEMO=1"):
        actions.load(NOW, quiet)
