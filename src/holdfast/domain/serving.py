"""Where each resource can serve, and where together they fill all needs: what `slots` offers and decides with."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from holdfast.domain.calendar_bits import BitCounter, Window, full, runs, union
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

    def how_often(self, needs: Sequence[Need], wanted: Sequence[int]) -> list[int]:
        """At each wanted position, how many bookings of all the needs there is room for."""
        groups = [
            Group({key: self.services[key].levels(each) for key in keys}, demand)
            for keys, each, demand in self._pools(needs)
        ]
        return times(groups, wanted)

    def at(self, position: int) -> "Serving":
        """The same for one position alone, which becomes position 0."""
        services = {
            key: Service(tuple(lane >> position & 1 for lane in service.lanes))
            for key, service in self.services.items()
        }
        return Serving(services, self.party)

    def _pools(
        self, needs: Sequence[Need], taken: frozenset[Key] = frozenset()
    ) -> list[tuple[frozenset[Key], int, int]]:
        """(resources that fit and are not taken, lanes wanted of each, how many needs are alike in this)."""
        alike = Counter(
            (
                frozenset(c.key for c in need.pool if c.key not in taken and need.fits(c, self.party)),
                need.lanes_for(self.party),
            )
            for need in needs
        )
        return [(keys, each, demand) for (keys, each), demand in alike.items()]


# Where one resource could serve, lane by lane, whatever the grid, notice and horizon say.
Able = Callable[[Candidate], tuple[int, ...]]


def serve(request: Request, starts: int, able: Able | None = None) -> Serving:
    """Where, among `starts`, each resource of each pool is open for the service and free for it with its buffers.

    `able` stands in for `ability`, for whoever remembers what it gave.
    """
    able = able or ability(request.window, request.rules)
    pool = {candidate.key: candidate for need in request.needs for candidate in need.pool}
    full_teams = request.full_teams()
    services: dict[Key, Service] = {}
    for key, each in pool.items():
        here = starts & ~full_teams[each.team] if full_teams and each.team in full_teams else starts
        services[key] = Service(tuple([lane & here for lane in able(each)]))
    return Serving(services, request.party)


def ability(window: Window, rules: Rules) -> Able:
    """Where a candidate could serve by its hours and its free time. Many resources keep the same hours: done once."""
    everything = full(window)
    idle = clear(0, everything, rules)
    opening: dict[int, int] = {}

    def able(candidate: Candidate) -> tuple[int, ...]:
        hours = opening.get(candidate.open)
        if hours is None:
            hours = opening[candidate.open] = runs(candidate.open, rules.duration)
        return tuple([hours & (clear(busy, everything, rules) if busy and hours else idle) for busy in candidate.busy])

    return able


def clear(busy: int, everything: int, rules: Rules) -> int:
    """Where a booking, buffers included, meets nothing busy and stays inside the window (`everything`)."""
    free = everything ^ (busy & everything)  # much cheaper than ~busy
    return runs(free, rules.occupied) << rules.buffer_before
