"""Every change of a booking: one verb each, one transaction each, the same checks for everybody."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import allocations, availability, notice, placing, steps
from holdfast.bookings.availability import Wish
from holdfast.bookings.columns import Details, details_columns, first_state, slot_columns
from holdfast.bookings.contention import SlotContended, settle
from holdfast.bookings.errors import HoldExpired, TooLateToChange, TransitionNotAllowed
from holdfast.bookings.models import Booking, BookingState, Note
from holdfast.bookings.placing import Placement
from holdfast.bookings.steps import CUSTOMER, SYSTEM, Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import NotFound, ValidationError
from holdfast.core.keys import new_reference, uuid7
from holdfast.core.rows import insert
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import MOVABLE, Action, State

# However often it is extended, a hold ends after this many times its first length.
LONGEST_HOLD = 3


def hold(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    actor: Actor = CUSTOMER,
    replaces: UUID | None = None,
) -> Booking:
    """Claim a slot for the organization's hold time. `replaces`: a hold of the same person, which moves here instead.

    Raises what `placing.place` raises.
    """

    def attempt() -> Booking:
        with transaction_for(organization.id):
            return hold_once(organization=organization, wish=wish, starts_at=starts_at, actor=actor, replaces=replaces)

    return settle(attempt, release_expired_in_the_way)


def hold_once(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    actor: Actor = CUSTOMER,
    replaces: UUID | None = None,
) -> Booking:
    """One attempt of `hold`, inside the tenant's transaction, which SlotContended must undo: a place was taken."""
    expires_at = clock.now() + timedelta(minutes=organization.hold_minutes)
    former = _own_hold(replaces)
    placement = placing.place(
        organization, wish, starts_at, expires_at=expires_at, but_for=former.id if former else None
    )
    if former is not None:
        return _move_hold(former, placement, actor)
    booking = _new_booking(organization, placement, state=State.HELD, hold_expires_at=expires_at)
    _claim_and_save(booking, placement)
    steps.log(booking, action=Action.HOLD, source="", actor=actor)
    steps.announce(booking, "booking.held", actor=actor)
    return booking


def extend_hold(*, organization: Organization, hold_id: UUID, actor: Actor = CUSTOMER) -> Booking:
    """Hold on for the organization's hold time from now, three times its length at most. Raises HoldExpired."""
    with transaction_for(organization.id):
        booking = _held(hold_id)
        length = timedelta(minutes=organization.hold_minutes)
        longest = min(clock.now() + length, booking.created_at + LONGEST_HOLD * length)
        until = max(longest, booking.hold_expires_at or longest)  # one that moved late may last longer: never shortened
        allocations.keep(booking_id=booking.id, expires_at=until)
        steps.change(booking, hold_expires_at=until)
        steps.announce(booking, "booking.hold_extended", actor=actor)
        return booking


def release_hold(*, organization: Organization, hold_id: UUID, actor: Actor = CUSTOMER) -> None:
    """Give a held slot back. Releasing twice, or after it expired, does nothing. Raises NotFound."""
    with transaction_for(organization.id):
        booking = _locked(id=hold_id)
        if booking.state == BookingState.HELD:
            steps.take(booking, action=Action.RELEASE, actor=actor, event="booking.released")
        elif booking.state != BookingState.EXPIRED:
            raise TransitionNotAllowed


def book(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    details: Details,
    hold_id: UUID | None = None,
    actor: Actor = CUSTOMER,
) -> Booking:
    """Book a slot, or the hold on it. Raises what `placing.place` raises, HoldExpired, ValidationError (answers)."""

    def attempt() -> Booking:
        with transaction_for(organization.id):
            return book_once(
                organization=organization, wish=wish, starts_at=starts_at, details=details, hold_id=hold_id, actor=actor
            )

    return settle(attempt, release_expired_in_the_way)


def book_once(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    details: Details,
    hold_id: UUID | None = None,
    actor: Actor = CUSTOMER,
) -> Booking:
    """One attempt of `book`, inside the tenant's transaction, which SlotContended must undo: a place was taken."""
    if hold_id is not None:
        return _book_hold(organization, hold_id, wish, starts_at, details, actor)
    placement = placing.place(organization, wish, starts_at)
    state = first_state(placement.question.plan)
    booking = _new_booking(organization, placement, state=state, **details_columns(placement.question.plan, details))
    _claim_and_save(booking, placement)
    steps.log(booking, action=Action.BOOK, source="", actor=actor)
    steps.announce(booking, f"booking.{state}", actor=actor)
    return booking


