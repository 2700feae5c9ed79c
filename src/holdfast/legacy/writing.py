"""The rows of one imported booking: itself, its places, its history, its event, and where it came from.

Its event is `booking.imported` at every step, which nobody is mailed about (config/handlers.py).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.bookings import steps
from holdfast.bookings.models import Booking, Note
from holdfast.bookings.places import allocations
from holdfast.bookings.places.allocations import Occupation
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.keys import new_reference, uuid7
from holdfast.core.rows import insert
from holdfast.domain.lifecycle import Action, State
from holdfast.legacy.mapping import Draft
from holdfast.legacy.models import LegacyImportedBooking
from holdfast.legacy.queries import V312

__all__ = ["Occupation", "claim", "new_booking", "write"]

IMPORTED = "booking.imported"
# Whoever marked a no-show or completed a trip there was staff.
IMPORTER = Actor("staff", V312)
LAST_STEP = {State.COMPLETED: Action.COMPLETE, State.CANCELLED: Action.CANCEL, State.NO_SHOW: Action.NO_SHOW}
# What staff need on the day and no column of ours holds.
NOTED = ("pickup_location", "dropoff_location", "flight_number", "luggage", "payment_type")


def new_booking(organization: Organization, draft: Draft, now: datetime) -> Booking:
    """Not yet written. It begins confirmed or requested, as the database demands, and steps on from there."""
    raw = draft.raw
    return Booking(
        id=uuid7(),
        organization_id=organization.id,
        reference=new_reference(),
        service=draft.service,
        state=State.REQUESTED if draft.state == State.REQUESTED else State.CONFIRMED,
        starts_at=clock.from_minute(draft.start),
        ends_at=clock.from_minute(draft.end),
        time_zone=organization.time_zone,
        party_size=draft.party,
        chosen_resource_id=draft.vehicle.id if draft.vehicle else None,
        customer_name=raw.text("customer_name"),
        customer_email=raw.text("customer_email"),
        customer_phone=raw.text("customer_phone"),
        customer_locale=organization.default_language,
        price_amount=draft.amount,
        price_currency=organization.currency,
        payment_method=draft.payment_method,
        created_at=draft.created_at,
        updated_at=now,
    )


def claim(organization_id: UUID, booking_id: UUID, places: Occupation) -> bool:
    """Take all places or none."""
    if allocations.claim(organization_id=organization_id, booking_id=booking_id, wanted=places):
        return True
    allocations.free(booking_id=booking_id)
    return False


def write(booking: Booking, draft: Draft) -> None:
    """The booking, after its places, with its way to the state it had."""
    origin: dict[str, Any] = {"source": V312, "legacy_id": draft.raw.legacy_id}
    insert(booking)
    steps.log(booking, action="import", source="", actor=IMPORTER, details=origin)
    steps.announce(booking, IMPORTED, actor=IMPORTER, **origin)
    if draft.state in LAST_STEP:
        steps.take(booking, action=LAST_STEP[draft.state], actor=IMPORTER, event=IMPORTED)
    _note(booking, draft)
    insert(
        LegacyImportedBooking(
            organization_id=booking.organization_id,
            source=V312,
            legacy_id=draft.raw.legacy_id,
            booking_id=booking.id,
            row=draft.raw.columns,
            imported_at=clock.now(),
        )
    )


def _note(booking: Booking, draft: Draft) -> None:
    """Under the names of the old columns: staff know them."""
    lines = [f"{name}: {draft.raw.text(name)}" for name in NOTED if draft.raw.text(name)]
    if lines:
        organization_id, text = booking.organization_id, "\n".join(lines)
        insert(Note(organization_id=organization_id, booking_id=booking.id, author=V312, text=text, at=clock.now()))
