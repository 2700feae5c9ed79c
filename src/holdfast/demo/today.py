"""Today looks alive whenever the demo is started: some bookings done, some under way, some still to come."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.demo.calendar import Calendar
from holdfast.demo.chance import chance
from holdfast.demo.demand import Market
from holdfast.demo.history import Story, tell
from holdfast.domain import hours, slots
from holdfast.domain.hours import DAY
from holdfast.domain.lifecycle import ACTIVE, State

# How many bookings of each part a day shows at least where the hours allow it; first what is hardest to fit in.
WANTED = {"under way": 2, "done": 4, "to come": 5}
TRIES = 40
# Staff mark the end of a booking up to this many minutes late.
MARKED_DONE = 12


def liven(market: Market, calendar: Calendar, today: date, now: datetime) -> Iterator[Story]:
    """More bookings for today (a local date), placed by the engine like any other, where there are too few."""
    zone = next(iter(market.plans.values())).time_zone
    day = range(hours.day_start(zone, today), hours.day_start(zone, today + timedelta(days=1)))
    present = _present(day, now)
    for part, wanted in WANTED.items():
        missing = wanted - present[part]
        for number in range(TRIES):
            if missing <= 0:
                break
            rng = chance(market.spec.slug, "today", clock.to_minute(now), part, number)
            story = _one_more(market, calendar, today, day, now, part, rng)
            if story is not None:
                missing -= 1
                yield story


def _present(day: range, now: datetime) -> dict[str, int]:
    """How many bookings of the day there are in each part."""
    today = Booking.objects.filter(
        starts_at__gte=clock.from_minute(day.start),
        starts_at__lt=clock.from_minute(day.stop),
        state__in=ACTIVE - {State.HELD},
    )
    return {
        "under way": today.filter(starts_at__lte=now, ends_at__gt=now).count(),
        "done": today.filter(ends_at__lte=now).count(),
        "to come": today.filter(starts_at__gt=now).count(),
    }


def _one_more(
    market: Market, calendar: Calendar, today: date, day: range, now: datetime, part: str, rng: Random
) -> Story | None:
    """A booking of today, made some days ago, of the shortest duration and with anyone: what fits in most often."""
    asked = market.draw(rng.choice(market.spec.services), today, rng)
    asked = replace(
        asked,
        wish=replace(asked.wish, resource=None, duration=None),
        created=clock.to_minute(now) - rng.randrange(3 * DAY, 6 * DAY),
    )
    question = calendar.question(asked, asked.wish)
    if question is None:
        return None
    request = calendar.request(question, today)
    starts = [
        start
        for start in slots.offered(request).minutes()
        if start in day and _part(start, question.duration, clock.to_minute(now)) == part
    ]
    placement = calendar.decide(question, request, rng.choice(starts), rng) if starts else None
    if placement is None:
        return None
    story = tell(market.spec, asked, placement).so_far(now)
    if story.state not in ACTIVE:
        return None
    calendar.occupy(placement.occupation)
    return story


def _part(start: int, duration: int, now: int) -> str:
    if start > now:
        return "to come"
    if start < now < start + duration:
        return "under way"
    return "done" if start + duration + MARKED_DONE <= now else "ending"
