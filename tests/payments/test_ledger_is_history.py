"""The ledger is only added to, each fact once, also by several at the same moment."""

from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import Settings

from holdfast.bookings.models import Booking
from holdfast.core.embedded_postgres import SUPERUSER
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.payments import actions, inbox, ledger
from holdfast.payments.models import InboxEvent, LedgerEntry
from holdfast.stripe_standin.serve import InThread
from tests import database, factories
from tests.payments.conftest import PRICE, Shop, open_shop
from tests.running import at_once
from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import Wish


@pytest.mark.parametrize(
    "statement", ["UPDATE payments_ledgerentry SET amount = 1", "DELETE FROM payments_ledgerentry"]
)
def test_an_entry_is_never_changed_or_removed(shop: Shop, statement: str) -> None:
    actions.owe(booking=shop.booking, reason="tip", amount=PRICE)
    with transaction_for(shop.organization.id):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert LedgerEntry.objects.get().amount == 10_000


@pytest.fixture
def busy_shop(committed_db: str, standin: InThread, receiver: Receiver, wish: Wish, settings: Settings) -> Shop:
    return open_shop(factories.make_organization(slug="salon"), standin, receiver, wish, settings)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_ledgerentry SET amount = 1",
        "DELETE FROM payments_ledgerentry",
        "TRUNCATE payments_ledgerentry",
    ],
)
def test_not_even_who_may_everything_rewrites_history(busy_shop: Shop, committed_db: str, statement: str) -> None:
    actions.owe(booking=busy_shop.booking, reason="tip", amount=PRICE)
    refused = pytest.raises(psycopg.errors.RestrictViolation, match="append-only")
    with psycopg.connect(database.url(SUPERUSER, committed_db)) as superuser, refused:
        superuser.execute(statement)


def test_a_notice_that_comes_sixteen_times_at_once_is_kept_once(busy_shop: Shop) -> None:
    busy_shop.begin()
    (notice,) = busy_shop.notices()
    assert at_once([lambda: busy_shop.post(notice)] * 16) == [200] * 16
    with transaction_for(busy_shop.organization.id):
        assert InboxEvent.objects.count() == 1


def apply_at_once(shop: Shop) -> list[object]:
    """Eight workers apply the news of one payment, each a notice of its own or the same."""
    for each in shop.notices():
        shop.post(each)
    with transaction_for(shop.organization.id):
        waiting = list(InboxEvent.objects.values_list("id", flat=True))
    assert len(waiting) == 4

    def apply(number: int) -> object:
        return inbox.apply(organization_id=shop.organization.id, inbox_id=waiting[number % 4])

    return list(at_once([lambda number=number: apply(number) for number in range(8)]))  # type: ignore[misc]


def test_under_the_bookings_lock_each_fact_is_added_and_told_once(busy_shop: Shop) -> None:
    _, intent = busy_shop.begin()
    busy_shop.confirm(intent)
    assert apply_at_once(busy_shop) == ["applied"] * 8
    assert busy_shop.standing().status == PaymentStatus.PAID
    assert busy_shop.told() == ["received"]


def test_without_the_lock_the_database_has_to_refuse_the_second_one(
    busy_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, intent = busy_shop.begin()
    busy_shop.confirm(intent)
    gate = Barrier(8)

    def look_and_go_on(booking_id: UUID) -> Booking:
        gate.wait(10)
        return Booking.objects.get(id=booking_id)

    monkeypatch.setattr(ledger, "lock_booking", look_and_go_on)
    ended = apply_at_once(busy_shop)
    assert any(isinstance(each, IntegrityError) for each in ended)
    assert busy_shop.told() == ["received"]
