"""Every change of a booking: one verb each, one transaction each, the same checks for everybody."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import cancelling, notice, redeeming, repricing, steps
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details import paying
from holdfast.bookings.details.columns import Details, details_columns, slot_columns
from holdfast.bookings.details.ladder import fee_for
from holdfast.bookings.errors import TooLateToChange, TransitionNotAllowed
from holdfast.bookings.holds.becoming import book_held
from holdfast.bookings.limits import overrides
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking, Note
from holdfast.bookings.places import claims, placing
from holdfast.bookings.places.contention import settled
from holdfast.bookings.quotes import quoting
from holdfast.bookings.quotes.quoting import Quote
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import NotFound, ValidationError
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import MOVABLE, Action
from holdfast.domain.money import Money


def book_once(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    details: Details,
    hold_id: UUID | None = None,
    actor: Actor = CUSTOMER,
    override: Override | None = None,
    quote: Quote | None = None,
) -> Booking:
    """Book a slot, or the hold on it; beyond a limit only with staff's `override`; for the price of a `quote`.

    Raises what `placing.place` raises, HoldExpired, ValidationError (answers, quote), PromotionInvalid, QuoteExpired.
    """
    wish = wish.paid_by(details.payment_method)
    if hold_id is not None:
        return book_held(organization, hold_id, wish, starts_at, details, actor, override, quote)
    chooser = Chooser(uuid7(), details.customer.email, details.customer.phone)
    placement = placing.place(organization, wish, starts_at, chooser, beyond_limits=override is not None)
    placement.question.check_stops()
    priced = quoting.agreed(quote, placement.question, placement.start)
    promotion = redeeming.redeem(placement.question, placement.start, details.customer, quoted=quote is not None)
    booking = claims.new_booking(
        organization,
        placement,
        priced=priced,
        **details_columns(placement.question.plan, details, wish.type, party_size=wish.party_size),
    )
    is_choice = details.is_paid_as_chosen_by(actor.kind)
    agreed = paying.agree(placement.question.plan, details.payment_method, booking.price_amount, is_choice=is_choice)
    placement = claims.waiting_for_payment(booking, placement, agreed)
    claims.claim_and_begin(booking, placement, action=Action.BOOK, event=f"booking.{booking.state}", actor=actor)
    redeeming.record(booking, promotion)
    overrides.record(booking, placement.exceeded, override, actor)
    return booking


book = settled(book_once)


def reschedule_once(
    *,
    organization: Organization,
    booking_id: UUID,
    starts_at: datetime,
    version: int,
    actor: Actor,
    resource: str | None = None,
    reason: str = "",
    override: Override | None = None,
    accept_price: int | None = None,
) -> Booking:
    """Move a booking to another time (and resource), all or nothing; for its customer to the price of that time.

    Raises VersionConflict, TransitionNotAllowed, TooLateToChange and AnotherPrice (customers), and what
    `placing.place` raises.
    """
    booking = claims.locked(id=booking_id)
    steps.check_version(booking, version)
    if booking.state not in MOVABLE:
        raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state})
    _check_notice(organization, booking, actor)
    wish = wish_of(booking, resource, actor)
    chooser = Chooser(booking.id, booking.customer_email, booking.customer_phone, moving=booking)
    placement = placing.place(organization, wish, starts_at, chooser, beyond_limits=override is not None)
    repriced = repricing.for_move(booking, placement.question, placement.start, actor)
    repricing.check_accepted([repriced] if repriced else [], accept_price)
    times = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    before = {**times, **repricing.before(repriced)}
    claims.exchange(booking, placement)
    steps.change(
        booking,
        starts_at=placement.starts_at,
        ends_at=placement.ends_at,
        # Who was chosen is who was asked for now.
        chosen_resource_id=slot_columns(placement)["chosen_resource_id"],
        assigned=placement.assigned,
        calendar_sequence=booking.calendar_sequence + 1,
        **repricing.changes_of(repriced),
    )
    repricing.record(booking, repriced)
    steps.log(booking, action="reschedule", source=booking.state, actor=actor, reason=reason, details=before)
    steps.announce(booking, "booking.rescheduled", actor=actor, reason=reason, before=before)
    overrides.record(booking, placement.exceeded, override, actor)
    return booking


reschedule = settled(reschedule_once)


def cancel(
    *,
    organization: Organization,
    booking_id: UUID,
    version: int,
    actor: Actor,
    reason: str = "",
    accept_fee: int | None = None,
    charge: bool = False,
) -> Booking:
    """Customers owe what they accepted, if it costs something by now; of staff's it is owed if they `charge` it.

    Raises VersionConflict, TransitionNotAllowed, CancellationFee, TooLateToChange (customers: it has begun or, where
    nothing was agreed about it, the notice has).
    """
    with transaction_for(organization.id):
        booking, now = claims.locked(id=booking_id), clock.now()
        steps.check_version(booking, version)
        steps.target_of(booking, Action.CANCEL, actor)
        fee = Money(0, booking.price_currency)
        if actor.kind == "customer":
            fee = cancelling.customers_fee(booking, organization, now, accept_fee)
        elif charge:
            fee = fee_for(booking, now)
        return steps.take(
            booking,
            action=Action.CANCEL,
            actor=actor,
            reason=reason,
            said=cancelling.said(fee),
            calendar_sequence=booking.calendar_sequence + 1,
            **cancelling.owing(booking, fee),
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


def no_show(
    *,
    organization: Organization,
    booking_id: UUID,
    version: int,
    actor: Actor,
    reason: str = "",
    charge: bool = True,
) -> Booking:
    """The customer did not come, and owes what was agreed for that unless staff let it go.

    Raises VersionConflict, TransitionNotAllowed.
    """
    with transaction_for(organization.id):
        booking = claims.locked(id=booking_id)
        fee = cancelling.absents_fee(booking) if charge else Money(0, booking.price_currency)
        return steps.take(
            booking,
            action=Action.NO_SHOW,
            actor=actor,
            version=version,
            reason=reason,
            said=cancelling.said(fee),
            **cancelling.owing(booking, fee),
        )


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


def wish_of(booking: Booking, resource: str | None, actor: Actor) -> Wish:
    """The wish that a booking fulfils, for moving it."""
    kept = wish_kept(booking)
    return replace(kept, resource=resource or kept.resource, by_staff=actor.kind == "staff")


def _step(
    organization: Organization, booking_id: UUID, action: Action, version: int, actor: Actor, reason: str
) -> Booking:
    with transaction_for(organization.id):
        return steps.take(claims.locked(id=booking_id), action=action, actor=actor, version=version, reason=reason)


def _check_notice(organization: Organization, booking: Booking, actor: Actor) -> None:
    """Customers may change a booking until the organization's notice begins; staff always."""
    if actor.kind == "customer" and not notice.is_in_time(booking, organization, clock.now()):
        raise TooLateToChange
