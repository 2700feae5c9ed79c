"""Who gets a place that became free: the first in the line whom it suits (docs/algorithms/waiting-list.md).

In the transaction that frees it where that can be decided at once, else in a job right after the commit; a look each
minute finds the rest. Everybody walks the line in its order, and a person is taken out of it by a guarded UPDATE: of
two who look at once, the second waits there for the first and then goes on to the next person.
"""

from datetime import date, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from holdfast.bookings.holds import actions as holds
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.places.contention import SlotContended, settle
from holdfast.bookings.steps import SYSTEM, Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import HoldfastError
from holdfast.core.keys import uuid7
from holdfast.core.locking import WaitedTooLong
from holdfast.core.rows import insert
from holdfast.core.tenancy import transaction_for
from holdfast.domain.waiting import Step
from holdfast.waiting import entries, matching
from holdfast.waiting.matching import Dates
from holdfast.waiting.models import WaitingEntry, WaitingOffer, WaitingState

# Whoever frees a place waits this long, at each lock for others; then a job takes over.
PATIENCE_MS = 250
# So many people are asked in the transaction that frees a place; the rest of a longer line by a job.
MOST_ASKED_AT_ONCE = 30


def offer_at_once(organization_id: UUID, among: Dates) -> bool:
    """Offer what became free on these local dates, inside the transaction that freed it.

    False when it is to be looked at again after the commit: somebody else was at it, or the line is long.
    """
    organization = Organization.objects.get(id=organization_id)
    line = in_line(among)[: MOST_ASKED_AT_ONCE + 1]
    for entry in line[:MOST_ASKED_AT_ONCE]:
        try:
            with locking.impatient(PATIENCE_MS):
                offer_first(entry, organization, among)
        except (SlotContended, WaitedTooLong):
            return False
    return len(line) <= MOST_ASKED_AT_ONCE


def offer_to_all(*, organization_id: UUID) -> int:
    """Look for a time for everybody who waits, the longest waiting first, each in a transaction. Returns how many.

    Where a time is found, that day is gone through again from the line's beginning: who came first is served first even
    if it became free since they were looked at.
    """
    given = 0
    with transaction_for(organization_id):
        waiting = list(in_line().values_list("id", flat=True))
    for entry_id in waiting:
        day = _day_with_a_time(organization_id, entry_id)
        while day is not None and settle(partial(_offer_on, organization_id, day)):
            given += 1
    return given


def offer_first(entry: WaitingEntry, organization: Organization, among: Dates | None = None) -> WaitingOffer | None:
    """Hold the first free time that suits for an entry; None when there is none.

    Raises SlotContended when somebody was faster: the transaction (or savepoint) is to be undone.
    """
    starts_at = matching.first_start(entry, organization, among)
    if starts_at is None:
        return None
    try:
        with transaction_for(organization.id):
            return offer(entry, organization, starts_at)
    except HoldfastError:
        return None  # free a moment ago and refused now, or the person has just left


def offer(
    entry: WaitingEntry, organization: Organization, starts_at: datetime, *, actor: Actor = SYSTEM
) -> WaitingOffer:
    """Hold this time for the entry and record `waiting.offered`, which is mailed.

    Raises what `holds.hold_once` raises, and NotWaiting.
    """
    entries.take(entry, Step.OFFER)
    held = holds.hold_once(
        organization=organization,
        wish=matching.wish_of(entry),
        starts_at=starts_at,
        actor=SYSTEM,
        minutes=organization.waiting_offer_minutes,
        # An offer that is open counts in its person's own limits: of two entries, one is offered.
        known=Known.of(entry.customer_email, entry.customer_phone),
    )
    assert held.hold_expires_at is not None  # noqa: S101 - the database keeps holds without an end out
    made = WaitingOffer(
        id=uuid7(),
        organization_id=organization.id,
        entry_id=entry.id,
        booking_id=held.id,
        starts_at=held.starts_at,
        offered_at=clock.now(),
        expires_at=held.hold_expires_at,
    )
    insert(made)
    entries.announce(entry, "waiting.offered", actor=actor, offer=made)
    return made


def in_line(among: Dates | None = None) -> QuerySet[WaitingEntry]:
    """Those who wait (for one of these local dates), the longest waiting first."""
    line = WaitingEntry.objects.filter(state=WaitingState.WAITING).select_related("service", "chosen_resource")
    if among is not None:
        line = line.filter(first_date__lte=among[1], last_date__gte=among[0])
    return line.order_by("joined_at", "id")


def _offer_on(organization_id: UUID, day: date) -> bool:
    """Along the line, offer one time of this local date to the first whom one suits. One transaction."""
    with transaction_for(organization_id):
        organization = Organization.objects.get(id=organization_id)
        return any(offer_first(entry, organization, (day, day)) for entry in in_line((day, day)))


def _day_with_a_time(organization_id: UUID, entry_id: UUID) -> date | None:
    """The local date of the first free start that suits an entry, if it waits still."""
    with transaction_for(organization_id):
        organization = Organization.objects.get(id=organization_id)
        entry = in_line().filter(id=entry_id).first()
        starts_at = matching.first_start(entry, organization) if entry else None
        return None if starts_at is None else starts_at.astimezone(ZoneInfo(organization.time_zone)).date()