def reschedule(
    *,
    organization: Organization,
    booking_id: UUID,
    starts_at: datetime,
    version: int,
    actor: Actor,
    resource: str | None = None,
    reason: str = "",
) -> Booking:
    """Move a booking to another time (and resource), all or nothing.

    Raises VersionConflict, TransitionNotAllowed, TooLateToChange (customers), and what `placing.place` raises.
    """

    def attempt() -> Booking:
        with transaction_for(organization.id):
            booking = _locked(id=booking_id)
            steps.check_version(booking, version)
            if booking.state not in MOVABLE:
                raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state})
            _check_notice(organization, booking, actor)
            placement = placing.place(organization, wish_of(booking, resource, actor), starts_at, but_for=booking.id)
            before = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
            _exchange(booking, placement)
            steps.change(
                booking,
                starts_at=placement.starts_at,
                ends_at=placement.ends_at,
                # The price stays what was agreed; who was chosen is who was asked for now.
                chosen_resource_id=slot_columns(placement)["chosen_resource_id"],
                calendar_sequence=booking.calendar_sequence + 1,
            )
            steps.log(booking, action="reschedule", source=booking.state, actor=actor, reason=reason, details=before)
            steps.announce(booking, "booking.rescheduled", actor=actor, reason=reason, before=before)
            return booking

    return settle(attempt, release_expired_in_the_way)


def cancel(*, organization: Organization, booking_id: UUID, version: int, actor: Actor, reason: str = "") -> Booking:
    """Raises VersionConflict, TransitionNotAllowed, TooLateToChange (customers after the notice has begun)."""
    with transaction_for(organization.id):
        booking = _locked(id=booking_id)
        steps.check_version(booking, version)
        steps.target_of(booking, Action.CANCEL, actor)
        _check_notice(organization, booking, actor)
        return steps.take(
            booking,
            action=Action.CANCEL,
            actor=actor,
            reason=reason,
            calendar_sequence=booking.calendar_sequence + 1,
        )


def confirm(*, organization: Organization, booking_id: UUID, version: int, actor: Actor, reason: str = "") -> Booking:
    """Approve a request. Raises VersionConflict, TransitionNotAllowed."""
    return _step(organization, booking_id, Action.CONFIRM, version, actor, reason)


def start(*, organization: Organization, booking_id: UUID, version: int, actor: Actor, reason: str = "") -> Booking:
    """The service begins. Raises VersionConflict, TransitionNotAllowed."""
    return _step(organization, booking_id, Action.START, version, actor, reason)


def complete(*, organization: Organization, booking_id: UUID, version: int, actor: Actor, reason: str = "") -> Booking:
    """The service was given. Raises VersionConflict, TransitionNotAllowed."""
    return _step(organization, booking_id, Action.COMPLETE, version, actor, reason)


def no_show(*, organization: Organization, booking_id: UUID, version: int, actor: Actor, reason: str = "") -> Booking:
    """The customer did not come. Raises VersionConflict, TransitionNotAllowed."""
    return _step(organization, booking_id, Action.NO_SHOW, version, actor, reason)


# By the names they have in addresses: the API's and the desk's.
CHANGES: Mapping[str, Callable[..., Booking]] = {
    "cancel": cancel,
    "confirm": confirm,
    "start": start,
    "complete": complete,
    "no-show": no_show,
}


def add_note(*, organization: Organization, booking_id: UUID, text: str, author: str) -> Note:
    """Write an internal note. Raises ValidationError when it is empty, NotFound."""
    if not text.strip():
        raise ValidationError(errors=[{"field": "text", "message": _("may not be empty")}])
    with transaction_for(organization.id):
        if not Booking.objects.filter(id=booking_id).exists():
            raise NotFound
        note = Note(
            organization_id=organization.id, booking_id=booking_id, text=text.strip(), author=author, at=clock.now()
        )
        note.save(force_insert=True)
        return note


def release_expired_in_the_way(lost: SlotContended) -> int:
    """Expire the holds that stand where somebody wants to book, in a transaction of their own."""
    with transaction_for(lost.organization_id):
        return _expire(
            allocations.expired_holds(resource_ids=lost.resource_ids, start=lost.start, end=lost.end, now=clock.now())
        )


def release_expired_holds(*, organization_id: UUID, limit: int = 200) -> int:
    """Tidy up what has expired; nothing depends on it (Law 2). Returns how many."""
    with transaction_for(organization_id):
        expired = Booking.objects.filter(state=BookingState.HELD, hold_expires_at__lte=clock.now())
        return _expire(list(expired.order_by("hold_expires_at").values_list("id", flat=True)[:limit]))


