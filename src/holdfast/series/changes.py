"""Changing a series: this and the following dates, or all of them, all or nothing; exceptions are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import repricing, steps
from holdfast.bookings.assignment import turns
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking, Series
from holdfast.bookings.places.contention import settle
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import Action
from holdfast.series import actions, moving, rules
from holdfast.series.affected import Affected, Kept, Scope, affected, without
from holdfast.series.errors import NothingToChange, SeriesConflict
from holdfast.series.moving import Instead, Move, Shift, Target

CANCELLED, CONFIRMED, RESCHEDULED = "series.cancelled", "series.confirmed", "series.rescheduled"


@dataclass(frozen=True, slots=True)
class Changed:
    """The bookings that were changed and those that were not, in the order of their dates."""

    series: Series
    named: Booking
    bookings: list[Booking]
    kept: list[Kept]
    event_id: int


def cancel(
    *,
    organization: Organization,
    booking_id: UUID,
    version: int | None,
    scope: Scope,
    actor: Actor,
    reason: str = "",
    with_moved: bool = False,
) -> Changed:
    """Cancel what the scope names and may still be cancelled; one mail tells of all. Dates moved by themselves are
    kept unless `with_moved`.

    Raises NotFound, VersionConflict, NothingToChange.
    """
    with transaction_for(organization.id):
        found = affected(
            organization,
            booking_id=booking_id,
            scope=scope,
            actor=actor,
            to="cancel",
            version=version,
            with_moved=with_moved,
        )
        _check_something(found)
        turns.lock_those_of(found.bookings)
        for booking in found.bookings:
            steps.take(
                booking,
                action=Action.CANCEL,
                actor=actor,
                reason=reason,
                told_by=CANCELLED,
                calendar_sequence=booking.calendar_sequence + 1,
            )
        if scope == "following" and found.named.series_date:
            rules.end_before(found.series, found.named.series_date)
        event_id = actions.announce(found.series, CANCELLED, found.bookings, actor, reason)
        return Changed(found.series, found.named, found.bookings, found.kept, event_id)


def confirm(
    *, organization: Organization, booking_id: UUID, version: int | None, scope: Scope, actor: Actor, reason: str = ""
) -> Changed:
    """Approve what the scope names and still waits for it, dates moved by themselves too; one mail tells of all.

    Raises NotFound, VersionConflict, TransitionNotAllowed (a customer approves nothing), NothingToChange.
    """
    with transaction_for(organization.id):
        found = affected(
            organization,
            booking_id=booking_id,
            scope=scope,
            actor=actor,
            to="confirm",
            version=version,
            with_moved=True,
        )
        if actor.kind == "customer":
            steps.target_of(found.named, Action.CONFIRM, actor)  # refuses, as it does for one booking
        _check_something(found, _("None of these dates waits for approval any more"))
        for booking in found.bookings:
            steps.take(booking, action=Action.CONFIRM, actor=actor, reason=reason, told_by=CONFIRMED)
        event_id = actions.announce(found.series, CONFIRMED, found.bookings, actor, reason)
        return Changed(found.series, found.named, found.bookings, found.kept, event_id)


def reschedule(
    *,
    organization: Organization,
    booking_id: UUID,
    starts_at: datetime,
    version: int | None,
    scope: Scope,
    actor: Actor,
    resource: str | None = None,
    reason: str = "",
    with_moved: bool = False,
    keep: Collection[date] = (),
    instead: Mapping[date, Instead] | None = None,
    override: Override | None = None,
    accept_price: int | None = None,
) -> Changed:
    """Move every date of the scope as far as the named one is moved; other times of day, another day of the week for
    weekly series, another resource. `keep` names dates that stay, `instead` those that go elsewhere.

    By staff's `override` also where only a limit refuses; it is recorded of those dates alone. A customer's dates cost
    what the new times cost, at most `accept_price` for all of them (None: what they cost before).

    Raises SeriesConflict (with a preview; nothing is changed), AnotherPrice, SeriesCannotMoveSo, NothingToChange,
    NotFound, VersionConflict.
    """
    target = Target(starts_at, resource, instead or {}, beyond_limits=override is not None)

    def attempt() -> Changed:
        with transaction_for(organization.id):
            found = affected(
                organization,
                booking_id=booking_id,
                scope=scope,
                actor=actor,
                to="reschedule",
                version=version,
                with_moved=with_moved,
            )
            found = without(found, keep)
            _check_something(found)
            moves = moving.judge(organization, found, target, actor)
            if any(move.refusal for move in moves):
                raise SeriesConflict(preview=moving.preview_document(found, moves))
            repricing.check_accepted(moving.repriced(moves), accept_price)
            return _moved(found, moves, moving.shift_of(found, starts_at), actor, reason, override)

    return settle(attempt)


def _moved(
    found: Affected, moves: Sequence[Move], shift: Shift, actor: Actor, reason: str, override: Override | None
) -> Changed:
    """Write the moves, and the rule that the dates follow from now on; one event tells of all."""
    split = rules.split(found, shift) if shift.days or shift.minute != found.series.start_minute else None
    series = rules.series_for(found.series, split, shift) if split else found.series
    moving.apply(moves, actor, reason, told_by=RESCHEDULED, series=series, days=shift.days, override=override)
    if split:
        rules.hand_over_the_rest(found, split, shift, series, actor)
    moved = [move.booking for move in moves]
    before = {str(move.booking.id): move.before.isoformat() for move in moves}
    event_id = actions.announce(series, RESCHEDULED, moved, actor, reason, before=before)
    return Changed(series, found.named, moved, found.kept, event_id)


def look_ahead(
    *,
    organization: Organization,
    booking_id: UUID,
    scope: Scope,
    actor: Actor,
    starts_at: datetime | None = None,
    resource: str | None = None,
    with_moved: bool = False,
    keep: Collection[date] = (),
    instead: Mapping[date, Instead] | None = None,
    beyond_limits: bool = False,
) -> tuple[Affected, list[Move]]:
    """What `cancel` (without `starts_at`) or `reschedule` would do now; writes nothing. Raises as they do."""
    with transaction_for(organization.id):
        found = affected(
            organization,
            booking_id=booking_id,
            scope=scope,
            actor=actor,
            to="reschedule" if starts_at else "cancel",
            with_moved=with_moved,
            lock=False,
        )
        if starts_at is None:
            return found, []
        found = without(found, keep)
        rules.check_shift(found.series, moving.shift_of(found, starts_at).days)
        target = Target(starts_at, resource, instead or {}, beyond_limits)
        return found, moving.judge(organization, found, target, actor)


def _check_something(found: Affected, words: str | None = None) -> None:
    if not found.bookings:
        raise NothingToChange(
            words,
            kept=[{"date": str(each.booking.series_date), "reason": each.words} for each in found.kept],
        )
