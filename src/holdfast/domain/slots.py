"""Slots: is a start on offer, which resources would serve it, and if not, why not?

`offered` answers for a whole window at once and `decide` for one start, by the same code on a narrower window: what
the page shows is what the commit decides. docs/algorithms/availability.md is the specification.
"""

from dataclasses import dataclass
from heapq import nsmallest
from typing import Literal

from holdfast.domain.assignment import BY_KEY, Assignment, Ordering, lot, ordered
from holdfast.domain.calendar_bits import full, positions, runs, span
from holdfast.domain.capacity import choose_lanes
from holdfast.domain.limits import Allowance
from holdfast.domain.question import Candidate, Key, Need, Request, Rules, padded_window
from holdfast.domain.remaining import remainders
from holdfast.domain.serving import Able, Serving, clear, serve

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
    """What one resource says to one start: the material of "why?"."""

    need_key: Key
    resource_key: Key
    fits_party: bool
    open: bool
    free_lanes: tuple[int, ...]
    lanes: int


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
        return self.serving.at(at).how_often(self.request.needs, [0])[0]

    def remainders(self) -> list[int]:
        """`remaining` for each of `minutes()`, in their order: far cheaper than asking for each."""
        return remainders(self.request, self.serving, positions(self.bits))


def offered(request: Request, able: Able | None = None) -> Offered:
    """Every start on offer in the request's window. `able`: see `serving.serve`."""
    starts = request.grid & span(request.window, request.rules.earliest, request.rules.latest + 1)
    starts &= ~request.full_days()
    serving = serve(request, starts, able)
    return Offered(request, _placeable(request, serving, starts), serving)


def decide(request: Request, start: int, by: Ordering = BY_KEY) -> Decision:
    """Place a booking at `start` or say why not.

    Refusals in this order: party_too_large, too_soon, too_far, outside_hours, customer_limit and service_day_limit (as
    the request names them), team_day_limit (only teams that are full work then), slot_taken. Resources are taken
    in the order of `by` (domain/assignment.py), each the first that leaves the needs after it possible.
    """
    refused = _against_rules(request, start)
    if refused:
        return refused
    near = request.narrowed(start)
    here = near.grid & span(near.window, start, start + 1)
    if not here:
        return Refused("outside_hours", "off_grid")
    serving = serve(near, here)
    full = next((each for each in near.allowances if not each.allows(start)), None)
    if full is None and _placeable(near, serving, here):
        return Placed(_assign(near, serving, here, by))
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
    rules, everything, here = near.rules, full(near.window), span(near.window, start, start + 1)
    return tuple(
        Fact(
            need_key=need.key,
            resource_key=candidate.key,
            fits_party=need.fits(candidate, request.party),
            open=bool(runs(candidate.open, rules.duration) & here),
            free_lanes=tuple(n for n, busy in enumerate(candidate.busy) if clear(busy, everything, rules) & here),
            lanes=len(candidate.busy),
        )
        for need in near.needs
        for candidate in need.pool
    )


def _placeable(request: Request, serving: Serving, starts: int) -> int:
    """Where the request can be placed. What nobody serves cannot be: nothing would hold such a booking."""
    return serving.placeable(request.needs, starts) if request.needs else 0


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
    """Refused for what does not depend on any calendar."""
    for need in request.needs:
        if need.pool and not any(need.fits(candidate, request.party) for candidate in need.pool):
            return Refused("party_too_large", need_key=need.key)
    if start < request.rules.earliest:
        return Refused("too_soon")
    if start > request.rules.latest:
        return Refused("too_far")
    return None


def _to_blame(request: Request, serving: Serving, here: int) -> Key | None:
    """The first need that cannot be filled even alone; None if only all together cannot."""
    return next((need.key for need in request.needs if not serving.placeable((need,), here)), None)


def _assign(request: Request, serving: Serving, here: int, by: Ordering) -> tuple[Assignment, ...]:
    """One resource per need, in order; each the first asked that leaves the needs after it possible."""
    assignments: list[Assignment] = []
    taken: frozenset[Key] = frozenset()
    for number, need in enumerate(request.needs):
        wanted, rest = need.lanes_for(request.party), request.needs[number + 1 :]
        able = [each for each in need.pool if each.key not in taken and need.fits(each, request.party)]
        lanes = {each.key: serving.services[each.key].free() for each in able}
        asked = ordered(by, need, [each for each in able if len(lanes[each.key]) >= wanted], assignments)
        for candidate in asked:
            if serving.placeable(rest, here, taken | {candidate.key}):
                taken |= {candidate.key}
                chosen = choose_lanes(lanes[candidate.key], wanted, lot(by.booking, candidate.key))
                among = tuple(each.key for each in asked)
                assignments.append(Assignment(need.key, candidate.key, chosen, among))
                break
    return tuple(assignments)
