"""Slots: is a start on offer, which resources would serve it, and if not, why not?

`offered` answers for a whole window at once and `decide` for one start, by the same code on a narrower window: what
the page shows is what the commit decides. docs/algorithms/availability.md is the specification.

All times are minutes (UTC); calendars are integers with a bit per minute of `Request.window` (calendar_bits). What
lies outside the window counts as closed and busy, so callers make it wide enough with `padded_window`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from random import Random
from typing import Any, Literal, Protocol

from holdfast.domain.calendar_bits import BitCounter, Window, full, positions, reslice, runs, span
from holdfast.domain.capacity import choose_lanes
from holdfast.domain.matching import Group, components, matchable, most


class Key(Protocol):
    """What names a need or a resource: a UUID, a number, a text; hashable and sortable."""

    def __hash__(self) -> int: ...
    def __lt__(self, other: Any, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """When a slot may start. All in minutes; a start s is allowed iff earliest <= s <= latest.

    Notice and horizon are already added to now, by the caller. `step` is the grid's (see hours.grid_bits).
    """

    duration: int
    step: int
    buffer_before: int
    buffer_after: int
    earliest: int
    latest: int

    def __post_init__(self) -> None:
        if self.duration < 1 or self.step < 1 or self.buffer_before < 0 or self.buffer_after < 0:
            raise ValueError(f"impossible rules: {self}")

    @property
    def occupied(self) -> int:
        """How long a booking occupies a lane, buffers included."""
        return self.buffer_before + self.duration + self.buffer_after


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that could serve. `open`: its working hours; `busy`: per lane, the buffered periods of others.

    `max_party` None: no limit. The lowest `rank` is chosen first.
    """

    key: Key
    open: int
    busy: tuple[int, ...]
    max_party: int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """What a service needs one of: a resource out of `pool`, one lane of it, or `party` lanes if `per_person`."""

    key: Key
    pool: tuple[Candidate, ...]
    per_person: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """All that availability depends on. `grid`: bits at which a slot may start (hours.grid_bits)."""

    window: Window
    rules: Rules
    grid: int
    needs: tuple[Need, ...]
    party: int = 1

    def __post_init__(self) -> None:
        if self.party < 1:
            raise ValueError("a party has at least one person")


