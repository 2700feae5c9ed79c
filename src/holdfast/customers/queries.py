"""Who is known by an address, and what they booked. In the organization's transaction; `email` is in lower case."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from holdfast.bookings.models import Booking, BookingState
from holdfast.customers.models import CustomerAccount, ErasureRequest
from holdfast.domain.lifecycle import ACTIVE
from holdfast.waiting.models import WaitingEntry


def normal(email: str) -> str:
    """The one spelling under which an address is kept and compared."""
    return email.strip().lower()


def is_known(email: str) -> bool:
    """Whether anything here belongs to the address."""
    return (
        CustomerAccount.objects.filter(email=email).exists()
        or bookings_of(email).exists()
        or entries_of(email).exists()
    )


def bookings_of(email: str) -> QuerySet[Booking]:
    """All that was booked with the address, however it was spelled; what was only held and what ran out is left out."""
    found = Booking.objects.alias(whose=Lower("customer_email")).filter(whose=email)
    return found.exclude(state__in=[BookingState.HELD, BookingState.EXPIRED])


def upcoming(email: str, now: datetime) -> QuerySet[Booking]:
    """What stands and is not over, the next first."""
    found = bookings_of(email).filter(state__in=ACTIVE, ends_at__gt=now)
    return found.select_related("service", "series", "organization").order_by("starts_at", "id")


def past(email: str, now: datetime) -> QuerySet[Booking]:
    """What is over or was cancelled, the latest first."""
    found = bookings_of(email).exclude(state__in=ACTIVE, ends_at__gt=now)
    return found.select_related("service", "series", "organization").order_by("-starts_at", "-id")


def entries_of(email: str) -> QuerySet[WaitingEntry]:
    """Their places in the line, the latest first."""
    found = WaitingEntry.objects.alias(whose=Lower("customer_email")).filter(whose=email)
    return found.select_related("service", "chosen_resource", "organization").order_by("-joined_at", "-id")


def open_erasure(email: str) -> ErasureRequest | None:
    """What they asked for and nobody has carried out yet."""
    return ErasureRequest.objects.filter(email=email, done_at=None, withdrawn_at=None).first()
