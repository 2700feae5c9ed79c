"""A change of the catalog, together with what becomes of the bookings it breaks: all of it in one transaction, or none.

The order of locks is `core/locking.py`'s: the rows of the bookings to be resolved, then the catalog, alone. From there
on nobody else books, moves or changes the catalog, so that what is found broken is all that is broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from holdfast.bookings import actions, steps
from holdfast.bookings.assignment import reassigning
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.changed_hours import keeping
from holdfast.bookings.changed_hours.ways_out import Broken, with_choices
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.places import claims
from holdfast.bookings.places.contention import settle
from holdfast.bookings.steps import Actor
from holdfast.catalog import guards
from holdfast.catalog.changes import Change, Changed
from holdfast.catalog.guards import BrokenBooking
from holdfast.catalog.models import Organization
from holdfast.core import locking
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import Action
from holdfast.events import actions as events

Way = Literal["reassign", "reschedule", "cancel", "keep"]
# What frees a place comes first, so that what needs one can have it.
_ORDER: tuple[Way, ...] = ("cancel", "reschedule", "reassign", "keep")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is to become of one broken booking, as somebody saw it at `version`.

    `reassign` needs `resource` (a slug) and may say `instead_of` whom; `reschedule` needs `starts_at`; `keep` a reason.
    """

    way: Way
    version: int
    resource: str = ""
    instead_of: str = ""
    starts_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was changed, and how many bookings went which way."""

    changed: Changed
    ways: Mapping[Way, int]


class Unresolved(Exception):
    """Nothing was saved: bookings would break (`broken`), and of some we know why they stay so (`problems`, by id)."""

    def __init__(self, broken: list[Broken], problems: Mapping[UUID, str]) -> None:
        self.broken, self.problems = broken, problems
        super().__init__(", ".join(each.found.reference for each in broken))


class _Stuck(Exception):
    """Leaves the transaction, and so undoes it."""

    def __init__(self, problems: Mapping[UUID, str]) -> None:
        self.problems = problems


def preview(*, organization: Organization, change: Change, actor: Actor) -> list[Broken]:
    """The bookings that a change would break, with the ways out; nothing of it stays. Raises what `change` raises."""
    with plan_cache.tentative_plans(), transaction_for(organization.id):
        locking.change_catalog()
        before = guards.broken_bookings(organization.id)
        change()
        broken = guards.newly_broken(organization.id, before)
        found = with_choices(_again(organization), broken, actor)
        transaction.set_rollback(True)
    return found


def change_catalog(
    *,
    organization: Organization,
    change: Change,
    actor: Actor,
    resolutions: Mapping[UUID, Resolution] | None = None,
    reason: str = "",
) -> Outcome:
    """Make a change and resolve the bookings it breaks (`resolutions`, by booking), all or nothing.

    Raises Unresolved when one of them has no resolution or it cannot be done, as when somebody booked in the meantime;
    and whatever `change` raises. Records `catalog.changed`.
    """
    resolutions = resolutions or {}

    def attempt() -> Outcome:
        with plan_cache.tentative_plans(), transaction_for(organization.id):
            locking.lock_rows(Booking, id__in=list(resolutions))
            locking.change_catalog()
            before = guards.broken_bookings(organization.id)
            changed = change()
            broken = guards.newly_broken(organization.id, before)
            _resolve_all(_again(organization), broken, resolutions, actor)
            _record(organization, changed, broken, resolutions, actor, reason)
            done = [resolutions[each.id].way for each in broken]
            return Outcome(changed, {way: done.count(way) for way in _ORDER if way in done})

    try:
        return settle(attempt)
    except _Stuck as stuck:
        broken = preview(organization=organization, change=change, actor=actor)
        raise Unresolved(broken, stuck.problems) from None


def _again(organization: Organization) -> Organization:
    """The organization at the version that the change gave its catalog."""
    return Organization.objects.get(pk=organization.pk)


def _resolve_all(
    organization: Organization, broken: list[BrokenBooking], resolutions: Mapping[UUID, Resolution], actor: Actor
) -> None:
    """Raises _Stuck for those without a resolution, or with one that cannot be done."""
    problems = {each.id: "" for each in broken if each.id not in resolutions}
    wanted = [(each, resolutions[each.id]) for each in broken if each.id in resolutions]
    for each, resolution in sorted(wanted, key=lambda pair: _ORDER.index(pair[1].way)):
        try:
            with transaction.atomic():
                _resolve(organization, each, resolution, actor)
        except HoldfastError as error:
            problems[each.id] = _words(error)
    if problems:
        raise _Stuck(problems)


def _resolve(organization: Organization, broken: BrokenBooking, resolution: Resolution, actor: Actor) -> None:
    """Raises what the booking's own action raises; a reason is needed to keep it."""
    reason = resolution.reason.strip()
    match resolution.way:
        case "reassign":
            reassigning.reassign_once(
                organization=organization,
                booking_id=broken.id,
                resource=resolution.resource,
                instead_of=resolution.instead_of or None,
                version=resolution.version,
                actor=actor,
                reason=reason,
            )
        case "reschedule":
            if resolution.starts_at is None:
                raise ValidationError(errors=[{"field": "starts_at", "message": _("Please choose one of the times.")}])
            actions.reschedule_once(
                organization=organization,
                booking_id=broken.id,
                starts_at=resolution.starts_at,
                version=resolution.version,
                actor=actor,
                reason=reason,
            )
        case "cancel":
            _give_up(organization, broken, resolution.version, actor, reason)
        case "keep":
            _keep(broken, resolution.version, actor, reason)


def _give_up(organization: Organization, broken: BrokenBooking, version: int, actor: Actor, reason: str) -> None:
    """Cancel a booking; a time that is only held is given back."""
    booking = claims.locked(id=broken.id)
    if booking.state == BookingState.HELD:
        steps.take(booking, action=Action.RELEASE, actor=actor, version=version, event="booking.released")
    else:
        actions.cancel(organization=organization, booking_id=booking.id, version=version, actor=actor, reason=reason)


def _keep(broken: BrokenBooking, version: int, actor: Actor, reason: str) -> None:
    if not reason:
        raise ValidationError(errors=[{"field": "reason", "message": _("Please say why it is kept.")}])
    booking = claims.locked(id=broken.id)
    steps.check_version(booking, version)
    keeping.keep(booking, broken, actor=actor, reason=reason)


def _record(
    organization: Organization,
    changed: Changed,
    broken: list[BrokenBooking],
    resolutions: Mapping[UUID, Resolution],
    actor: Actor,
    reason: str,
) -> None:
    events.record(
        organization_id=organization.pk,
        kind="catalog.changed",
        subject=changed.subject,
        payload={
            "what": changed.what,
            "resources": list(changed.resources),
            "details": dict(changed.details),
            "actor": actor.kind,
            "actor_name": actor.name,
            "reason": reason,
            "resolved": {each.reference: resolutions[each.id].way for each in broken},
        },
    )


def _words(error: HoldfastError) -> str:
    """What went wrong, in the words of a single field where there are any."""
    details = error.extra.get("errors") or []
    return str(details[0]["message"] if details else error.detail)
