"""What can be done to a booking from the desk: the button, the words that say what will happen, the action itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from holdfast.bookings import actions, cancelling
from holdfast.bookings.details.ladder import fee_for
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.domain import lifecycle
from holdfast.domain.lifecycle import Action, State
from holdfast.domain.money import Money
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A customer who comes early is not sent away: starting is suggested from here on.
STARTS_EARLY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do. `slug` is its address; `asks`: a question comes first, because it cannot be undone."""

    slug: str
    action: Action
    label: "StrOrPromise"
    icon: str
    done: "StrOrPromise"
    asks: bool = False


CONFIRM = Verb("confirm", Action.CONFIRM, pgettext_lazy("button", "Confirm"), "check", gettext_lazy("Confirmed."))
START = Verb("start", Action.START, pgettext_lazy("button", "Start"), "play", gettext_lazy("Started."))
COMPLETE = Verb(
    "complete",
    Action.COMPLETE,
    pgettext_lazy("button", "Complete"),
    "square-check-big",
    gettext_lazy("Completed."),
)
NO_SHOW = Verb(
    "no-show",
    Action.NO_SHOW,
    pgettext_lazy("button", "No-show"),
    "user-x",
    gettext_lazy("Closed as a no-show."),
    asks=True,
)
CANCEL = Verb(
    "cancel",
    Action.CANCEL,
    pgettext_lazy("button", "Cancel booking"),
    "ban",
    gettext_lazy("Cancelled. The time is free again."),
    asks=True,
)
DECLINE = Verb(
    "cancel",
    Action.CANCEL,
    pgettext_lazy("button", "Decline"),
    "ban",
    gettext_lazy("Declined. The time is free again."),
    asks=True,
)
VERBS = {verb.slug: verb for verb in (CONFIRM, START, COMPLETE, NO_SHOW, CANCEL)}


@dataclass(frozen=True, slots=True)
class Offered:
    """What one booking's page offers: at most one prominent, the rest in the table's order."""

    likely: Verb | None
    others: tuple[Verb, ...]
    movable: bool
    move_likely: bool


def offered(booking: Booking, now: datetime) -> Offered:
    """What can be done to a booking now, as its page shows it."""
    possible = _possible(booking)
    likely = likely_verb(booking, now)
    movable = booking.state in lifecycle.MOVABLE
    return Offered(
        likely=likely,
        others=tuple(verb for verb in possible if verb is not likely and _timely(verb, booking, now)),
        movable=movable,
        move_likely=movable and likely is None,
    )


def likely_verb(booking: Booking, now: datetime) -> Verb | None:
    """What a person most probably does next: approve, start when it is time, complete when it is over."""
    if booking.state == BookingState.REQUESTED:
        return CONFIRM
    if booking.state == BookingState.IN_PROGRESS:
        return COMPLETE
    if booking.state != BookingState.CONFIRMED or now < booking.starts_at - STARTS_EARLY:
        return None
    return START if now < booking.ends_at else COMPLETE


def verb_of(slug: str, booking: Booking) -> Verb | None:
    """The verb at an address, in the words that fit this booking."""
    verb = VERBS.get(slug)
    return DECLINE if verb is CANCEL and booking.state == BookingState.REQUESTED else verb


def do(
    verb: Verb,
    *,
    organization: Organization,
    booking_id: object,
    version: int,
    actor: Actor,
    reason: str = "",
    charge: bool = False,
) -> Booking:
    """`charge`: what was agreed for cancelling late, or not coming, is owed.

    Raises what the action raises: VersionConflict, TransitionNotAllowed, NotFound.
    """
    more = {"charge": charge} if verb.slug in ("cancel", "no-show") else {}
    return actions.CHANGES[verb.slug](
        organization=organization, booking_id=booking_id, version=version, actor=actor, reason=reason, **more
    )


def fee(verb: Verb, booking: Booking, now: datetime) -> Money | None:
    """What was agreed to be owed for it; None where nothing is."""
    owed = {"cancel": lambda: fee_for(booking, now), "no-show": lambda: cancelling.absents_fee(booking)}
    found = owed[verb.slug]() if verb.slug in owed else None
    return found if found and found.amount else None


def consequence(verb: Verb, booking: Booking) -> str:
    """What the verb does to whom, before it is done."""
    facts = {
        "name": booking.customer_name,
        "email": booking.customer_email,
        "service": in_language(booking.service.name),
        "when": formats.moment(booking.starts_at, booking.time_zone),
    }
    words = {
        "confirm": _("The booking is confirmed, and %(name)s gets the confirmation at %(email)s."),
        "start": _("The booking is marked as in progress. Nobody gets a mail."),
        "complete": _("The booking is closed as completed. Nobody gets a mail."),
        "no-show": _("The booking is closed because %(name)s did not come. Nobody gets a mail. This cannot be undone."),
        "cancel": _(
            "%(name)s loses %(service)s on %(when)s and is told at %(email)s. The time becomes free for others at "
            "once. This cannot be undone."
        ),
    }
    return words[verb.slug] % facts


def _possible(booking: Booking) -> tuple[Verb, ...]:
    """What the table of states allows staff here."""
    allowed = lifecycle.actions_from(State(booking.state), lifecycle.Actor.STAFF)
    found = (verb_of(verb.slug, booking) for verb in VERBS.values() if verb.action in allowed)
    return tuple(verb for verb in found if verb)


def _timely(verb: Verb, booking: Booking, now: datetime) -> bool:
    """Nobody starts, completes or misses what lies days ahead: such buttons would only be in the way."""
    return verb.slug in ("confirm", "cancel") or now >= booking.starts_at - STARTS_EARLY
