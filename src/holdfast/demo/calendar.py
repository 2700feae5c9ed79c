"""The organization's resources over a long span, kept in memory while history is placed by the domain's own engine."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question, Wish, ask
from holdfast.bookings.models import Allocation
from holdfast.bookings.places.allocations import Occupation
from holdfast.bookings.places.placing import Placement, places_of
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.demo.demand import Asked
from holdfast.demo.policies import Rotations
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window, from_intervals, reslice, span
from holdfast.domain.hours import DAY

# How far from the wished time a customer is content with another one.
CONTENT_WITHIN = 240


class Calendar:
    """Working hours and busy times of every resource from `first` to `last` (local dates)."""

    def __init__(self, plans: Iterable[ServicePlan], first: date, last: date) -> None:
        zone = next(iter(plans)).time_zone
        start = hours.day_start(zone, first - timedelta(days=2))
        self._span = Window(start, hours.day_start(zone, last + timedelta(days=3)) - start)
        self._open: dict[UUID, int] = {}
        for plan in plans:
            known: dict[int, int] = {}
            stocks = [each.stock for each in plan.extras.values() if each.stock]
            for resource in (*plan.resources, *stocks):
                if resource.id not in self._open:
                    if resource.schedule not in known:
                        known[resource.schedule] = hours.open_bits(plan.schedules[resource.schedule], self._span)
                    self._open[resource.id] = known[resource.schedule]
        self._busy = self._read_busy()
        self._rotations = Rotations()
        self._day: Window | None = None
        self._candidates: dict[UUID, slots.Candidate] = {}

    def place(self, asked: Asked, day: date) -> Placement | None:
        """Find places for a wish, at its time or near it, with its member or with anyone; None if it cannot be."""
        wishes = [asked.wish] if asked.wish.resource is None else [asked.wish, _with_anyone(asked.wish)]
        for wish in wishes:
            question = self.question(asked, wish)
            if question is None:
                continue
            request = self.request(question, day)
            for start in _wanted(request, asked.start):
                placement = self.decide(question, request, start, asked.rng)
                if placement is not None:
                    return placement
        return None

    def question(self, asked: Asked, wish: Wish) -> Question | None:
        """The wish as it was judged when it was made; None where the service could not be asked for so."""
        try:
            return ask(asked.plan, wish, clock.from_minute(asked.created))
        except HoldfastError:
            return None

    def request(self, question: Question, day: date) -> slots.Request:
        """The engine's request for the starts around one local date."""
        zone = question.plan.time_zone
        origin = hours.day_start(zone, day) - DAY // 4
        window = Window(origin, 5 * DAY // 2)
        if window != self._day:
            self._day = window
            self._candidates.clear()
        return slots.Request(
            window=window,
            rules=question.rules,
            grid=hours.grid_bits(zone, question.rules.step, window),
            needs=tuple(
                slots.Need(
                    need.id,
                    tuple(
                        replace(self._candidate(each, window), rules=question.own.get(each.id))
                        if each.has_own_rules
                        else self._candidate(each, window)
                        for each in need.pool
                    ),
                    need.per_person,
                    need.count,
                    need.lanes,
                )
                for need in (*question.needs, *question.stocks)
            ),
            party=question.wish.party_size,
            chosen=question.chosen,
        )

    def decide(self, question: Question, request: slots.Request, start: int, rng: Random) -> Placement | None:
        by = self._rotations.ordering(question, start, rng.getrandbits(64), self._busy, self._span)
        decision = slots.decide(request, start, by)
        if isinstance(decision, slots.Refused):
            return None
        assigned = self._rotations.after(question, request, by, decision)
        occupation = Occupation(places_of(decision.assignments, question, start))
        return Placement(question, start, occupation, assigned=assigned)

    def occupy(self, occupation: Occupation) -> None:
        """From now on nobody else gets these places."""
        for place in occupation.places:
            taken = span(self._span, place.start, place.end)
            self._busy[place.resource_id, place.lane] = self._busy.get((place.resource_id, place.lane), 0) | taken
            self._candidates.pop(place.resource_id, None)

    def _candidate(self, resource: PlannedResource, window: Window) -> slots.Candidate:
        known = self._candidates.get(resource.id)
        if known is None:
            lanes = (self._busy.get((resource.id, lane), 0) for lane in range(resource.lanes))
            known = self._candidates[resource.id] = slots.Candidate(
                key=resource.id,
                open=reslice(self._open[resource.id], self._span, window),
                busy=tuple(reslice(lane, self._span, window) if lane else 0 for lane in lanes),
                max_party=resource.largest_party,
                rank=resource.rank,
            )
        return known

    def _read_busy(self) -> dict[tuple[UUID, int], int]:
        """What is booked already, holds included, whether or not they have expired."""
        rows = Allocation.objects.filter(
            active=True,
            start_minute__gte=self._span.origin - LONGEST_OCCUPATION_MINUTES,
            start_minute__lt=self._span.end,
        ).values_list("resource_id", "lane", "start_minute", "end_minute")
        taken: dict[tuple[UUID, int], list[tuple[int, int]]] = {}
        for resource_id, lane, start, end in rows:
            taken.setdefault((resource_id, lane), []).append((start, end))
        return {key: from_intervals(self._span, intervals) for key, intervals in taken.items()}


def _wanted(request: slots.Request, start: int) -> Iterator[int]:
    """The wished start, then those near it that are free; these are only looked for when they are needed."""
    yield start
    for minute in slots.alternatives(request, start, 3):
        if abs(minute - start) <= CONTENT_WITHIN:
            yield minute


def _with_anyone(wish: Wish) -> Wish:
    return replace(wish, resource=None)
