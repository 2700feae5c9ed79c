"""The question that availability answers: which service, by whom, for how many, within which rules.

All times are minutes (UTC); calendars are integers with a bit per minute of `Request.window` (calendar_bits). What
lies outside the window counts as closed and busy, so callers make it wide enough with `padded_window`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from holdfast.domain.calendar_bits import Window, reslice, span, union
from holdfast.domain.limits import Allowance


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

    def without_buffers(self) -> "Rules":
        return replace(self, buffer_before=0, buffer_after=0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that could serve. `open`: its working hours; `busy`: per lane, the buffered periods of others.

    `max_party` None: no limit. The lowest `rank` is chosen first. `rules` None: the request's; its own may have other
    buffers and another earliest and latest start, never another duration or step. A resource that is in several pools
    is the same in each.
    """

    key: Key
    open: int
    busy: tuple[int, ...]
    max_party: int | None = None
    rank: int = 0
    team: Key | None = None
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a service needs: `count` different resources out of `pool`, of each so many `lanes`.

    If `per_person`, so many for each of the party.
    """

    key: Key
    pool: tuple[Candidate, ...]
    per_person: bool = False
    count: int = 1
    lanes: int = 1

    def __post_init__(self) -> None:
        if self.count < 1 or self.lanes < 1:
            raise ValueError("a need is for one lane of one resource at least")

    def lanes_for(self, party: int) -> int:
        """How many lanes of each resource the party takes."""
        return self.lanes * party if self.per_person else self.lanes

    def fits(self, candidate: Candidate, party: int) -> bool:
        """Whether the resource could take the party at all, on an empty day."""
        if candidate.max_party is not None and party > candidate.max_party:
            return False
        return len(candidate.busy) >= self.lanes_for(party)


@dataclass(frozen=True, slots=True)
class Request:
    """All that availability depends on. `grid`: bits at which a slot may start (hours.grid_bits).

    `chosen`: a resource that must be among those that serve, whichever of the needs it fills.
    `allowances` are what limits leave to the booking itself, `teams` what they leave to the resources of a team.
    """

    window: Window
    rules: Rules
    grid: int
    needs: tuple[Need, ...]
    party: int = 1
    allowances: tuple[Allowance, ...] = ()
    teams: Mapping[Key, tuple[Allowance, ...]] = field(default_factory=dict)
    chosen: Key | None = None

    def __post_init__(self) -> None:
        if self.party < 1:
            raise ValueError("a party has at least one person")

    def rules_of(self, candidate: Candidate) -> Rules:
        """The rules a booking of this resource obeys: its own, or the request's."""
        return candidate.rules or self.rules

    def narrowed(self, start: int) -> "Request":
        """The same question in a window just wide enough for one start."""
        wide = self.window
        before, after = _widest([self.rules, *(c.rules for need in self.needs for c in need.pool if c.rules)])
        window = wide.clip(start - before, start + self.rules.duration + after)

        def near(candidate: Candidate) -> Candidate:
            busy = tuple(reslice(lane, wide, window) for lane in candidate.busy)
            hours = reslice(candidate.open, wide, window)
            return replace(candidate, open=hours, busy=busy)

        return replace(self, window=window, grid=reslice(self.grid, wide, window), needs=self._with_each(near))

    def full_days(self) -> int:
        """Where no such booking may start because its service or customer has reached a limit."""
        return union(allowance.full(self.window) for allowance in self.allowances)

    def full_teams(self) -> dict[Key, int]:
        """For each team with limits, where none of its resources may be given another booking."""
        return {team: union(each.full(self.window) for each in limits) for team, limits in self.teams.items()}

    def without_limits(self) -> "Request":
        """The same question as if nothing were limited by the day or period."""
        return replace(self, allowances=(), teams={}) if self.allowances or self.teams else self

    def without_bookings(self) -> "Request":
        """The same question as if nobody had booked and buffers cost nothing: hours alone."""
        rules = self.rules.without_buffers()

        def idle(candidate: Candidate) -> Candidate:
            own = candidate.rules.without_buffers() if candidate.rules else None
            return replace(candidate, busy=(0,) * len(candidate.busy), rules=own)

        return replace(self, rules=rules, needs=self._with_each(idle))

    def _with_each(self, change: Callable[[Candidate], Candidate]) -> tuple[Need, ...]:
        return tuple(replace(need, pool=tuple(map(change, need.pool))) for need in self.needs)


def padded_window(start: int, end: int, *rules: Rules) -> Window:
    """The window a request needs to judge every start in [start, end), whichever of the rules a resource has.

    Where all have the same buffers no other start fits in it; else the grid must leave them out (`judged`).
    """
    before, after = _widest(rules)
    origin = start - before
    return Window(origin, max(0, end - 1 + rules[0].duration + after - origin))


def judged(window: Window, *rules: Rules) -> int:
    """The starts that a padded window was made for, as bits."""
    before, after = _widest(rules)
    return span(window, window.origin + before, window.end - rules[0].duration - after + 1)


def _widest(rules: Sequence[Rules]) -> tuple[int, int]:
    """The longest buffers before and after."""
    return max(each.buffer_before for each in rules), max(each.buffer_after for each in rules)
