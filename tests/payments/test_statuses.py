"""What the database says of many bookings' money is what the domain says of each."""

from itertools import count

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.ledger import PaymentStatus as S
from holdfast.payments.ledger import standings_of
from holdfast.payments.models import LedgerEntry
from holdfast.payments.statuses import OutstandingOf, StatusOf, statuses_of, with_status
from tests import factories

STAFF = Actor("staff", "Sam Owner")
numbers = count(1)
fact = st.tuples(
    st.sampled_from(list(EntryKind)), st.sampled_from(["one", "two", "three"]), st.sampled_from([0, 1, 4000, 10_000])
)
ledgers = st.lists(st.lists(fact, max_size=9), min_size=4, max_size=4)


@pytest.fixture
def bookings(organization: Organization) -> list[Booking]:
    """Two confirmed with one cancelled between them, and one that costs nothing."""
    factories.make_resource(organization)
    service = factories.make_service(organization)
    found = [
        factories.make_booking(organization, service, factories.monday(organization, hour)) for hour in (9, 11, 13)
    ]
    free = factories.make_service(organization, price_amount=0)
    found.append(factories.make_booking(organization, free, factories.monday(organization, 15)))
    cancelled = found[1]
    actions.CHANGES["cancel"](
        organization=organization, booking_id=cancelled.id, version=cancelled.version, actor=STAFF, reason=""
    )
    return found


def write(booking: Booking, facts: list[tuple[EntryKind, str, int]]) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            organization_id=booking.organization_id, booking=booking, key=f"{next(numbers)}", kind=kind.value,
            subject=subject, amount=amount, currency="EUR", actor_kind="system", at=clock.now(),
        )
        for kind, subject, amount in facts
    )  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers)
def test_lists_and_the_domain_say_the_same_of_any_ledger(
    bookings: list[Booking], facts: list[list[tuple[EntryKind, str, int]]]
) -> None:
    with transaction_for(bookings[0].organization_id):
        before = transaction.savepoint()  # a ledger is only added to
        for booking, its in zip(bookings, facts, strict=True):
            write(booking, its)
        said = {each.id: each for each in with_status(Booking.objects.annotate(outstanding=OutstandingOf()))}
        for key, seen in standings_of(said.values()).items():
            assert (said[key].payment_status, said[key].outstanding) == (seen.status, seen.outstanding.amount)  # type: ignore[attr-defined]
        transaction.savepoint_rollback(before)


def test_the_statuses_of_many_bookings_are_one_query(bookings: list[Booking]) -> None:
    with transaction_for(bookings[0].organization_id), CaptureQueriesContext(connection) as asked:
        found = statuses_of(each.id for each in bookings)
    assert [found[each.id] for each in bookings] == [S.UNPAID, S.NOTHING_DUE, S.UNPAID, S.NOTHING_DUE]
    assert sum("payments_ledgerentry" in each["sql"] for each in asked) == 1


def test_a_status_can_be_filtered_by_and_counted(bookings: list[Booking]) -> None:
    with transaction_for(bookings[0].organization_id):
        write(bookings[0], [(EntryKind.RECEIVED, "one", 10_000)])
        paid = Booking.objects.alias(money=StatusOf()).filter(money=S.PAID)
        assert list(paid) == [bookings[0]]
        counted = Booking.objects.order_by().values_list(StatusOf()).annotate(Count("id"))
        assert dict(counted) == {S.PAID: 1, S.UNPAID: 1, S.NOTHING_DUE: 2}
