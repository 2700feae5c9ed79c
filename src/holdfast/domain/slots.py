"""Slots: is a start on offer, which resources would serve it, and if not, why not?

`offered` answers for a whole window at once and `decide` for one start, by the same code on a narrower window: what
the page shows is what the commit decides. docs/algorithms/availability.md is the specification.

All times are minutes (UTC); calendars are integers with a bit per minute of `Request.window` (calendar_bits). What
lies outside the window counts as closed and busy, so callers make it wide enough with `padded_window`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from random import Random
from typing import Any, Literal, Protocol

from holdfast.domain.calendar_bits import BitCounter, Window, full, positions, reslice, runs, span, union
from holdfast.domain.capacity import choose_lanes
from holdfast.domain.matching import Group, matchable, times


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

    def starts(self, each: int) -> int:
        """Where it could take one booking of `each` lanes."""
        if len(self.lanes) == 1:
            return self.lanes[0] if each == 1 else 0
        return union(self.lanes) if each == 1 else BitCounter(self.lanes).at_least(each)

    def levels(self, each: int) -> Sequence[int]:
        """Where it could take one booking of `each` lanes, where two, and so on."""
        if len(self.lanes) == 1:
            return self.lanes if each == 1 else ()
        free = BitCounter(self.lanes)
        return [free.at_least(number) for number in range(each, len(self.lanes) + 1, each)]

    def at(self, position: int) -> "_Service":
        """Of that one position."""
        return _Service(tuple(lane >> position & 1 for lane in self.lanes))


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
        """How many such bookings, each for the whole party, could still be made at this start; 0 if none."""
        at = minute - self.request.window.origin
        if at < 0 or not self.bits >> at & 1:
            return 0
        return self._times({key: service.at(at) for key, service in self.services.items()}, [0])[0]

    def remainders(self) -> list[int]:
        """`remaining` for each of `minutes()`, in their order: far cheaper than asking for each."""
        return self._times(self.services, positions(self.bits))

    def _times(self, services: Mapping[Key, _Service], wanted: Sequence[int]) -> list[int]:
        pools = _pools(self.request.needs, self.request.party)
        return times([Group({key: services[key].levels(p.each) for key in p.keys}, p.demand) for p in pools], wanted)


def padded_window(start: int, end: int, rules: Rules) -> Window:
    """The window a request needs to judge every start in [start, end)."""
    origin = start - rules.buffer_before
    return Window(origin, max(0, end + rules.duration + rules.buffer_after - origin))


def offered(request: Request) -> Offered:
    """Every start on offer in the request's window."""
    if not request.needs:  # what nobody serves cannot be booked: nothing would hold the booking
        return Offered(request, 0, {})
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
        if need.pool and not any(_fits(candidate, need, request.party) for candidate in need.pool):
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
    if near.needs and _placeable(near, near.needs, services, here):
        return Placed(_assign(near, services, here, choose))
    return _refusal(near, services, here)


def alternatives(request: Request, around: int, limit: int = 5) -> list[int]:
    """The starts on offer nearest to a wished one, nearest first, the earlier of two equals; never itself."""
    others = (minute for minute in offered(request).minutes() if minute != around)
    return nsmallest(limit, others, key=lambda minute: (abs(minute - around), minute))


def explain(request: Request, start: int) -> tuple[Fact, ...]:
    """What every resource of every need says to this start, whatever the other rules say."""
    near = _narrowed(request, start)
    rules, everything, here = near.rules, full(near.window), span(near.window, start, start + 1)
    return tuple(
        Fact(
            need_key=need.key,
            resource_key=candidate.key,
            fits_party=_fits(candidate, need, request.party),
            open=bool(runs(candidate.open, rules.duration) & here),
            free_lanes=tuple(n for n, busy in enumerate(candidate.busy) if _clear(busy, everything, rules) & here),
            lanes=len(candidate.busy),
        )
        for need in near.needs
        for candidate in need.pool
    )


def _lanes_wanted(need: Need, party: int) -> int:
    return party if need.per_person else 1


def _fits(candidate: Candidate, need: Need, party: int) -> bool:
    """Whether the resource could take the party at all, on an empty day."""
    if candidate.max_party is not None and party > candidate.max_party:
        return False
    return len(candidate.busy) >= _lanes_wanted(need, party)


def _services(request: Request, starts: int) -> dict[Key, _Service]:
    """Where each resource of any pool could serve, among `starts`."""
    everything = full(request.window)
    idle = _clear(0, everything, request.rules)
    opening: dict[int, int] = {}  # many resources keep the same hours: do their work once
    services: dict[Key, _Service] = {}
    for candidate in (candidate for need in request.needs for candidate in need.pool):
        if candidate.key in services:
            continue
        hours = opening.get(candidate.open)
        if hours is None:
            hours = opening[candidate.open] = runs(candidate.open, request.rules.duration) & starts
        services[candidate.key] = _Service(
            tuple(
                [
                    hours & (_clear(busy, everything, request.rules) if busy and hours else idle)
                    for busy in candidate.busy
                ]
            )
        )
    return services


def _clear(busy: int, everything: int, rules: Rules) -> int:
    """Where a booking, buffers included, meets nothing busy and stays inside the window."""
    free = everything ^ (busy & everything)  # much cheaper than ~busy
    return runs(free, rules.occupied) << rules.buffer_before


@dataclass(frozen=True, slots=True)
class _Pool:
    """`demand` needs that any of these resources can fill, by `each` of its lanes."""

    keys: frozenset[Key]
    each: int
    demand: int


def _pools(needs: Sequence[Need], party: int, taken: frozenset[Key] = frozenset()) -> list[_Pool]:
    """The needs' resources that can take the party and are not taken; needs alike are counted together."""
    alike = Counter(
        (
            frozenset(c.key for c in need.pool if c.key not in taken and _fits(c, need, party)),
            _lanes_wanted(need, party),
        )
        for need in needs
    )
    return [_Pool(keys, each, demand) for (keys, each), demand in alike.items()]


def _placeable(
    request: Request,
    needs: Sequence[Need],
    services: Mapping[Key, _Service],
    starts: int,
    taken: frozenset[Key] = frozenset(),
) -> int:
    """Among `starts`, where distinct resources not yet taken can fill the needs."""
    pools = _pools(needs, request.party, taken)
    groups = [Group({key: (services[key].starts(pool.each),) for key in pool.keys}, pool.demand) for pool in pools]
    return matchable(groups, starts)


def _narrowed(request: Request, start: int) -> Request:
    """The same question in a window just wide enough for one start."""
    rules, wide = request.rules, request.window
    window = wide.clip(start - rules.buffer_before, start + rules.duration + rules.buffer_after)

    def near(candidate: Candidate) -> Candidate:
        busy = tuple(reslice(lane, wide, window) for lane in candidate.busy)
        hours = reslice(candidate.open, wide, window)
        return Candidate(candidate.key, hours, busy, candidate.max_party, candidate.rank)

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
    if not idle.needs or not _placeable(idle, idle.needs, hours, here):
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
        wanted = _lanes_wanted(need, request.party)
        rest = request.needs[number + 1 :]
        for candidate in _preference(need.pool, choose):
            free = [lane for lane, starts in enumerate(services[candidate.key].lanes) if starts]
            if candidate.key in taken or len(free) < wanted or not _fits(candidate, need, request.party):
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
