"""The status of many bookings' money, said by the database: what `domain.ledger.standing` says, in one statement.

For lists, filters and counts. tests/payments/test_statuses.py has the two say the same of any ledger.
"""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import BigIntegerField, CharField, F, Func, QuerySet

from holdfast.bookings.models import Booking
from holdfast.domain.ledger import COSTS_ITS_PRICE, PaymentStatus

# The facts of each subject, then all of them: {id}, {state} and {price} are the booking's.
_SUMS = """
    SELECT CASE WHEN {state} = ANY({costs}) THEN {price} ELSE 0 END + coalesce(sum(owed), 0) AS owed,
        coalesce(sum(received), 0) AS received, coalesce(sum(lost), 0) AS lost,
        coalesce(sum(CASE WHEN refund_failed THEN 0 ELSE coalesce(refunded, pending, asked) END), 0) AS refunded,
        coalesce(sum(disputed) FILTER (WHERE NOT decided), 0) AS disputed,
        coalesce(sum(held) FILTER (WHERE NOT ended), 0) AS held,
        coalesce(bool_or(started AND NOT over AND NOT failed), false) AS is_waiting,
        coalesce(bool_or(failed AND NOT over), false) AS is_failed,
        coalesce(bool_or(card_kept AND NOT cancelled), false) AS is_kept
    FROM (
        SELECT sum(amount) FILTER (WHERE kind = 'owed') AS owed,
            sum(amount) FILTER (WHERE kind IN ('received', 'corrected')) AS received,
            sum(amount) FILTER (WHERE kind = 'dispute_lost') AS lost,
            sum(amount) FILTER (WHERE kind = 'refunded') AS refunded,
            sum(amount) FILTER (WHERE kind = 'refund_pending') AS pending,
            sum(amount) FILTER (WHERE kind = 'refund_asked') AS asked,
            sum(amount) FILTER (WHERE kind = 'disputed') AS disputed,
            sum(amount) FILTER (WHERE kind = 'held') AS held,
            bool_or(kind = 'refund_failed') AS refund_failed,
            bool_or(kind IN ('dispute_won', 'dispute_lost')) AS decided,
            bool_or(kind IN ('received', 'cancelled')) AS ended,
            bool_or(kind IN ('received', 'cancelled', 'held', 'card_kept')) AS over,
            bool_or(kind = 'started') AS started,
            bool_or(kind = 'failed') AS failed,
            bool_or(kind = 'card_kept') AS card_kept,
            bool_or(kind = 'cancelled') AS cancelled
        FROM payments_ledgerentry WHERE booking_id = {id} GROUP BY subject
    ) AS of_subject
"""
_COSTS = "ARRAY[" + ", ".join(f"'{state.value}'" for state in sorted(COSTS_ITS_PRICE)) + "]"
# In the order of PaymentStatus; `kept` is received - refunded - lost.
_STATUS = f"""(
    SELECT CASE WHEN disputed > 0 THEN 'disputed'
        WHEN received > 0 AND received - refunded - lost <= 0 THEN 'refunded'
        WHEN refunded + lost > 0 THEN 'partly_refunded'
        WHEN received > 0 AND received - refunded - lost >= owed THEN 'paid'
        WHEN received > 0 THEN 'partly_paid'
        WHEN held > 0 THEN 'held'
        WHEN is_waiting THEN 'pending'
        WHEN is_failed THEN 'failed'
        WHEN owed > 0 AND is_kept THEN 'card_kept'
        WHEN owed > 0 THEN 'unpaid'
        ELSE 'nothing_due' END
    FROM ({_SUMS}) AS sums)"""  # noqa: S608 - put together from constants
_OUTSTANDING = f"(SELECT owed - (received - refunded - lost) FROM ({_SUMS}) AS sums)"  # noqa: S608 - the same


class _OfLedger(Func):
    """A value that a subquery computes from a booking's id, state and price."""

    text: ClassVar[str]

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("id"), F("state"), F("price_amount"))), **extra)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        names = ("id", "state", "price")
        columns = [compiler.compile(each) for each in self.get_source_expressions()]
        places = {name: sql for name, (sql, _parameters) in zip(names, columns, strict=True)}
        return self.text.format(**places, costs=_COSTS), ()  # columns have no parameters


class StatusOf(_OfLedger):
    """A booking's PaymentStatus, by its name."""

    text = _STATUS
    output_field = CharField()


class OutstandingOf(_OfLedger):
    """What is still owed for a booking, in minor units; negative: too much was taken."""

    text = _OUTSTANDING
    output_field = BigIntegerField()


def with_status(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Each booking with its `payment_status`, in the statement that reads it."""
    return bookings.annotate(payment_status=StatusOf())


def statuses_of(booking_ids: Iterable[UUID]) -> dict[UUID, PaymentStatus]:
    """By booking, with one query for all of them; inside the tenant's transaction."""
    found = Booking.objects.filter(id__in=list(booking_ids)).values_list("id", StatusOf())
    return {key: PaymentStatus(status) for key, status in found}
