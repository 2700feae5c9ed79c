"""Bookings for which something has to be done next, and whose job was lost."""

from uuid import UUID

from django.db.models import F
from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.bookings.models import Booking
from holdfast.core.tenancy import transaction_for
from holdfast.domain.settling import next_step
from holdfast.payments import settling
from holdfast.payments.gateway import Window
from holdfast.payments.models import LedgerEntry

_AT_WORK = ("todo", "doing")


def settle_forgotten(*, organization_id: UUID, window: Window) -> int:
    """Leave a job behind for each booking touched in the window that has none and needs one. Returns how many."""
    count = 0
    for booking_id in _touched(organization_id, window):
        with transaction_for(organization_id):
            booking = Booking.objects.select_related("service").get(id=booking_id)
            if booking.updated_at < window.until and next_step(settling.case_of(booking)) and not _has_job(booking_id):
                settling.soon(organization_id, booking_id)
                count += 1
    return count


def _touched(organization_id: UUID, window: Window) -> list[UUID]:
    """With payments, and heard of or changed in the window. Nothing later: a job may be under way."""
    with transaction_for(organization_id):
        late = LedgerEntry.objects.filter(at__gte=window.until).values("booking_id")
        heard = LedgerEntry.objects.filter(at__gte=window.since, at__lt=window.until).values("booking_id")
        changed = Booking.objects.filter(
            payments__isnull=False, updated_at__gte=window.since, updated_at__lt=window.until
        )
        found = Booking.objects.filter(id__in=heard) | Booking.objects.filter(id__in=changed.values("id"))
        return list(found.exclude(id__in=late).distinct().order_by(F("id")).values_list("id", flat=True))


def _has_job(booking_id: UUID) -> bool:
    jobs = ProcrastinateJob.objects.filter(task_name=settling.SETTLE, status__in=_AT_WORK)
    return jobs.filter(args__booking_id=str(booking_id)).exists()
