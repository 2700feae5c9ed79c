"""Slots: is a start on offer, which resources would serve it, and if not, why not?

`offered` answers for a whole window at once and `decide` for one start, by the same code on a narrower window: what
the page shows is what the commit decides. docs/algorithms/availability.md is the specification.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Literal

from holdfast.domain.assignment import BY_KEY, Assignment, Ordering, lot, ordered
from holdfast.domain.calendar_bits import full, positions, runs, span
from holdfast.domain.capacity import choose_lanes
from holdfast.domain.limits import Allowance
from holdfast.domain.question import Candidate, Key, Need, Request, Rules, judged, padded_window
from holdfast.domain.remaining import remainders
from holdfast.domain.serving import Able, Serving, clear, serve, supposing

__all__ = [
    "Assignment",
    "Candidate",
    "Code",
    "Decision",
    "Detail",
    "Fact",
    "Key",
    "Need",
    "Offered",
    "Placed",
    "Refused",
    "Request",
    "Rules",
    "alternatives",
    "decide",
    "explain",
    "judged",
    "offered",
    "padded_window",
]

Code = Literal[
    "party_too_large",
    "too_soon",
    "too_far",
    "outside_hours",
    "customer_limit",
    "service_day_limit",
    "team_day_limit",
    "slot_taken",
]
Detail = Literal["", "off_grid", "closed", "busy", "full"]


@dataclass(frozen=True, slots=True)
class Placed:
    """The slot is on offer; one assignment per need, in the request's order, resources distinct."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The slot is not on offer. `need_key`: the need that cannot be filled, where one alone is to blame.

    `limit`: what is left of the limit that is reached, of the day's and customers' limits.
    """

    code: Code
    detail: Detail = ""
    need_key: Key | None = None
    limit: Allowance | None = None


Decision = Placed | Refused


@dataclass(frozen=True, slots=True)
class Fact:
    """What one resource says to one start: the material of "why?".

    `own`: the rules it has in place of the request's; `in_time` and `in_reach`: by its rules or the request's.
    """

    need_key: Key
    resource_key: Key
    fits_party: bool
    open: bool
    free_lanes: tuple[int, ...]
    lanes: int
    own: Rules | None
    in_time: bool
    in_reach: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """The answer for a window: `bits` has a one at each start on offer."""

    request: Request
    bits: int
    serving: Serving

    def minutes(self) -> list[int]:
        """The starts on offer, ascending."""
        return list(map(self.request.window.origin.__add__, positions(self.bits)))

    def remaining(self, minute: int) -> int:
        """How many such bookings, each for the whole party, could still be made at this start; 0 if none."""
        at = minute - self.request.window.origin
        if at < 0 or not self.bits >> at & 1:
            return 0
        if self.request.allowances or self.request.teams:
            return remainders(self.request, self.serving, [at])[0]
        return self.serving.at(at).how_often(self.request.needs, [0], self.request.chosen)[0]

    def remainders(self) -> list[int]:
        """`remaining` for each of `minutes()`, in their order: far cheaper than asking for each."""
        return remainders(self.request, self.serving, positions(self.bits))


def offered(request: Request, able: Able | None = None) -> Offered:
    """Every start on offer in the request's window. `able`: see `serving.serve`."""
    starts = request.grid & ~request.full_days()
    serving = serve(request, starts, able)
    return Offered(request, _placeable(request, serving, starts), serving)


def decide(request: Request, start: int, by: Ordering = BY_KEY) -> Decision:
    """Place a booking at `start` or say why not.

    Refusals in this order: party_too_large, too_soon, too_far, outside_hours, customer_limit and service_day_limit (as
    the request names them), team_day_limit (only teams that are full work then), slot_taken. Resources are taken
    in the order of `by` (domain/assignment.py), each the first that leaves the needs after it possible.
    """
    near = request.narrowed(start)
    here = near.grid & span(near.window, start, start + 1)
    serving = serve(near, here)
    full = next((each for each in near.allowances if not each.allows(start)), None)
    if here and full is None and _placeable(near, serving, here):
        return Placed(_assign(near, serving, here, by))
    refused = _against_rules(request, start)
    if refused:
        return refused
    if not here:
        return Refused("outside_hours", "off_grid")
    idle = near.without_limits().without_bookings()
    hours = serve(idle, here)
    if not _placeable(idle, hours, here):
        return Refused("outside_hours", "closed", _to_blame(idle, hours, here))
    full = full or _full_team(near, start, here)
    if full is not None:
        return Refused(full.code, "full", limit=full)
    return Refused("slot_taken", "busy", _to_blame(near, serving, here))


def alternatives(request: Request, around: int, limit: int = 5) -> list[int]:
    """The starts on offer nearest to a wished one, nearest first, the earlier of two equals; never itself."""
    others = (minute for minute in offered(request).minutes() if minute != around)
    return nsmallest(limit, others, key=lambda minute: (abs(minute - around), minute))