def wish_of(booking: Booking, resource: str | None, actor: Actor) -> Wish:
    """The wish that a booking fulfils, for moving it."""
    chosen = booking.chosen_resource.slug if booking.chosen_resource else None
    return Wish(
        service=booking.service.slug,
        resource=resource or chosen,
        party_size=booking.party_size,
        duration=booking.minutes,
        type=booking.type,
        by_staff=actor.kind == "staff",
    )


def _new_booking(organization: Organization, placement: Placement, *, state: State, **columns: Any) -> Booking:
    now = clock.now()
    booking = Booking(
        id=uuid7(),
        organization_id=organization.id,
        reference=new_reference(),
        state=state,
        type=placement.question.wish.type,
        time_zone=placement.question.plan.time_zone,
        created_at=now,
        updated_at=now,
        **slot_columns(placement),
        **columns,
    )
    booking.service = placement.question.plan.service_row()
    return booking


def _claim_and_save(booking: Booking, placement: Placement) -> None:
    """The places first: whoever lost has written little. Their reference to the booking is checked at the commit."""
    if not allocations.claim(
        organization_id=booking.organization_id, booking_id=booking.id, wanted=placement.occupation
    ):
        raise placement.lost()
    insert(booking)


def _exchange(booking: Booking, placement: Placement) -> None:
    if not allocations.exchange(
        organization_id=booking.organization_id, booking_id=booking.id, wanted=placement.occupation
    ):
        raise placement.lost()


def _book_hold(
    organization: Organization, hold_id: UUID, wish: Wish, starts_at: datetime, details: Details, actor: Actor
) -> Booking:
    booking = _held(hold_id)
    question = availability.question_of(organization, wish, clock.now())
    if not _same_slot(booking, wish, starts_at, question.duration):
        raise ValidationError(
            errors=[{"field": "hold", "message": _("is for a different service, time, party or person")}]
        )
    allocations.keep(booking_id=booking.id, expires_at=None)
    return steps.take(
        booking,
        action=Action.BOOK,
        to=first_state(question.plan),
        actor=actor,
        hold_expires_at=None,
        **details_columns(question.plan, details),
    )


def _same_slot(booking: Booking, wish: Wish, starts_at: datetime, duration: int) -> bool:
    """Whether the hold is on what is wished for. Who holds a time with somebody need not name them again."""
    chosen = booking.chosen_resource.slug if booking.chosen_resource else None
    return (
        booking.service.slug == wish.service
        and booking.starts_at == starts_at
        and booking.ends_at == starts_at + timedelta(minutes=duration)
        and booking.party_size == wish.party_size
        and wish.resource in (None, chosen)
    )


def _own_hold(hold_id: UUID | None) -> Booking | None:
    """The hold to be replaced, if it can still be; one that is gone is simply not replaced."""
    if hold_id is None:
        return None
    try:
        booking = _locked(id=hold_id)
    except NotFound:
        return None
    return booking if booking.state == BookingState.HELD else None


def _move_hold(former: Booking, placement: Placement, actor: Actor) -> Booking:
    """A hold that is exchanged for another slot, perhaps of another service, keeps its row and reference."""
    _exchange(former, placement)
    steps.change(former, **slot_columns(placement), hold_expires_at=placement.occupation.expires_at)
    steps.announce(former, "booking.held", actor=actor)
    return former


def _held(hold_id: UUID) -> Booking:
    """Raises HoldExpired, also when it was released or never was."""
    try:
        booking = _locked(id=hold_id)
    except NotFound:
        raise HoldExpired from None
    if booking.state != BookingState.HELD or booking.hold_expires_at is None:
        raise HoldExpired
    if booking.hold_expires_at <= clock.now():
        raise HoldExpired
    return booking


def _locked(**lookup: Any) -> Booking:
    try:
        return locking.lock_row(Booking, **lookup)
    except Booking.DoesNotExist:
        raise NotFound from None


def _step(
    organization: Organization, booking_id: UUID, action: Action, version: int, actor: Actor, reason: str
) -> Booking:
    with transaction_for(organization.id):
        return steps.take(_locked(id=booking_id), action=action, actor=actor, version=version, reason=reason)


def _check_notice(organization: Organization, booking: Booking, actor: Actor) -> None:
    """Customers may change a booking until the organization's notice begins; staff always."""
    if actor.kind == "customer" and not notice.is_in_time(booking, organization, clock.now()):
        raise TooLateToChange


def _expire(booking_ids: list[UUID]) -> int:
    """Locked rows are skipped: whoever has one is booking or expiring it already."""
    now, count = clock.now(), 0
    for booking in locking.lock_free_rows(Booking, id__in=booking_ids):
        if booking.state == BookingState.HELD and booking.hold_expires_at and booking.hold_expires_at <= now:
            steps.take(booking, action=Action.EXPIRE, actor=SYSTEM)
            count += 1
    return count
