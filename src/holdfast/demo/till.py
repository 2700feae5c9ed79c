"""What staff took on site: a receipt for nearly every booking that is over, in cash or on their own terminal."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.demo.chance import chance, key_at
from holdfast.demo.rows import insert
from holdfast.demo.spec import OrganizationSpec
from holdfast.domain.ledger import EntryKind
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind
from holdfast.pricing.models import PaymentMethod

IN_CASH = 0.3
# Of those of the last days, some are not paid yet: that is what lists are for.
LATELY, NOT_YET = timedelta(days=6), 0.15


def take_money(spec: OrganizationSpec, organization: Organization, *, now: datetime) -> int:
    """Record what was taken since the last time; returns how many receipts. In the organization's transaction."""
    paid = LedgerEntry.objects.filter(booking_id=OuterRef("pk"))
    over = Booking.objects.filter(
        state=BookingState.COMPLETED, payment_method=PaymentMethod.ON_SITE, price_amount__gt=0, ends_at__lte=now
    ).filter(~Exists(paid))
    first = Payment.objects.filter(kind=PaymentKind.ON_SITE).count() + 1
    taken = [each for each in over.order_by("ends_at", "id") if not _is_late(each, now)]
    payments = {each.id: _payment(each) for each in taken}
    insert("payments_payment", list(payments.values()))
    rows = (row for number, each in enumerate(taken, first) for row in _entries(spec, each, payments[each.id], number))
    insert("payments_ledgerentry", list(rows))
    return len(taken)


def _is_late(booking: Booking, now: datetime) -> bool:
    return booking.ends_at > now - LATELY and chance("late", booking.id).random() < NOT_YET


def _payment(booking: Booking) -> dict[str, Any]:
    return {
        "id": key_at(booking.ends_at, chance("till", booking.id)),
        "organization_id": booking.organization_id,
        "booking_id": booking.id,
        "kind": PaymentKind.ON_SITE,
        "amount": booking.price_amount,
        "currency": booking.price_currency,
        "gateway_id": "",
        "created_at": booking.ends_at,
    }


def _entries(
    spec: OrganizationSpec, booking: Booking, payment: dict[str, Any], number: int
) -> Iterable[dict[str, Any]]:
    """As `payments.on_site.record_received` writes them."""
    rng = chance("receipt", booking.id)
    receipt = f"{booking.ends_at:%Y}-{number:05}"
    how = "cash" if rng.random() < IN_CASH else "card"
    person = next(each for each in spec.staff if each.role in ("dispatcher", "manager", "owner"))
    for kind, key, details in (
        (EntryKind.STARTED, f"{payment['id']}:started", {}),
        (EntryKind.RECEIVED, f"receipt {receipt}:received", {"how": how, "receipt": receipt}),
    ):
        yield {
            "id": key_at(booking.ends_at, rng),
            "organization_id": booking.organization_id,
            "booking_id": booking.id,
            "payment_id": payment["id"],
            "key": key,
            "kind": kind,
            "subject": str(payment["id"]),
            "amount": booking.price_amount,
            "currency": booking.price_currency,
            "details": details,
            "actor_kind": "staff" if kind == EntryKind.RECEIVED else "system",
            "actor_name": person.name if kind == EntryKind.RECEIVED else "",
            "at": booking.ends_at,
        }
