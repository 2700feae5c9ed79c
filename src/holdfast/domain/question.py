"""The question that availability answers: which service, by whom, for how many, within which rules.

All times are minutes (UTC); calendars are integers with a bit per minute of `Request.window` (calendar_bits). What
lies outside the window counts as closed and busy, so callers make it wide enough with `padded_window`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from holdfast.domain.calendar_bits import Window, reslice, union
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that could serve. `open`: its working hours; `busy`: per lane, the buffered periods of others.

    `max_party` None: no limit. The lowest `rank` is chosen first. A resource that is in several pools has the same
    hours and lanes in each.
    """

    key: Key
    open: int
    busy: tuple[int, ...]
    max_party: int | None = None
    rank: int = 0
    team: Key | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a service needs one of: a resource out of `pool`, one lane of it, or `party` lanes if `per_person`."""

    key: Key
    pool: tuple[Candidate, ...]
    per_person: bool = False

    def lanes_for(self, party: int) -> int:
        """How many lanes of one resource the party takes."""
        return party if self.per_person else 1

    def fits(self, candidate: Candidate, party: int) -> bool:
        """Whether the resource could take the party at all, on an empty day."""
        if candidate.max_party is not None and party > candidate.max_party:
            return False
        return len(candidate.busy) >= self.lanes_for(party)


@dataclass(frozen=True, slots=True)
class Request:
    """All that availability depends on. `grid`: bits at which a slot may start (hours.grid_bits).

    `allowances` are what limits leave to the booking itself, `teams` what they leave to the resources of a team.
    """

    window: Window
    rules: Rules
    grid: int
    needs: tuple[Need, ...]
    party: int = 1
    allowances: tuple[Allowance, ...] = ()
    teams: Mapping[Key, tuple[Allowance, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.party < 1:
            raise ValueError("a party has at least one person")

    def narrowed(self, start: int) -> "Request":
        """The same question in a window just wide enough for one start."""
        rules, wide = self.rules, self.window
        window = wide.clip(start - rules.buffer_before, start + rules.duration + rules.buffer_after)

        def near(candidate: Candidate) -> Candidate:
            busy = tuple(reslice(lane, wide, window) for lane in candidate.busy)
            hours = reslice(candidate.open, wide, window)
            return replace(candidate, open=hours, busy=busy)

        needs = tuple(replace(need, pool=tuple(map(near, need.pool))) for need in self.needs)
        return replace(self, window=window, grid=reslice(self.grid, wide, window), needs=needs)

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
        rules = replace(self.rules, buffer_before=0, buffer_after=0)
        needs = tuple(
            replace(need, pool=tuple(replace(candidate, busy=(0,) * len(candidate.busy)) for candidate in need.pool))
            for need in self.needs
        )
        return replace(self, rules=rules, needs=needs)


def padded_window(start: int, end: int, rules: Rules) -> Window:
    """The window a request needs to judge every start in [start, end), and in which no other start fits."""
    origin = start - rules.buffer_before
    last = end - 1
    return Window(origin, max(0, last + rules.duration + rules.buffer_after - origin))
