"""Those on duty are told at once, others after them, until somebody takes care of it or the booking is over."""

import pytest
from django.db import connection, transaction

from holdfast.accounts.models import User
from holdfast.alerts import actions
from holdfast.alerts.errors import AlertOver, AlreadyAcknowledged
from holdfast.alerts.models import Alert, AlertNotice
from holdfast.bookings import actions as bookings
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import HoursKind, Organization, Resource, Service, WorkingHours
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.alerts.conftest import Shop, later, scheduled, unlink_everybody


def events(shop: Shop) -> list[str]:
    with transaction_for(shop.organization.id):
        return list(Event.objects.filter(kind__startswith="alert.").order_by("id").values_list("kind", flat=True))


def climb(shop: Shop, minutes: float) -> bool:
    """The job of the alert, so many minutes from now."""
    with clock.stopped(later(minutes)):
        return actions.escalate(organization_id=shop.organization.id, alert_id=shop.alert().id)


def test_whoever_is_on_call_is_told_in_the_bookings_own_transaction(shop: Shop) -> None:
    with transaction.atomic():
        shop.book()
        transaction.set_rollback(True)
    with transaction_for(shop.organization.id):
        assert not Alert.objects.exists()
    assert scheduled() == []
    shop.book()
    alert = shop.alert()
    assert (shop.told(), events(shop)) == (["Nils"], ["alert.raised"])
    assert scheduled() == [alert.due_at]
    assert alert.due_at is not None
    assert (alert.due_at - alert.raised_at).total_seconds() == 600


def test_an_ordinary_booking_alerts_nobody(shop: Shop) -> None:
    factories.make_booking(shop.organization, shop.service, factories.local(shop.organization, 1, 10))
    with transaction_for(shop.organization.id):
        assert not Alert.objects.exists()


def test_whoever_was_assigned_is_told_on_call_or_not(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        WorkingHours.objects.filter(kind=HoursKind.ON_CALL).delete()
        Resource.objects.filter(slug="nils").update(is_active=False)
    factories.make_emergency(shop.organization, shop.service, factories.local(shop.organization, 1, 10))
    assert shop.told() == ["Olga"]


def test_nobody_on_duty_means_everybody_above_at_once(shop: Shop) -> None:
    unlink_everybody(shop.organization)
    shop.book()
    assert sorted(shop.told()) == ["Harbor Home", "Ines", "Max"]
    assert shop.alert().due_at is None
    assert scheduled() == []


def test_an_account_that_may_not_sign_in_is_nobody_on_duty(shop: Shop) -> None:
    User.objects.filter(id=shop.nils.id).update(is_active=False)
    shop.book()
    assert sorted(shop.told()) == ["Harbor Home", "Ines", "Max"]


def test_unanswered_it_climbs_to_managers_owners_and_the_business_and_ends_there(shop: Shop) -> None:
    shop.book()
    assert not climb(shop, 9)
    assert shop.told() == ["Nils"]
    assert [climb(shop, minutes) for minutes in (11, 22, 33, 44)] == [True, True, True, False]
    assert shop.told() == ["Nils", "Max", "Ines", "Harbor Home"]
    assert events(shop) == ["alert.raised", *["alert.escalated"] * 3]
    assert shop.alert().due_at is None
    assert len(scheduled()) == 3


def test_a_rung_without_anybody_new_is_left_out(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Resource.objects.filter(slug="nils").update(user=User.objects.get(email="max@harbor.example"))
    shop.book()
    assert climb(shop, 11)
    assert shop.told() == ["Max", "Ines"]


def test_a_job_that_runs_twice_or_meets_the_sweep_tells_nobody_twice(shop: Shop) -> None:
    shop.book()
    with clock.stopped(later(11)):
        organization_id = shop.organization.id
        assert [actions.escalate_due(organization_id=organization_id) for _ in range(3)] == [1, 0, 0]
        assert not actions.escalate(organization_id=organization_id, alert_id=shop.alert().id)
    assert shop.told() == ["Nils", "Max"]
    assert events(shop) == ["alert.raised", "alert.escalated"]


def test_the_organization_says_how_long_to_wait(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Organization.objects.update(escalation_minutes=3)
    shop.book()
    assert climb(shop, 4)


def test_who_takes_care_of_it_ends_it_for_everybody(shop: Shop) -> None:
    shop.book()
    alert = actions.acknowledge(organization_id=shop.organization.id, alert_id=shop.alert().id, by="Nils")
    assert alert.acknowledged_by == "Nils"
    assert not climb(shop, 11)
    assert events(shop) == ["alert.raised", "alert.acknowledged"]
    again = actions.acknowledge(organization_id=shop.organization.id, alert_id=alert.id, by="Nils")
    assert again.acknowledged_at == alert.acknowledged_at
    with pytest.raises(AlreadyAcknowledged) as refused:
        actions.acknowledge(organization_id=shop.organization.id, alert_id=alert.id, by="Max")
    assert refused.value.extra["by"] == "Nils"
    assert events(shop) == ["alert.raised", "alert.acknowledged"]


@pytest.mark.parametrize("step", ["cancel", "start"])
def test_a_booking_that_is_over_or_begun_ends_its_alert(shop: Shop, step: str) -> None:
    booking = shop.book()
    change = bookings.CHANGES[step]
    change(organization=shop.organization, booking_id=booking.id, version=1, actor=Actor("staff", "Max"))
    assert not climb(shop, 11)
    with pytest.raises(AlertOver):
        actions.acknowledge(organization_id=shop.organization.id, alert_id=shop.alert().id, by="Nils")
    assert shop.told() == ["Nils"]


def test_a_request_alerts_and_approving_it_is_taking_care_of_it(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Service.objects.update(needs_approval=True)
    shop.organization.refresh_from_db()
    booking = shop.book()
    assert booking.state == "requested"
    bookings.confirm(organization=shop.organization, booking_id=booking.id, version=1, actor=Actor("staff", "Max"))
    assert shop.alert().acknowledged_by == "Max"
    assert events(shop) == ["alert.raised", "alert.acknowledged"]


def test_the_history_names_who_was_told(shop: Shop) -> None:
    shop.book()
    with transaction_for(shop.organization.id):
        event = Event.objects.get(kind="alert.raised")
        assert event.subject == Booking.objects.get().id
        assert (event.payload["names"], event.payload["rung"]) == (["Nils"], "duty")


def test_an_alert_is_seen_by_its_own_organization_alone(shop: Shop) -> None:
    shop.book()
    with transaction_for(uuid7()):
        assert not Alert.objects.exists()
        assert not AlertNotice.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_alert")
        assert cursor.fetchone() == (0,)


def test_two_of_the_same_name_are_two_people(shop: Shop) -> None:
    shop.book()
    alert = actions.acknowledge(organization_id=shop.organization.id, alert_id=shop.alert().id, by="Max", who="user:1")
    renamed = actions.acknowledge(organization_id=shop.organization.id, alert_id=alert.id, by="Maxim", who="user:1")
    assert renamed.acknowledged_at == alert.acknowledged_at
    with pytest.raises(AlreadyAcknowledged):
        actions.acknowledge(organization_id=shop.organization.id, alert_id=alert.id, by="Max", who="user:2")
