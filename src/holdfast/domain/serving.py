"""Where each resource can serve, and where together they fill all needs: what `slots` offers and decides with."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from holdfast.domain.calendar_bits import BitCounter, Window, full, runs, span, union
from holdfast.domain.matching import Group, matchable, times
from holdfast.domain.question import Candidate, Key, Need, Request, Rules


@dataclass(frozen=True, slots=True)
class Service:
    """Where one resource could serve, lane by lane: bit i of a lane is set iff a booking may start at minute i."""

    lanes: tuple[int, ...]

    def starts(self, each: int) -> int:
        """Where it could take one booking of `each` lanes."""
        if len(self.lanes) == 1:
            return self.lanes[0] if each == 1 else 0
        return union(self.lanes) if each == 1 else BitCounter(self.lanes).at_least(each)

    def free(self) -> list[int]:
        """The lanes that could serve at all: for a window of one start, those that are free at it."""
        return [lane for lane, starts in enumerate(self.lanes) if starts]

    def levels(self, each: int) -> Sequence[int]:
        """Where it could take one booking of `each` lanes, where two, and so on."""
        if len(self.lanes) == 1:
            return self.lanes if each == 1 else ()
        free = BitCounter(self.lanes)
        return [free.at_least(number) for number in range(each, len(self.lanes) + 1, each)]


@dataclass(frozen=True, slots=True)
class Serving:
    """Where all resources of a request could serve its party."""

    services: Mapping[Key, Service]
    party: int

    def placeable(self, needs: Sequence[Need], starts: int, taken: frozenset[Key] = frozenset()) -> int:
        """Among `starts`, where distinct resources not yet taken can fill the needs."""
        groups = [
            Group({key: (self.services[key].starts(each),) for key in keys}, demand)
            for keys, each, demand in self._pools(needs, taken)
        ]
        return matchable(groups, starts)

    def serving_any(self, needs: Sequence[Need], key: Key) -> int:
        """Where this resource can fill one of the needs.

        Where it can, and all needs can be filled, they can be filled with it among those who serve: a matching that
        covers the needs and one that covers the resource make one that covers both (Mendelsohn and Dulmage, 1958).
        """
        return union(self.services[key].starts(each) for each in self._lanes_of(needs, key))

    def how_often(self, needs: Sequence[Need], wanted: Sequence[int], chosen: Key | None = None) -> list[int]:
        """At each wanted position, how many bookings of all the needs there is room for, the chosen one in each."""
        groups = [
            Group({key: self.services[key].levels(each) for key in keys}, demand)
            for keys, each, demand in self._pools(needs)
        ]
        often = times(groups, wanted)
        if chosen is None:
            return often
        levels = [self.services[chosen].levels(each) for each in self._lanes_of(needs, chosen)]
        most = [BitCounter(each).values(wanted) for each in levels]
        return list(map(min, often, map(max, *most) if len(most) > 1 else most[0])) if most else [0] * len(wanted)

    def at(self, position: int) -> "Serving":
        """The same for one position alone, which becomes position 0."""
        services = {
            key: Service(tuple(lane >> position & 1 for lane in service.lanes))
            for key, service in self.services.items()
        }
        return Serving(services, self.party)

    def _lanes_of(self, needs: Sequence[Need], key: Key) -> set[int]:
        """How many lanes of a resource the needs that it could fill take, each number once."""
        return {
            need.lanes_for(self.party)
            for need in needs
            for candidate in need.pool
            if candidate.key == key and need.fits(candidate, self.party)
        }

    def _pools(
        self, needs: Sequence[Need], taken: frozenset[Key] = frozenset()
    ) -> list[tuple[frozenset[Key], int, int]]:
        """(resources that fit and are not taken, lanes wanted of each, how many needs are alike in this)."""
        alike: Counter[tuple[frozenset[Key], int]] = Counter()
        for need in needs:
            keys = frozenset(c.key for c in need.pool if c.key not in taken and need.fits(c, self.party))
            alike[keys, need.lanes_for(self.party)] += need.count
        return [(keys, each, demand) for (keys, each), demand in alike.items()]


# Where one resource could serve, lane by lane, whatever the grid, notice and horizon say.
Able = Callable[[Candidate], tuple[int, ...]]


def serve(request: Request, starts: int, able: Able | None = None) -> Serving:
    """Where, among `starts`, each resource of each pool is open for the service and free for it with its buffers.

    Each obeys its own rules, or the request's: earliest and latest start included. `able` stands in for `ability`, for
    whoever remembers what it gave.
    """
    able = able or ability(request.window, request.rules)
    pool = {candidate.key: candidate for need in request.needs for candidate in need.pool}
    allowed = {own: _allowed(request, starts, own) for own in {each.rules for each in pool.values()}}
    full_teams = request.full_teams()
    services: dict[Key, Service] = {}
    for key, each in pool.items():
        here = allowed[each.rules]
        if full_teams and each.team in full_teams:
            here &= ~full_teams[each.team]
        services[key] = Service(tuple([lane & here for lane in able(each)]))
    return Serving(services, request.party)


def ability(window: Window, rules: Rules) -> Able:
    """Where a candidate could serve by its hours and its free time, with its own buffers or those of `rules`.

    Many resources keep the same hours, and few have buffers of their own: done once.
    """
    everything = full(window)
    idle: dict[Rules | None, int] = {}
    opening: dict[int, int] = {}

    def able(candidate: Candidate) -> tuple[int, ...]:
        own = candidate.rules
        here = own or rules
        if own not in idle:
            idle[own] = clear(0, everything, here)
        hours = opening.get(candidate.open)
        if hours is None:
            hours = opening[candidate.open] = runs(candidate.open, rules.duration)
        return tuple(
            [hours & (clear(busy, everything, here) if busy and hours else idle[own]) for busy in candidate.busy]
        )

    return able


def _allowed(request: Request, starts: int, own: Rules | None) -> int:
    """Those of the starts that are neither too soon nor too far by the rules."""
    rules = own or request.rules
    return starts & span(request.window, rules.earliest, rules.latest + 1)


def supposing(request: Request, could: Callable[[Candidate], bool]) -> Serving:
    """One position at which each resource can serve if `could` says so, with all its lanes."""
    return Serving(
        {
            candidate.key: Service((int(could(candidate)),) * len(candidate.busy))
            for need in request.needs
            for candidate in need.pool
        },
        request.party,
    )


def clear(busy: int, everything: int, rules: Rules) -> int:
    """Where a booking, buffers included, meets nothing busy and stays inside the window (`everything`)."""
    free = everything ^ (busy & everything)  # much cheaper than ~busy
    return runs(free, rules.occupied) << rules.buffer_before
