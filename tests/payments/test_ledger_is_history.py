"""The ledger is only added to, each fact once, also by several at the same moment."""

from threading import Barrier
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import Settings

from holdfast.bookings.models import Booking
from holdfast.core.embedded_postgres import OWNER
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.payments import inbox, ledger
from holdfast.payments.models import InboxEvent, LedgerEntry
from holdfast.stripe_standin.serve import InThread
from tests import factories
from tests.payments.conftest import Shop, open_shop
from tests.running import at_once
from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import Wish


@pytest.mark.parametrize(
    "statement", ["UPDATE payments_ledgerentry SET amount = 1", "DELETE FROM payments_ledgerentry"]
)
def test_an_entry_is_never_changed_or_removed(shop: Shop, statement: str) -> None:
    with transaction_for(shop.organization.id):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert LedgerEntry.objects.get().amount == 10_000


def test_not_even_the_owner_of_the_table_rewrites_history(shop: Shop) -> None:
    """The trigger, with the role's rights out of the way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype FROM pg_trigger "
            "WHERE tgrelid = 'payments_ledgerentry'::regclass AND NOT tgisinternal"
        )
        triggers = dict(cursor.fetchall())
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'payments_ledgerentry'")
        assert cursor.fetchone() == (OWNER,)
    before, row, delete, update, truncate = 2, 1, 8, 16, 32  # pg_trigger.h
    assert triggers == {
        "append_only": before | row | delete | update,
        "append_only_as_a_whole": before | truncate,
    }


@pytest.fixture
def busy_shop(committed_db: str, standin: InThread, receiver: Receiver, wish: Wish, settings: Settings) -> Shop:
    return open_shop(factories.make_organization(slug="salon"), standin, receiver, wish, settings)


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