def explain(request: Request, start: int) -> tuple[Fact, ...]:
    """What every resource of every need says to this start, whatever the other rules say."""
    near = request.narrowed(start)
    everything, here = full(near.window), span(near.window, start, start + 1)

    def fact(need: Need, candidate: Candidate) -> Fact:
        rules = near.rules_of(candidate)
        return Fact(
            need_key=need.key,
            resource_key=candidate.key,
            fits_party=need.fits(candidate, request.party),
            open=bool(runs(candidate.open, rules.duration) & here),
            free_lanes=tuple(n for n, busy in enumerate(candidate.busy) if clear(busy, everything, rules) & here),
            lanes=len(candidate.busy),
            own=candidate.rules,
            in_time=rules.earliest <= start,
            in_reach=start <= rules.latest,
        )

    return tuple(fact(need, candidate) for need in near.needs for candidate in need.pool)


def _placeable(request: Request, serving: Serving, starts: int) -> int:
    """Where the request can be placed. What nobody serves cannot be: nothing would hold such a booking."""
    if not request.needs:
        return 0
    if request.chosen is not None:
        starts &= serving.serving_any(request.needs, request.chosen)
    return serving.placeable(request.needs, starts)


def _full_team(near: Request, start: int, here: int) -> Allowance | None:
    """The limit that is to blame where, with nothing booked but the limits kept, nobody is left to serve."""
    if not near.teams:
        return None
    limited = near.without_bookings()
    if _placeable(limited, serve(limited, here), here):
        return None
    teams = (candidate.team for need in near.needs for candidate in need.pool if candidate.team in near.teams)
    return next(
        (each for team in teams if team is not None for each in near.teams[team] if not each.allows(start)), None
    )


def _against_rules(request: Request, start: int) -> Refused | None:
    """Refused for what does not depend on any calendar: the party, and how soon or far ahead the start is.

    Resources may have a notice or horizon of their own: it is too soon if those whose notice has not begun cannot
    fill the needs, and the others could.
    """
    for need in request.needs:
        fitting = sum(need.fits(candidate, request.party) for candidate in need.pool)
        if fitting < min(need.count, len(need.pool)):
            return Refused("party_too_large", need_key=need.key)
    if not _chosen_fits(request):
        return Refused("party_too_large")
    rules = request.rules_of
    has_own = any(candidate.rules for need in request.needs for candidate in need.pool)
    if not has_own or not _placeable(request, supposing(request, lambda candidate: True), 1):
        if start < request.rules.earliest:
            return Refused("too_soon")
        return Refused("too_far") if start > request.rules.latest else None
    in_time = supposing(request, lambda candidate: start >= rules(candidate).earliest)
    if not _placeable(request, in_time, 1):
        return Refused("too_soon", need_key=_to_blame(request, in_time, 1))
    in_reach = supposing(request, lambda candidate: rules(candidate).earliest <= start <= rules(candidate).latest)
    if not _placeable(request, in_reach, 1):
        return Refused("too_far", need_key=_to_blame(request, in_reach, 1))
    return None


def _chosen_fits(request: Request) -> bool:
    """Whether the chosen resource could take the party in any of the needs it is there for."""
    there = [(need, c) for need in request.needs for c in need.pool if c.key == request.chosen]
    return not there or any(need.fits(candidate, request.party) for need, candidate in there)


def _to_blame(request: Request, serving: Serving, here: int) -> Key | None:
    """The first need that cannot be filled even alone; None if only all together cannot."""
    return next((need.key for need in request.needs if not serving.placeable((need,), here)), None)


def _assign(request: Request, serving: Serving, here: int, by: Ordering) -> tuple[Assignment, ...]:
    """`count` resources for each need, in order; each the first asked that leaves all the rest possible."""
    assignments: list[Assignment] = []
    taken: frozenset[Key] = frozenset()
    waiting = [replace(need, count=1) for need in request.needs for _ in range(need.count)]
    while waiting:
        need, *waiting = waiting
        wanted = need.lanes_for(request.party)
        able = [each for each in need.pool if each.key not in taken and need.fits(each, request.party)]
        lanes = {each.key: serving.services[each.key].free() for each in able}
        asked = ordered(by, need, [each for each in able if len(lanes[each.key]) >= wanted], assignments)
        for candidate in asked:
            after = taken | {candidate.key}
            if serving.placeable(waiting, here, after) and _leaves_chosen(request, serving, waiting, after):
                taken = after
                found = choose_lanes(lanes[candidate.key], wanted, lot(by.booking, candidate.key))
                among = tuple(each.key for each in asked)
                assignments.append(Assignment(need.key, candidate.key, found, among))
                break
    return tuple(assignments)


def _leaves_chosen(request: Request, serving: Serving, waiting: Sequence[Need], taken: frozenset[Key]) -> bool:
    """Whether the chosen resource is taken, or can still be by one of the needs that wait."""
    chosen = request.chosen
    return chosen is None or chosen in taken or bool(serving.serving_any(waiting, chosen))