Code = Literal["party_too_large", "too_soon", "too_far", "outside_hours", "slot_taken"]
Detail = Literal["", "off_grid", "closed", "busy"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """This need is served by these lanes of this resource."""

    need_key: Key
    resource_key: Key
    lanes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The slot is on offer; one assignment per need, in the request's order, resources distinct."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The slot is not on offer. `need_key`: the need that cannot be filled, where one alone is to blame."""

    code: Code
    detail: Detail = ""
    need_key: Key | None = None


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
class _Service:
    """Where one resource could serve, lane by lane: bit i of a lane is set iff a booking may start at minute i."""

    lanes: tuple[int, ...]

    def starts(self, wanted: int) -> int:
        """Where at least `wanted` lanes are free."""
        if len(self.lanes) == 1:
            return self.lanes[0] if wanted == 1 else 0
        return BitCounter(self.lanes).at_least(wanted)


@dataclass(frozen=True)
class Offered:
    """The answer for a window: `bits` has a one at each start on offer."""

    request: Request
    bits: int
    services: Mapping[Key, _Service]

    def minutes(self) -> list[int]:
        """The starts on offer, ascending."""
        return list(map(self.request.window.origin.__add__, positions(self.bits)))

    def remaining(self, minute: int) -> int:
        """How many such bookings, each for the whole party, could still be made at this start."""
        at = minute - self.request.window.origin
        if at < 0 or not self.bits >> at & 1:
            return 0
        free = {key: sum(lane >> at & 1 for lane in service.lanes) for key, service in self.services.items()}
        return most(
            [Group({c.key: free[c.key] // each for c in pool}, demand) for pool, each, demand in self._groups()]
        )

    def remainders(self) -> list[int]:
        """`remaining` for each of `minutes()`, in their order, at once."""
        groups = list(self._groups())
        pools = [Group({c.key: 0 for c in pool}, demand) for pool, _, demand in groups]
        minutes = positions(self.bits)
        if any(len(part) > 1 or part[0].demand > 1 for part in components(pools)):
            return [self.remaining(self.request.window.origin + at) for at in minutes]
        counts = [self._counter(pool, each).values(minutes) for pool, each, _ in groups]
        return list(map(min, *counts)) if len(counts) > 1 else counts[0]

    def _counter(self, pool: Iterable[Candidate], each: int) -> BitCounter:
        """Per minute, how many bookings of `each` lanes the pool's resources could take."""
        counter = BitCounter()
        for candidate in pool:
            lanes = self.services[candidate.key].lanes
            if each == 1:
                for lane in lanes:
                    counter.add(lane)
            else:
                free = BitCounter(lanes)
                for bookings in range(1, len(lanes) // each + 1):
                    counter.add(free.at_least(bookings * each))
        return counter

    def _groups(self) -> list[tuple[list[Candidate], int, int]]:
        return _alike(self.request, self.request.needs)


def padded_window(start: int, end: int, rules: Rules) -> Window:
    """The window a request needs to judge every start in [start, end)."""
    origin = start - rules.buffer_before
    return Window(origin, max(0, end + rules.duration + rules.buffer_after - origin))


def offered(request: Request) -> Offered:
    """Every start on offer in the request's window."""
    starts = request.grid & span(request.window, request.rules.earliest, request.rules.latest + 1)
    services = _services(request, starts)
    return Offered(request, _placeable(request, request.needs, services, starts), services)


def decide(request: Request, start: int, choose: Random | None = None) -> Decision:
    """Place a booking at `start` or say why not.

    Refusals in this order: party_too_large, too_soon, too_far, outside_hours, slot_taken. Resources are taken by
    lowest rank; equals by key, or at random with `choose`, so that load spreads and losers of a race part ways.
    """
    rules = request.rules
    for need in request.needs:
        if need.pool and not any(_fits(candidate, need.per_person, request.party) for candidate in need.pool):
            return Refused("party_too_large", need_key=need.key)
    if start < rules.earliest:
        return Refused("too_soon")
    if start > rules.latest:
        return Refused("too_far")
    near = _narrowed(request, start)
    here = near.grid & span(near.window, start, start + 1)
    if not here:
        return Refused("outside_hours", "off_grid")
    services = _services(near, here)
    if _placeable(near, near.needs, services, here):
        return Placed(_assign(near, services, here, choose))
    return _refusal(near, services, here)


def alternatives(request: Request, around: int, limit: int = 5) -> list[int]:
    """The starts on offer nearest to a wished one, nearest first, the earlier of two equals; never itself."""
    others = (minute for minute in offered(request).minutes() if minute != around)
    return nsmallest(limit, others, key=lambda minute: (abs(minute - around), minute))


def explain(request: Request, start: int) -> tuple[Fact, ...]:
    """What every resource of every need says to this start, whatever the other rules say."""
    near = _narrowed(request, start)
    here = span(near.window, start, start + 1)
    services = _services(near, here)
    return tuple(
        Fact(
            need_key=need.key,
            resource_key=candidate.key,
            fits_party=_fits(candidate, need.per_person, request.party),
            open=bool(runs(candidate.open, near.rules.duration) & here),
            free_lanes=tuple(number for number, lane in enumerate(services[candidate.key].lanes) if lane),
            lanes=len(candidate.busy),
        )
        for need in near.needs
        for candidate in need.pool
    )


def _fits(candidate: Candidate, per_person: bool, party: int) -> bool:
    if candidate.max_party is not None and party > candidate.max_party:
        return False
    return len(candidate.busy) >= (party if per_person else 1)


def _services(request: Request, starts: int) -> dict[Key, _Service]:
    """Where each resource of any pool could serve, among `starts`."""
    rules, everything = request.rules, full(request.window)
    idle = runs(everything, rules.occupied) << rules.buffer_before
    opening: dict[int, int] = {}  # resources that share one calendar object share the work
    services: dict[Key, _Service] = {}
    for candidate in (candidate for need in request.needs for candidate in need.pool):
        if candidate.key in services:
            continue
        hours = opening.get(id(candidate.open))
        if hours is None:
            hours = opening[id(candidate.open)] = runs(candidate.open, rules.duration) & starts
        services[candidate.key] = _Service(
            tuple(
                (hours & (runs(everything & ~busy, rules.occupied) << rules.buffer_before if busy else idle))
                if hours
                else 0
                for busy in candidate.busy
            )
        )
    return services


def _alike(request: Request, needs: Sequence[Need]) -> list[tuple[list[Candidate], int, int]]:
    """The needs' fitting resources, lanes each of them must give, and how many needs have just these."""
    groups: dict[tuple[frozenset[Key], bool], tuple[list[Candidate], int, int]] = {}
    for need in needs:
        pool = [candidate for candidate in need.pool if _fits(candidate, need.per_person, request.party)]
        identity = (frozenset(candidate.key for candidate in pool), need.per_person)
        demand = groups[identity][2] if identity in groups else 0
        groups[identity] = (pool, request.party if need.per_person else 1, demand + 1)
    return list(groups.values())


def _placeable(
    request: Request,
    needs: Sequence[Need],
    services: Mapping[Key, _Service],
    starts: int,
    taken: frozenset[Key] = frozenset(),
) -> int:
    """Among `starts`, where distinct resources not yet taken can fill the needs."""
    groups = [
        Group({c.key: services[c.key].starts(each) for c in pool if c.key not in taken}, demand)
        for pool, each, demand in _alike(request, needs)
    ]
    return matchable(groups, starts)


def _narrowed(request: Request, start: int) -> Request:
    """The same question in a window just wide enough for one start."""
    rules, wide = request.rules, request.window
    window = wide.clip(start - rules.buffer_before, start + rules.duration + rules.buffer_after)

    def near(candidate: Candidate) -> Candidate:
        busy = tuple(reslice(lane, wide, window) for lane in candidate.busy)
        return replace(candidate, open=reslice(candidate.open, wide, window), busy=busy)

    needs = tuple(replace(need, pool=tuple(map(near, need.pool))) for need in request.needs)
    return replace(request, window=window, grid=reslice(request.grid, wide, window), needs=needs)


def _without_bookings(request: Request) -> Request:
    """The same question as if nobody had booked and buffers cost nothing: hours alone."""
    rules = replace(request.rules, buffer_before=0, buffer_after=0)
    needs = tuple(
        replace(need, pool=tuple(replace(candidate, busy=(0,) * len(candidate.busy)) for candidate in need.pool))
        for need in request.needs
    )
    return replace(request, rules=rules, needs=needs)


def _refusal(request: Request, services: Mapping[Key, _Service], here: int) -> Refused:
    """Why a start on the grid cannot be placed: nobody works then, or those who do are taken."""
    idle = _without_bookings(request)
    hours = _services(idle, here)
    if not _placeable(idle, idle.needs, hours, here):
        return Refused("outside_hours", "closed", _to_blame(idle, hours, here))
    return Refused("slot_taken", "busy", _to_blame(request, services, here))


def _to_blame(request: Request, services: Mapping[Key, _Service], here: int) -> Key | None:
    """The first need that cannot be filled even alone; None if only all together cannot."""
    alone = (need.key for need in request.needs if not _placeable(request, (need,), services, here))
    return next(alone, None)


def _assign(
    request: Request, services: Mapping[Key, _Service], here: int, choose: Random | None
) -> tuple[Assignment, ...]:
    """One resource per need, in order; each the best that leaves the needs after it possible."""
    assignments: list[Assignment] = []
    taken: frozenset[Key] = frozenset()
    for number, need in enumerate(request.needs):
        wanted = request.party if need.per_person else 1
        rest = request.needs[number + 1 :]
        for candidate in _preference(need.pool, choose):
            free = [lane for lane, starts in enumerate(services[candidate.key].lanes) if starts]
            if candidate.key in taken or len(free) < wanted or not _fits(candidate, need.per_person, request.party):
                continue
            if _placeable(request, rest, services, here, taken | {candidate.key}):
                taken |= {candidate.key}
                assignments.append(Assignment(need.key, candidate.key, choose_lanes(free, wanted, choose)))
                break
    return tuple(assignments)


def _preference(pool: Sequence[Candidate], choose: Random | None) -> list[Candidate]:
    """Lowest rank first; equals by key, or shuffled."""
    by_key = sorted(pool, key=lambda candidate: candidate.key)
    if choose is not None:
        choose.shuffle(by_key)
    return sorted(by_key, key=lambda candidate: candidate.rank)
