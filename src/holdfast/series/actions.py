"""Booking a series: every date booked or resolved, in one transaction, else nothing (docs/algorithms/recurrence.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from holdfast.bookings import redeeming, steps
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details.columns import Details, details_columns, said_stops
from holdfast.bookings.details.paying import agree
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds.becoming import keep_held
from holdfast.bookings.limits import overrides
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import Booking, Series
from holdfast.bookings.places import claims
from holdfast.bookings.places.contention import settled
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.rows import insert
from holdfast.domain.lifecycle import Action
from holdfast.events import actions as events
from holdfast.series import documents, judging
from holdfast.series.asked import Asked
from holdfast.series.errors import SeriesConflict
from holdfast.series.judging import Judged
from holdfast.waiting import actions as waiting
from holdfast.waiting.errors import AlreadyWaiting

BOOKED = "series.booked"


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of it: the bookings in the order of their dates, and the dates without one."""

    series: Series
    asked: Asked
    bookings: list[Booking]
    others: list[Judged] = field(default_factory=list)
    event_id: int | None = None


def book_once(
    *,
    organization: Organization,
    asked: Asked,
    details: Details,
    hold_id: UUID | None = None,
    actor: Actor = CUSTOMER,
    override: Override | None = None,
) -> Booked:
    """Book every date that is free or resolved, all of them or none; those that only a limit refuses by staff's
    `override`, which is recorded of them alone.

    Raises SeriesConflict (with a fresh preview) unless every date is free or resolved, SeriesNotOffered, HoldExpired,
    ValidationError, and what `waiting.actions.join_once` raises for a date that is to be waited for.
    """
    hold = holds.held(hold_id) if hold_id else None  # a booking's row before everything else: core/locking.py
    judge = partial(
        judging.judge, organization, asked, hold=hold, customer=details.customer, beyond_limits=override is not None
    )
    found = judge(offer=False)
    if judging.unresolved(found) or not any(each.status == "ok" for each in found):
        raise SeriesConflict(preview=documents.preview_document(asked, judge(), organization.currency))
    question = plan_cache.question_of(organization, asked.wish, clock.now())
    question.check_stops()
    plan = question.plan
    series = _new_series(organization, plan, asked)
    pairs = _claimed(organization, plan, series, asked.wish.party_size, details, actor, found)
    if hold:
        pairs += _finish_hold(hold, question, details, actor, series, found)
    for booking, each in pairs:
        overrides.record(booking, each.exceeded, override, actor)
    made = [booking for booking, _each in pairs]
    redeeming.record_all(made)
    made.sort(key=lambda booking: booking.series_date or booking.starts_at.date())
    _wait_for(organization, asked, details, actor, (each for each in found if each.status == "waiting"))
    event_id = announce(series, BOOKED, made, actor)
    return Booked(series, asked, made, [each for each in found if each.status != "ok"], event_id)


book = settled(book_once)


def announce(series: Series, kind: str, touched: Sequence[Booking], actor: Actor, reason: str = "", **more: Any) -> int:
    """Record the one event that tells people of all the bookings touched; its id."""
    event = events.record(
        organization_id=series.organization_id,
        kind=kind,
        subject=series.id,
        payload={
            "bookings": [str(booking.id) for booking in touched],
            "reference": touched[0].reference if touched else "",
            "actor": actor.kind,
            "actor_name": actor.name,
            "reason": reason,
            **more,
        },
    )
    return event.id


def _new_series(organization: Organization, plan: ServicePlan, asked: Asked) -> Series:
    series = Series(
        organization_id=organization.id,
        service_id=plan.service_id,
        rule=str(asked.rule),
        time_zone=asked.zone,
        first_date=asked.first_date,
        start_minute=asked.start_minute,
        created_at=clock.now(),
    )
    insert(series)
    return series


def _claimed(
    organization: Organization,
    plan: ServicePlan,
    series: Series,
    party_size: int,
    details: Details,
    actor: Actor,
    found: Iterable[Judged],
) -> list[tuple[Booking, Judged]]:
    """A booking for each date that gets new places, all claimed in one order; a hold that moves exchanges its own."""
    pairs, moving, taken = [], [], []
    for each in found:
        if each.placement and each.hold:
            moving.append((each.hold, each.placement))
        elif each.placement:
            columns = _columns(plan, details, series, each, party_size)
            booking = claims.new_booking(organization, each.placement, **columns)
            is_choice = details.is_paid_as_chosen_by(actor.kind)
            agreed = agree(plan, details.payment_method, booking.price_amount, is_series=True, is_choice=is_choice)
            taken.append((booking, claims.waiting_for_payment(booking, each.placement, agreed)))
            pairs.append((booking, each))
    claims.claim_and_save_all(taken, moving=moving)
    for booking, _each in pairs:
        steps.log(booking, action=Action.BOOK, source="", actor=actor)
        steps.announce(booking, f"booking.{booking.state}", actor=actor, told_by=BOOKED)
    return pairs


def _columns(plan: ServicePlan, details: Details, series: Series, judged: Judged, party_size: int) -> Mapping[str, Any]:
    return {
        **details_columns(plan, details, "standard", party_size=party_size),
        "series_id": series.id,
        "series_date": judged.date,
    }


def _finish_hold(
    hold: Booking,
    question: Question,
    details: Details,
    actor: Actor,
    series: Series,
    found: Iterable[Judged],
) -> list[tuple[Booking, Judged]]:
    """The hold becomes its date's booking, or is given back where that date was resolved otherwise.

    Last, when all other places are taken: who waits for a held place would otherwise be waited for.
    """
    kept = next((each for each in found if each.hold), None)
    if kept is None:
        holds.release_once(hold, actor=actor)
        return []
    columns = {"series_id": series.id, "series_date": kept.date, **said_stops(question)}
    if kept.placement:
        columns["assigned"] = kept.placement.assigned
    return [(keep_held(hold, question.plan, details, actor, told_by=BOOKED, **columns), kept)]


def _wait_for(
    organization: Organization, asked: Asked, details: Details, actor: Actor, dates: Iterable[Judged]
) -> None:
    for each in dates:
        times = waiting.Times(each.date, each.date, asked.start_minute, asked.start_minute + 1)
        try:
            waiting.join_once(
                organization=organization, wish=asked.wish, times=times, customer=details.customer, actor=actor
            )
        except AlreadyWaiting:
            continue
