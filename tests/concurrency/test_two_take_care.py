"""Several take care of one alert, or several jobs pass it on, at once: one is first. Without the guard, more are."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from holdfast.accounts.models import Role
from holdfast.alerts import actions
from holdfast.alerts.errors import AlreadyAcknowledged
from holdfast.alerts.models import Alert
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.running import at_once

PEOPLE = [f"Person {number}" for number in range(6)]
ROUNDS = 12


@pytest.fixture
def shop(committed_db: str) -> tuple[Organization, Service]:
    organization = factories.make_organization()
    on_call = factories.make_resource(organization, user=factories.make_staff(organization, Role.MEMBER), lanes=500)
    factories.make_staff(organization)
    factories.put_on_call(on_call, time(0), time(0))
    return organization, factories.make_service(organization, offers_emergency=True, emergency_notice_minutes=0)


def unguarded(alert: Alert, *, guard: Any = None, **changes: Any) -> bool:
    """What a check in Python alone would do."""
    if not alert.is_open:
        return False
    Alert.objects.filter(id=alert.id).update(**changes)
    for name, value in changes.items():
        setattr(alert, name, value)
    return True


def a_round(shop: tuple[Organization, Service]) -> list[Alert | Exception]:
    """A new alert, and everybody taking care of it at once."""
    organization, service = shop
    booking = factories.make_emergency(organization, service, factories.local(organization, 1, 0))
    with transaction_for(organization.id):
        alert = Alert.objects.get(booking=booking)

    def taking(by: str) -> Any:
        return lambda: actions.acknowledge(organization_id=organization.id, alert_id=alert.id, by=by)

    return at_once([taking(by) for by in PEOPLE])


def acknowledgements(organization: Organization) -> int:
    with transaction_for(organization.id):
        return Event.objects.filter(kind="alert.acknowledged").count()


def test_one_takes_care_and_every_other_is_told_who(shop: tuple[Organization, Service]) -> None:
    for number in range(1, ROUNDS + 1):
        ends = a_round(shop)
        [first] = [end for end in ends if isinstance(end, Alert)]
        told = [end.extra["by"] for end in ends if isinstance(end, AlreadyAcknowledged)]
        assert told == [first.acknowledged_by] * (len(PEOPLE) - 1)
        assert acknowledgements(shop[0]) == number


def test_without_the_guard_several_believe_that_they_do(
    shop: tuple[Organization, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_change", unguarded)
    for _ in range(ROUNDS):
        if sum(isinstance(end, Alert) for end in a_round(shop)) > 1:
            return
    pytest.fail("nobody was in anybody's way")


def passed_on(shop: tuple[Organization, Service]) -> list[bool | Exception]:
    """One alert, due; what became of four jobs that pass it on at once."""
    organization, service = shop
    booking = factories.make_emergency(organization, service, factories.local(organization, 1, 0))
    with transaction_for(organization.id):
        alert = Alert.objects.get(booking=booking)
    late = clock.now() + timedelta(minutes=11)

    def job() -> bool:
        with clock.stopped(late):
            return actions.escalate(organization_id=organization.id, alert_id=alert.id)

    return at_once([job] * 4)


def test_of_jobs_that_pass_it_on_at_once_one_does(shop: tuple[Organization, Service]) -> None:
    for _ in range(ROUNDS):
        assert sorted(passed_on(shop), key=bool) == [False, False, False, True]


def test_without_the_guard_a_second_meets_the_unique_notice(
    shop: tuple[Organization, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_change", unguarded)
    for _ in range(ROUNDS):
        if any(isinstance(end, IntegrityError) for end in passed_on(shop)):
            return
    pytest.fail("nobody was in anybody's way")
