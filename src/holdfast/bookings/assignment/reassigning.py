"""Giving a booking to another resource, at the time that it has: the same engine, the same constraint.

What is judged is the resource alone: its hours, its size, whether it is free. Notice, horizon and grid concern the
time, which was agreed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import queries, steps
from holdfast.bookings.actions import wish_of
from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability import explanation, plan_cache
from holdfast.bookings.availability.explanation import ResourceVerdicts
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.errors import OutsideHours, PartyTooLarge, ResourceNotFree, SlotTaken, TransitionNotAllowed
from holdfast.bookings.models import Booking
from holdfast.bookings.places import claims, placing
from holdfast.bookings.places.contention import settled
from holdfast.bookings.queries import Serves
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import Forbidden, HoldfastError, ValidationError
from holdfast.domain.lifecycle import MOVABLE, State

REASSIGNABLE = MOVABLE | {State.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class Swap:
    """`new` serves instead of `old`, and everything else stays: `question` allows nothing but that."""

    question: Question
    old: Serves
    new: PlannedResource


@dataclass(frozen=True, slots=True)
class Choice:
    """Who could serve instead of `serving`: the free ones first; the others with what speaks against them."""

    serving: Serves
    free: tuple[PlannedResource, ...]
    others: tuple[ResourceVerdicts, ...]


def reassign_once(
    *,
    organization: Organization,
    booking_id: UUID,
    resource: str,
    version: int,
    actor: Actor,
    instead_of: str | None = None,
    reason: str = "",
) -> Booking:
    """Give a booking to `resource` (a slug) `instead_of` one that serves it (None: the only one it can replace).

    Raises Forbidden (customers), VersionConflict, TransitionNotAllowed, ResourceNotFree (with the rules that speak
    against it), ValidationError when it does not fit, TeamDayLimit, and what `availability.ask` raises.
    """
    if actor.kind != "staff":
        raise Forbidden
    booking = claims.locked(id=booking_id)
    steps.check_version(booking, version)
    if booking.state not in REASSIGNABLE:
        raise TransitionNotAllowed(current={"version": booking.version, "state": booking.state})
    return _give_to(organization, booking, actor, resource, instead_of, reason)


reassign = settled(reassign_once)


def choices(organization: Organization, booking: Booking, actor: Actor) -> list[Choice]:
    """For each resource that serves the booking, who could instead; inside the tenant's transaction.

    Raises what `availability.ask` raises: the service may have changed since it was booked.
    """
    question = _at_its_time(plan_cache.question_of(organization, _wish(booking, actor), clock.now()), booking)
    places = queries.serves(booking.id)
    serving = {each.id for each in places}
    start = clock.to_minute(booking.starts_at)
    found: list[Choice] = []
    verdicts = explanation.of_resources(question, start, but_for=booking.id)
    for need in question.needs:
        judged = [each for each in verdicts if each.need == need.id and each.resource.id not in serving]
        free = tuple(each.resource for each in judged if each.could_serve)
        others = tuple(each for each in judged if not each.could_serve)
        found += [Choice(old, free, others) for old in places if old.requirement == need.id]
    return found


def _give_to(
    organization: Organization, booking: Booking, actor: Actor, resource: str, instead_of: str | None, reason: str
) -> Booking:
    made: list[Swap] = []

    def narrow(question: Question) -> Question:
        made[:] = [swap(_at_its_time(question, booking), queries.serves(booking.id), resource, instead_of)]
        return made[0].question

    chooser = Chooser(booking.id, moving=booking)
    try:
        placement = placing.place(organization, _wish(booking, actor), booking.starts_at, chooser, narrow=narrow)
    except (SlotTaken, OutsideHours, PartyTooLarge) as error:
        raise _not_free(made[0], booking) from error
    [done] = made
    entry = next(each for each in placement.assigned if each["resource"] == str(done.new.id))
    _explain(entry, actor)
    chosen = booking.chosen_resource_id == done.old.id
    claims.exchange(booking, placement)
    changed: dict[str, Any] = {"chosen_resource_id": done.new.id} if chosen else {}
    steps.change(
        booking, assigned=placement.assigned, calendar_sequence=booking.calendar_sequence + int(chosen), **changed
    )
    times = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    before, after = ({**times, "resource": {"slug": each.slug, "name": each.name}} for each in (done.old, done.new))
    details: dict[str, Any] = {"before": before, "after": after}
    steps.log(booking, action="reassign", source=booking.state, actor=actor, reason=reason, details=details)
    steps.announce(booking, "booking.reassigned", actor=actor, reason=reason, was_chosen=chosen, **details)
    return booking


def swap(question: Question, places: Sequence[Serves], resource: str, instead_of: str | None) -> Swap:
    """The question in which everything stays but one resource, which may no longer fit. Raises ValidationError."""
    serving = {each.id for each in places}
    possible = [
        (need, old, new)
        for need in question.needs
        for new in need.pool
        if new.slug == resource and new.id not in serving
        for old in places
        if old.requirement == need.id and instead_of in (None, old.slug)
    ]
    if not possible:
        message = _("does not fit what this booking needs, or serves it already")
        raise ValidationError(errors=[{"field": "resource", "message": message}])
    if len(possible) > 1:
        raise ValidationError(errors=[{"field": "instead_of", "message": _("please say whom it replaces")}])
    [(changed, old, new)] = possible
    stay = {(each.requirement, each.id) for each in places if (each.requirement, each.id) != (changed.id, old.id)}
    stay.add((changed.id, new.id))
    needs = tuple(
        replace(need, pool=tuple(each for each in need.pool if (need.id, each.id) in stay)) for need in question.needs
    )
    return Swap(replace(question, needs=needs), old, new)


def _wish(booking: Booking, actor: Actor) -> Wish:
    """As it was booked, but with anybody."""
    return replace(wish_of(booking, None, actor), resource=None)


def _at_its_time(question: Question, booking: Booking) -> Question:
    """The time was agreed: neither notice nor grid speaks against it any more."""
    start = clock.to_minute(booking.starts_at)
    return question.with_rules(lambda each: replace(each, earliest=start, latest=start, step=1))


def _explain(entry: dict[str, Any], actor: Actor) -> None:
    kept = {name: entry[name] for name in ("requirement", "resource")}
    entry.clear()
    entry.update(kept, code="by_staff", by=actor.name)


def _not_free(done: Swap, booking: Booking) -> HoldfastError:
    verdicts = explanation.of_resources(done.question, clock.to_minute(booking.starts_at), but_for=booking.id)
    against = [
        explanation.plain(verdict)
        for each in verdicts
        if each.resource.id == done.new.id
        for verdict in each.verdicts
        if not verdict.holds
    ]
    # Free by itself, and yet not possible: somebody else of the booking cannot stay.
    return ResourceNotFree(rules=against) if against else SlotTaken(alternatives=[])
