"""Every change of the waiting list that a person makes: join, leave, claim, decline; staff offer and remove."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from holdfast.bookings import actions as bookings
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.details.columns import Customer, Details, stop_columns
from holdfast.bookings.details.extras import entries_of
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places.claims import locked
from holdfast.bookings.places.contention import settled
from holdfast.bookings.steps import CUSTOMER, SYSTEM, Actor
from holdfast.bookings.stops.fields import with_addresses
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.keys import uuid7
from holdfast.core.rows import insert
from holdfast.core.tenancy import transaction_for
from holdfast.domain import hours
from holdfast.domain.hours import DAY
from holdfast.domain.waiting import ACTIVE, Step
from holdfast.waiting import entries, matching, offering, queries
from holdfast.waiting.errors import AlreadyWaiting, FreeAlready, NotWaiting, OfferOver, TooManyWaiting
from holdfast.waiting.models import OfferOutcome, WaitingEntry, WaitingOffer, WaitingState

MOST_FOR_PERSON = 20
MOST_DAYS = 31
# Whoever let so many offers run out without a word is not kept on the list: each kept a time from others.
MOST_UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Times:
    """Local dates, both included, and starts at minutes [since, until) of the local day."""

    first: date
    last: date
    since: int = 0
    until: int = DAY


def join(
    *, organization: Organization, wish: Wish, times: Times, customer: Customer, actor: Actor = CUSTOMER
) -> WaitingEntry:
    """`join_once` in a transaction of its own."""
    with transaction_for(organization.id):
        return join_once(organization=organization, wish=wish, times=times, customer=customer, actor=actor)


def join_once(
    *, organization: Organization, wish: Wish, times: Times, customer: Customer, actor: Actor = CUSTOMER
) -> WaitingEntry:
    """Put somebody on the list, last in the line, inside the tenant's transaction.

    Raises AlreadyWaiting (same person, service and dates), TooManyWaiting, FreeAlready when a time that fits is free
    now (so that nobody waits for what can simply be booked), and ValidationError, PartyTooLarge or NotFound as a
    booking does.
    """
    question = plan_cache.question_of(organization, wish, clock.now()).with_usual_stops()
    if question.unpriced:  # a time is held at its price
        raise ValidationError(errors=question.unpriced)
    _check_times(question, times)
    active = WaitingEntry.objects.filter(customer_email__iexact=customer.email, state__in=ACTIVE)
    if active.filter(service_id=question.plan.service_id, first_date=times.first, last_date=times.last).exists():
        raise AlreadyWaiting
    if active.count() >= MOST_FOR_PERSON:
        raise TooManyWaiting
    entry = _new_entry(organization, question, times, customer)
    if free := matching.free_now(entry, organization):
        raise FreeAlready(alternatives=free)
    try:
        with transaction_for(organization.id):
            insert(entry)
    except IntegrityError:  # the same request at the same moment
        raise AlreadyWaiting from None
    entries.announce(entry, "waiting.joined", actor=actor)
    return entry


def leave(*, organization: Organization, entry_id: UUID, actor: Actor = CUSTOMER) -> WaitingEntry:
    """Give up one's place; an offered time passes on at once. Leaving twice does nothing. Raises NotFound."""
    return _close(organization, entry_id, Step.LEAVE, "waiting.left", actor, "")


def remove(*, organization: Organization, entry_id: UUID, actor: Actor, reason: str) -> WaitingEntry:
    """Staff take somebody off the list, with a reason. Doing it twice does nothing. Raises NotFound."""
    return _close(organization, entry_id, Step.REMOVE, "waiting.removed", actor, reason)


def claim_once(
    *, organization: Organization, offer_id: UUID, details: Details, addresses: Mapping[str, str] | None = None
) -> Booking:
    """Book the offered time. Claiming again gives the same booking.

    Raises OfferOver when it was answered too late, ValidationError when an answer does not fit its question, and what
    `bookings.actions.book` raises.
    """
    offer = queries.offer_by_id(offer_id)
    entry = offer.entry
    try:
        booking = bookings.book_once(
            organization=organization,
            wish=with_addresses(matching.wish_of(entry), addresses or {}),
            starts_at=offer.starts_at,
            details=details,
            hold_id=offer.booking_id,
        )
    except HoldExpired:
        offer.refresh_from_db(fields=["outcome"])
        if offer.outcome == OfferOutcome.CLAIMED:
            return queries.booking_of(offer)
        raise OfferOver from None
    end_offer(offer, OfferOutcome.CLAIMED)
    entries.take(entry, Step.CLAIM)
    entries.announce(entry, "waiting.claimed", actor=CUSTOMER, offer=offer)
    return booking


claim = settled(claim_once)


def decline(*, organization: Organization, offer_id: UUID, actor: Actor = CUSTOMER) -> None:
    """Let the offered time pass on at once and stay on the list. Raises NotFound, OfferOver when it was claimed."""
    with transaction_for(organization.id):
        offer = queries.offer_by_id(offer_id)
        held = locked(id=offer.booking_id)
        if held.state == BookingState.HELD:
            pass_on(offer, OfferOutcome.DECLINED, actor)
            holds.release_once(held, actor=actor)
        elif queries.offer_by_id(offer_id).outcome == OfferOutcome.CLAIMED:
            raise OfferOver(_("You have booked this time already."))


