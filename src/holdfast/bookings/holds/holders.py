"""Who holds: one hold for a customer and service, and not too many from one network address (docs/algorithms/holds.md).

Neither is known by name: both are kept as digests, which tell apart and tell nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.errors import HoldExists, TooManyHolds
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places.contention import SlotContended
from holdfast.catalog.models import Organization
from holdfast.core import clock

# Counting looks no further back: a hold lasts minutes, and even one that is moved again and again ends.
LOOKED_BACK = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)
# An address may make so many times as many holds a minute as it may have at once.
RATE = 2


@dataclass(frozen=True, slots=True)
class Holder:
    """Digests of a person or session and of a network address; empty where nobody is to be told apart."""

    key: str = ""
    address: str = ""

    @classmethod
    def of(cls, name: str, *, address: str = "") -> Self:
        """`name` is whatever tells holders apart: a session's key, a client's own word, an email address."""
        return cls(_digest("holder", name), _digest("address", address))


def check_address(organization: Organization, holder: Holder) -> None:
    """Raises TooManyHolds, with the seconds until it is worth asking again.

    A bound and not a promise: requests at the same moment may each just fit.
    """
    if not holder.address:
        return
    now = clock.now()
    standing = Q(state=BookingState.HELD, hold_expires_at__gt=now)
    recent = Q(created_at__gt=now - A_MINUTE)
    found = Booking.objects.filter(
        organization_id=organization.id, held_from=holder.address, created_at__gt=now - LOOKED_BACK
    ).aggregate(
        standing=Count("id", filter=standing),
        recent=Count("id", filter=recent),
        ends=Min("hold_expires_at", filter=standing),
    )
    most = organization.holds_from_one_address
    if found["standing"] >= most:
        raise TooManyHolds(retry_after=max(1, int((found["ends"] - now).total_seconds()) + 1))
    if found["recent"] >= RATE * most:
        raise TooManyHolds(retry_after=int(A_MINUTE.total_seconds()))


def place_of(holder: Holder, plan: ServicePlan, *, but_for: UUID | None) -> int:
    """Which of the holder's places on this service is free. One that only an expired hold takes is released first.

    Raises HoldExists, naming the hold that ends last; SlotContended where something has expired.
    """
    if not holder.key:
        return 0
    now, most = clock.now(), int(plan.service["holds_per_customer"])
    found = list(
        Booking.objects.filter(service_id=plan.service_id, holder=holder.key, state=BookingState.HELD)
        .exclude(id__in=[but_for] if but_for else [])
        .order_by("-hold_expires_at")
        .values_list("id", "holder_place", "hold_expires_at")
    )
    standing = [row for row in found if row[2] is not None and row[2] > now]
    if len(standing) >= most and standing[0][2] is not None:
        raise HoldExists(hold=str(standing[0][0]), expires_at=standing[0][2].isoformat(timespec="seconds"))
    if len(standing) < len(found):
        expired = [row[0] for row in found if row not in standing]
        raise SlotContended(organization_id=plan.organization_id, resource_ids=[], start=0, end=0, booking_ids=expired)
    taken = {row[1] for row in found}
    return next(number for number in range(most) if number not in taken)


def _digest(kind: str, text: str) -> str:
    if not text:
        return ""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()[:40]
