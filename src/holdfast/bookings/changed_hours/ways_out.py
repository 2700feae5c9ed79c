"""What could become of each booking that a change breaks, as far as it can be told before anybody decides."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.bookings import actions
from holdfast.bookings.assignment import reassigning
from holdfast.bookings.availability import plan_cache, reading
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.models import Booking
from holdfast.bookings.queries import Serves
from holdfast.bookings.steps import Actor
from holdfast.catalog.guards import BrokenBooking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import lifecycle
from holdfast.domain.lifecycle import MOVABLE, Action, State

# Other times and other people are looked for while everybody waits: for so many bookings, those that start first.
MOST_WITH_CHOICES = 40
MOST_TIMES = 5


@dataclass(frozen=True, slots=True)
class Swap:
    """One resource free to serve instead of another that does."""

    old: Serves
    new: PlannedResource


@dataclass(frozen=True, slots=True)
class Broken:
    """A booking that a change breaks, and the ways out; `times` are aware."""

    found: BrokenBooking
    booking: Booking
    swaps: tuple[Swap, ...]
    times: tuple[datetime, ...]
    may_cancel: bool


def with_choices(organization: Organization, broken: list[BrokenBooking], actor: Actor) -> list[Broken]:
    """Of the first `MOST_WITH_CHOICES`; inside the transaction of the change, after it."""
    rows = Booking.objects.select_related("service", "chosen_resource").in_bulk([each.id for each in broken])
    found = []
    for number, each in enumerate(broken):
        booking = rows[each.id]
        movable = booking.state in MOVABLE and number < MOST_WITH_CHOICES
        found.append(
            Broken(
                found=each,
                booking=booking,
                swaps=_swaps(organization, booking, actor, each.code) if movable else (),
                times=_times(organization, booking, actor) if movable else (),
                may_cancel=bool(
                    {Action.CANCEL, Action.RELEASE}
                    & set(lifecycle.actions_from(State(booking.state), lifecycle.Actor.STAFF))
                ),
            )
        )
    return found


def _swaps(organization: Organization, booking: Booking, actor: Actor, code: str) -> tuple[Swap, ...]:
    """Of the resource that no longer fits, where the reason names one: giving away another would mend nothing."""
    broken = code.partition(":")[2]
    try:
        choices = reassigning.choices(organization, booking, actor)
    except HoldfastError:
        return ()
    named = [each for each in choices if broken in ("", str(each.serving.id))]
    return tuple(Swap(each.serving, new) for each in named for new in each.free)


def _times(organization: Organization, booking: Booking, actor: Actor) -> tuple[datetime, ...]:
    """The nearest free times, with the same person if one was chosen; nothing when the service is not sold any more."""
    now = clock.now()
    try:
        question = plan_cache.question_of(organization, actions.wish_of(booking, None, actor), now)
    except HoldfastError:
        return ()
    near = reading.nearby(question, clock.to_minute(booking.starts_at), now, booking.id)
    return tuple(datetime.fromisoformat(each) for each in near[:MOST_TIMES])