def offer_now_once(*, organization: Organization, entry_id: UUID, starts_at: datetime, actor: Actor) -> WaitingOffer:
    """Staff offer somebody a free time, out of turn if need be. Raises NotWaiting and what `holds.hold` raises."""
    return offering.offer(queries.entry_by_id(entry_id), organization, starts_at, actor=actor)


offer_now = settled(offer_now_once)


def withdraw_undeliverable(offer: WaitingOffer) -> None:
    """Nobody can be told of an offer: its time passes on, and whoever cannot be reached is off the list."""
    held = locked(id=offer.booking_id)
    if held.state == BookingState.HELD and end_offer(offer, OfferOutcome.UNDELIVERABLE):
        reason = _("Mail to this address cannot be delivered.")
        entries.take(offer.entry, Step.REMOVE, reason=reason)
        entries.announce(offer.entry, "waiting.removed", actor=SYSTEM, offer=offer, reason=reason)
        holds.release_once(held, actor=SYSTEM)


def end_offer(offer: WaitingOffer, outcome: OfferOutcome) -> bool:
    """Write down how an offer ended; False when it had ended before."""
    ended_at = clock.now()
    open_ = WaitingOffer.objects.filter(id=offer.id, outcome="")
    if not open_.update(outcome=outcome, ended_at=ended_at):
        return False
    offer.outcome, offer.ended_at = outcome, ended_at
    return True


def expire_entries(*, organization_id: UUID) -> int:
    """Close the entries whose dates are over. Returns how many."""
    with transaction_for(organization_id):
        organization = Organization.objects.get(id=organization_id)
        today = hours.date_of(organization.time_zone, clock.to_minute(clock.now()))
        over = list(offering.in_line().filter(last_date__lt=today))
        for entry in over:
            entries.take(entry, Step.EXPIRE)
            entries.announce(entry, "waiting.expired", actor=SYSTEM)
        return len(over)


def pass_on(offer: WaitingOffer, outcome: OfferOutcome, actor: Actor) -> None:
    """End an offer that stands, in the transaction that frees its time: its person waits on, where they stood.

    The third that was not answered ends their waiting.
    """
    if not end_offer(offer, outcome):
        return
    entry = offer.entry
    entries.take(entry, Step.PASS)
    unanswered = WaitingOffer.objects.filter(entry=entry, outcome=OfferOutcome.EXPIRED).count()
    if unanswered >= MOST_UNANSWERED:
        entries.take(entry, Step.EXPIRE, reason=_("Offers were not answered."))
    entries.announce(entry, "waiting.passed", actor=actor, offer=offer)


def _close(
    organization: Organization, entry_id: UUID, step: Step, kind: str, actor: Actor, reason: str
) -> WaitingEntry:
    with transaction_for(organization.id):
        entry = queries.entry_by_id(entry_id)
        while entry.state in ACTIVE:
            offer = queries.open_offer(entry) if entry.state == WaitingState.OFFERED else None
            held = locked(id=offer.booking_id) if offer else None  # before the entry: core/locking.py
            try:
                entries.take(entry, step, reason=reason)
            except NotWaiting:  # offered, claimed or passed on at this very moment: look again
                entry.refresh_from_db(fields=["state"])
                continue
            entries.announce(entry, kind, actor=actor, reason=reason)
            if offer and held and end_offer(offer, OfferOutcome.WITHDRAWN) and held.state == BookingState.HELD:
                holds.release_once(held, actor=actor)
        return entry


def _check_times(question: Question, times: Times) -> None:
    """Raises ValidationError."""
    zone = question.plan.time_zone
    today = hours.date_of(zone, clock.to_minute(clock.now()))
    horizon = hours.date_of(zone, question.reach[1])
    errors = []
    if times.last < times.first:
        errors.append({"field": "until", "message": _("not before the first day")})
    elif (times.last - times.first).days >= MOST_DAYS:
        errors.append({"field": "until", "message": _("at most %(most)d days in all") % {"most": MOST_DAYS}})
    if times.last < today:
        errors.append({"field": "until", "message": _("this day is over")})
    if times.first > horizon:
        errors.append({"field": "from", "message": _("too far ahead to be booked")})
    if not 0 <= times.since < times.until <= DAY:
        errors.append({"field": "latest", "message": _("later than the earliest")})
    if errors:
        raise ValidationError(errors=errors)


def _new_entry(organization: Organization, question: Question, times: Times, customer: Customer) -> WaitingEntry:
    wish = question.wish
    entry = WaitingEntry(
        id=uuid7(),
        organization_id=organization.id,
        chosen_resource_id=next((each.id for each in question.resources if each.slug == wish.resource), None),
        party_size=wish.party_size,
        duration_minutes=question.duration,
        extras=entries_of(question.extras),
        **stop_columns(question),
        first_date=times.first,
        last_date=times.last,
        since_minute=times.since,
        until_minute=times.until,
        customer_name=customer.name,
        customer_email=customer.email,
        customer_phone=customer.phone,
        customer_locale=customer.locale,
        customer_time_zone=customer.time_zone,
        state=WaitingState.WAITING,
        joined_at=clock.now(),
    )
    entry.service = question.plan.service_row()
    return entry
