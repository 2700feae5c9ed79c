"""From a question about a service to the domain's answer: the page, the API, the desk and the commit all come here.

Pure; `reading` loads what is busy for Django, `live/` brings rows of its own and uses the same functions.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from holdfast.bookings.availability.busy import busy_lanes
from holdfast.bookings.availability.free_times import FreeTimes
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question
from holdfast.bookings.availability.span import Span
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits.allowances import Seen
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window


def build_request(question: Question, window: Window, taken: Seen | None) -> slots.Request:
    """The engine's request over `window`, with what `busy` saw there; None: nothing is booked, nothing limited."""
    plan, resources = question.plan, question.occupied
    calendars = {number: plan.open(number, window) for number in {resource.schedule for resource in resources}}
    candidates = [
        candidate(resource, calendars[resource.schedule], lanes)
        for resource, lanes in zip(
            resources, busy_lanes(taken.packed if taken else None, resources, window), strict=True
        )
    ]
    request = request_of(question, window, candidates)
    if not taken or not plan.limits:
        return request
    allowances, teams = limits.allowances(question, window, taken.counted)
    return replace(request, allowances=allowances, teams=teams)


def candidate(
    resource: PlannedResource, open_bits: int, busy: tuple[int, ...], own: slots.Rules | None = None
) -> slots.Candidate:
    """A resource as the engine sees it, with its working hours and, per lane, what is taken of them."""
    return slots.Candidate(
        key=resource.id,
        open=open_bits,
        busy=busy,
        max_party=resource.largest_party,
        rank=resource.rank,
        team=resource.team,
        rules=own,
    )


def request_of(question: Question, window: Window, candidates: Iterable[slots.Candidate]) -> slots.Request:
    """The engine's request over `window`, given a candidate for each of `question.occupied`; limits left out.

    A candidate may come with rules of an earlier minute: those of the question are given to it.
    """
    by_key = {each.key: each for each in candidates}
    grid = hours.grid_bits(question.plan.time_zone, question.rules.step, window)
    if question.own:
        by_key = {key: replace(each, rules=question.own.get(_uuid(key))) for key, each in by_key.items()}
        # One with shorter buffers than others could start where the window ends; that is not asked.
        grid &= slots.judged(window, *question.all_rules)
    return slots.Request(
        window=window,
        rules=question.rules,
        grid=grid,
        needs=tuple(
            slots.Need(need.id, tuple(by_key[each.id] for each in need.pool), need.per_person, need.count, need.lanes)
            for need in (*question.needs, *question.stocks)
        ),
        party=question.wish.party_size,
        chosen=question.chosen,
    )


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key


def free_times(question: Question, span: Span, window: Window, taken: Seen, *, pricing: bool = True) -> FreeTimes:
    """The starts on offer in the span; `taken` is what `busy` saw in the window."""
    return times_of(question, span, slots.offered(build_request(question, window, taken)), pricing=pricing)


def times_of(question: Question, span: Span, found: slots.Offered | None, *, pricing: bool = True) -> FreeTimes:
    """What the engine offers, as the answer to who asked for the span; None: nothing yet (`FreeTimes.joined`)."""
    minutes = found.minutes() if found else []
    pricing = pricing and not question.unpriced  # times are free before it is said where to
    return FreeTimes(
        service=str(question.plan.service["slug"]),
        zone=span.zone,
        first=span.first,
        days=span.days,
        duration=question.duration,
        step=question.rules.step,
        minutes=minutes,
        remaining=found.remainders() if found else [],
        price=(question.flat_price() or question.nothing) if pricing else None,
        amounts=question.amounts(minutes) if pricing else None,
    )
