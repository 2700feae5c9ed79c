"""The domain once more, slow and obvious: minute by minute, with sets and loops, by brute force.

Nothing here shares code with what it judges, except the plain values that questions are asked with.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, product
from zoneinfo import ZoneInfo

from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import Schedule
from holdfast.domain.limits import Allowance
from holdfast.domain.slots import Candidate, Need, Request, Rules


def minutes_of(bits: int, origin: int = 0) -> set[int]:
    """The minutes a calendar's ones stand for, bit by bit."""
    return {origin + i for i in range(bits.bit_length()) if (bits >> i) % 2}


def wall(zone: ZoneInfo, minute: int) -> datetime:
    """What a clock on the wall shows at this minute."""
    return datetime.fromtimestamp(minute * 60, zone).replace(tzinfo=None, fold=0)


class Clock:
    """A clock watched minute after minute through [start, end)."""

    def __init__(self, zone: str, start: int, end: int) -> None:
        rules = ZoneInfo(zone)
        self.start, self.end = start, end
        self.shown = [wall(rules, minute) for minute in range(start, end)]
        self.first: dict[datetime, int] = {}
        for minute, time_shown in enumerate(self.shown, start):
            self.first.setdefault(time_shown, minute)
        self.latest_yet = list(accumulate(self.shown, max))

    def during(self, start: int, end: int) -> list[tuple[int, datetime]]:
        """What it shows, minute by minute, in [start, end)."""
        return list(enumerate(self.shown[start - self.start : end - self.start], start))

    def reaches(self, wanted: datetime) -> int:
        """The first minute at which the clock shows `wanted` or later; the end if we stop watching before."""
        return self.start + bisect_left(self.latest_yet, wanted)


def opening_ranges(schedule: Schedule, day: date) -> list[tuple[datetime, datetime]]:
    """The wall-clock ranges that start on a date."""
    midnight = datetime.combine(day, time())
    if day in schedule.exceptions:
        pairs = [(each.starts, each.ends) for each in schedule.exceptions[day]]
    else:
        pairs = [
            (rule.starts, rule.ends)
            for rule in schedule.weekly
            if rule.weekday == day.weekday()
            and (rule.valid_from is None or rule.valid_from <= day)
            and (rule.valid_until is None or rule.valid_until >= day)
        ]
    return [
        (midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends if ends > starts else ends + 1440))
        for starts, ends in pairs
    ]


def open_minutes(schedule: Schedule, start: int, end: int, clock: Clock | None = None) -> set[int]:
    """The open minutes of [start, end): from when the clock first reaches a range's start to when it does its end."""
    clock = clock or Clock(schedule.zone, start - 1440, end + 60)
    opened: set[int] = set()
    for number in range(clock.shown[0].toordinal() - 2, clock.shown[-1].toordinal() + 1):
        for starts, ends in opening_ranges(schedule, date.fromordinal(number)):
            opened.update(range(clock.reaches(starts), clock.reaches(ends)))
    regular = {m for m, shown in clock.during(start, end) if m in opened and shown.date() not in schedule.closed_dates}
    return regular | open_minutes(schedule.on_call, start, end, clock) if schedule.on_call else regular


def grid_minutes(clock: Clock, step: int, window: Window) -> set[int]:
    """The minutes of the window at which the clock shows a multiple of the step for the first time."""
    return {
        minute
        for shown, minute in clock.first.items()
        if window.origin <= minute < window.end and (shown.hour * 60 + shown.minute) % step == 0
    }


# --- slots -----------------------------------------------------------------------------------------------------------


def fits(request: Request, need: Need, candidate: Candidate) -> bool:
    if candidate.max_party is not None and request.party > candidate.max_party:
        return False
    return len(candidate.busy) >= wanted(request, need)


def wanted(request: Request, need: Need) -> int:
    return need.lanes * (request.party if need.per_person else 1)


def rules_of(request: Request, candidate: Candidate) -> Rules:
    return request.rules if candidate.rules is None else candidate.rules


def is_open(request: Request, candidate: Candidate, start: int) -> bool:
    opened = minutes_of(candidate.open, request.window.origin)
    return all(minute in opened for minute in range(start, start + request.rules.duration))


def free_lanes(request: Request, candidate: Candidate, start: int) -> list[int]:
    rules, window = rules_of(request, candidate), request.window
    period = range(start - rules.buffer_before, start + rules.duration + rules.buffer_after)
    inside = period.start >= window.origin and period.stop <= window.origin + window.length
    return [
        number
        for number, lane in enumerate(candidate.busy)
        if inside and not any(minute in minutes_of(lane, window.origin) for minute in period)
    ]


Able = Sequence[tuple[Need, Sequence[Candidate]]]


