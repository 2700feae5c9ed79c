"""Filling an organization's calendar with the bookings that people made from one moment to another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.bookings.availability.document import document_of
from holdfast.bookings.availability.plan import ServicePlan, compile_plan
from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.demo.calendar import Calendar
from holdfast.demo.demand import Market
from holdfast.demo.history import Story, finish, tell
from holdfast.demo.people import customers_of
from holdfast.demo.rows import write_stories
from holdfast.demo.spec import OrganizationSpec
from holdfast.demo.today import liven
from holdfast.domain.lifecycle import ACTIVE, Action, State

WAITING_FOR_APPROVAL = 3


def fill(spec: OrganizationSpec, organization: Organization, *, since: datetime | None, now: datetime) -> int:
    """Write the bookings made after `since` (None: from the opening) until `now`; returns how many.

    Runs in the organization's transaction. Every booking is placed by the domain's engine under the rules of the
    moment it was made at.
    """
    market = market_of(spec, organization, now)
    zone = ZoneInfo(organization.time_zone)
    today = now.astimezone(zone).date()
    first = (since or organization.created_at).astimezone(zone).date()
    furthest = max(int(plan.service["horizon_days"]) for plan in market.plans.values())
    calendar = Calendar(list(market.plans.values()), first, today + timedelta(days=furthest))
    stories = list(_stories(market, calendar, first, today + timedelta(days=furthest), since=since, now=now))
    stories = _leave_some_waiting(stories, now)
    write_stories(organization.id, stories)
    extra = list(liven(market, calendar, today, now))
    write_stories(organization.id, extra)
    return len(stories) + len(extra)


def complete_past(spec: OrganizationSpec, organization: Organization, *, now: datetime) -> int:
    """Take every booking whose time has come to where it would be by now; returns how many moved."""
    services = {service.slug: service for service in spec.services}
    due = Booking.objects.filter(
        state__in=[BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.IN_PROGRESS], starts_at__lte=now
    ).values_list("id", "reference", "version", "state", "service__slug", "starts_at", "ends_at")
    stories = [
        finish(
            spec,
            key=key,
            reference=reference,
            version=version,
            state=state,
            service=services.get(slug),
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
        )
        for key, reference, version, state, slug, starts_at, ends_at in due
    ]
    told = [story for story in stories if story]
    write_stories(organization.id, told)
    return len(told)


def market_of(spec: OrganizationSpec, organization: Organization, now: datetime) -> Market:
    """What the organization's bookings are drawn from, by its catalog as it is."""
    return Market(
        spec=spec,
        plans={service.slug: _plan(service.slug, now) for service in spec.services},
        customers=customers_of(spec),
        opened=organization.created_at.date(),
    )


def _plan(service: str, now: datetime) -> ServicePlan:
    document = document_of(service)
    if document is None:
        raise LookupError(f"the demo has no service {service!r} any more")
    return compile_plan(document, now.date())


def _stories(
    market: Market, calendar: Calendar, first: date, last: date, *, since: datetime | None, now: datetime
) -> Iterator[Story]:
    after = clock.to_minute(since) if since else -1
    until = clock.to_minute(now)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for asked in market.asked_on(day):
            if not after < asked.created <= until:
                continue
            placement = calendar.place(asked, day)
            if placement is None:
                continue
            story = tell(market.spec, asked, placement).so_far(now)
            if story.state in ACTIVE:
                calendar.occupy(placement.occupation)
            yield story


def _leave_some_waiting(stories: list[Story], now: datetime) -> list[Story]:
    """Take back the last approvals, so that the desk opens with something to decide."""
    missing = WAITING_FOR_APPROVAL - sum(story.state == State.REQUESTED for story in stories)
    approved = [
        story
        for story in stories
        if [step.action for step in story.steps] == [Action.BOOK, Action.CONFIRM] and _starts_at(story) > now
    ]
    approved.sort(key=lambda story: story.steps[0].at, reverse=True)
    waiting = {story.booking_id for story in approved[: max(0, missing)]}
    return [replace(story, steps=story.steps[:1]) if story.booking_id in waiting else story for story in stories]


def _starts_at(story: Story) -> datetime:
    starts_at: datetime = story.columns["starts_at"]
    return starts_at