def fillings(request: Request, able: Able) -> Iterator[tuple[tuple[Need, Candidate], ...]]:
    """Every way to give each need as many resources as it counts, all different, the chosen one among them."""
    each = [(need, pool) for need, pool in able for _ in range(need.count)]
    for picked in product(*(pool for _need, pool in each)):
        keys = {candidate.key for candidate in picked}
        if len(keys) == len(picked) and (request.chosen is None or request.chosen in keys):
            yield tuple(zip((need for need, _pool in each), picked, strict=True))


def could(request: Request, able: Able) -> bool:
    return any(True for _ in fillings(request, able))


def but_for(able: Able, keeps: Callable[[Need, Candidate], bool]) -> Able:
    return [(need, [candidate for candidate in pool if keeps(need, candidate)]) for need, pool in able]


def verdict(request: Request, start: int) -> str:
    """ "placed" or the code of the refusal."""
    return party_refused(request) or rules_refuse(request, start) or calendar_refuses(request, start) or "placed"


def everybody(request: Request) -> Able:
    return [(need, need.pool) for need in request.needs]


def party_refused(request: Request) -> str:
    for need in request.needs:
        fitting = [c for c in need.pool if fits(request, need, c)]
        if len(fitting) < need.count and len(fitting) < len(need.pool):
            return "party_too_large"
    chosen = [(need, c) for need in request.needs for c in need.pool if c.key == request.chosen]
    return "party_too_large" if chosen and not any(fits(request, need, c) for need, c in chosen) else ""


def in_reach(request: Request, start: int) -> tuple[Able, Able, Able]:
    """Whoever fits the party, of them whose notice is kept, and of them whose horizon is."""
    fitting = but_for(everybody(request), lambda need, c: fits(request, need, c))
    in_time = but_for(fitting, lambda need, c: start >= rules_of(request, c).earliest)
    return fitting, in_time, but_for(in_time, lambda need, c: start <= rules_of(request, c).latest)


def rules_refuse(request: Request, start: int) -> str:
    fitting, in_time, reachable = in_reach(request, start)
    possible = could(request, fitting)
    if not could(request, in_time) if possible else start < request.rules.earliest:
        return "too_soon"
    if not could(request, reachable) if possible else start > request.rules.latest:
        return "too_far"
    return ""


def calendar_refuses(request: Request, start: int) -> str:
    if start not in minutes_of(request.grid, request.window.origin):
        return "outside_hours"
    working = but_for(in_reach(request, start)[2], lambda need, c: is_open(request, c, start))
    if not could(request, working):
        return "outside_hours"
    for limit in request.allowances:
        if left_of(limit, start) == 0:
            return limit.code
    allowed = but_for(working, lambda need, c: not team_is_full(request, c, start))
    if not could(request, allowed):
        return "team_day_limit"
    free = but_for(allowed, lambda need, c: len(free_lanes(request, c, start)) >= wanted(request, need))
    return "" if could(request, free) else "slot_taken"


def left_of(limit: Allowance, start: int) -> int:
    """How many more bookings a limit lets start on the day of this minute; many where it says nothing."""
    return min([day.left for day in limit.days if start in range(day.start, day.end)], default=10**6)


def team_is_full(request: Request, candidate: Candidate, start: int) -> bool:
    return any(left_of(limit, start) == 0 for limit in request.teams.get(candidate.team or "", ()))


def how_often(request: Request, start: int) -> int:
    """How many such bookings fit at this start, trying every order of every choice."""
    if verdict(request, start) != "placed":
        return 0

    def serves(candidate: Candidate) -> bool:
        rules = rules_of(request, candidate)
        return rules.earliest <= start <= rules.latest and is_open(request, candidate, start)

    free = {
        candidate.key: len(free_lanes(request, candidate, start)) if serves(candidate) else 0
        for need in request.needs
        for candidate in need.pool
    }
    keys = sorted(free)

    teams = sorted(request.teams)

    @cache
    def best(left: tuple[int, ...], shares: tuple[int, ...]) -> int:
        lanes, share = dict(zip(keys, left, strict=True)), dict(zip(teams, shares, strict=True))
        able = but_for(
            everybody(request),
            lambda need, c: (
                fits(request, need, c) and lanes[c.key] >= wanted(request, need) and share.get(c.team or "", 1) > 0
            ),
        )
        results = [0]
        for picked in fillings(request, able):
            rest, served = dict(lanes), {candidate.team for _need, candidate in picked}
            for need, candidate in picked:
                rest[candidate.key] -= wanted(request, need)
            after = tuple(share[team] - (team in served) for team in teams)
            results.append(1 + best(tuple(rest[key] for key in keys), after))
        return max(results)

    shares = tuple(min(left_of(limit, start) for limit in request.teams[team]) for team in teams)
    fitting = best(tuple(free[key] for key in keys), shares)
    return min([fitting, *(left_of(limit, start) for limit in request.allowances)])
