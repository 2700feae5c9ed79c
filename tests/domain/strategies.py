"""How hypothesis makes questions for the domain: small windows, so that the oracle can look at every minute."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from holdfast.domain.calendar_bits import Window, from_intervals, full
from holdfast.domain.limits import Allowance, Code, Day
from holdfast.domain.slots import Candidate, Key, Need, Request, Rules

thorough = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
brief = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def intervals(low: int, high: int, most: int = 6) -> st.SearchStrategy[list[tuple[int, int]]]:
    """A few [start, end) within and around [low, high), some of them empty or the wrong way round."""
    numbers = st.integers(low - 20, high + 20)
    return st.lists(st.tuples(numbers, numbers), max_size=most)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    return Window(draw(st.sampled_from([0, 7, -50, 29_923_140])), draw(st.integers(0, 150)))


def _own_rules(rules: Rules) -> st.SearchStrategy[Rules]:
    """The rules of a resource with buffers, a notice and a horizon of its own."""
    return st.builds(
        replace,
        st.just(rules),
        buffer_before=st.sampled_from([rules.buffer_before, 0, 3, 7]),
        buffer_after=st.sampled_from([rules.buffer_after, 0, 2, 8]),
        earliest=st.sampled_from([rules.earliest, rules.earliest + 10, rules.earliest - 10]),
        latest=st.sampled_from([rules.latest, rules.latest - 10, rules.latest + 10]),
    )


def _resources(origin: int, end: int, rules: Rules) -> st.SearchStrategy[list[Candidate]]:
    """One to five resources that work most of the window and are busy for short periods of it.

    In half of the worlds some have rules of their own.
    """
    own = st.none() if rules.duration % 2 else st.none() | _own_rules(rules)
    window = Window(origin, end - origin)
    moments = st.integers(origin, end)
    short = st.tuples(moments, st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    lane = st.lists(short, max_size=3).map(lambda periods: from_intervals(window, periods))
    hours = st.lists(short, max_size=2).map(lambda shut: full(window) & ~from_intervals(window, shut))
    return st.lists(
        st.builds(
            Candidate,
            key=st.integers(1, 99),
            open=hours,
            busy=st.sampled_from([1, 1, 3, 2]).flatmap(lambda lanes: st.tuples(*[lane] * lanes)),
            max_party=st.sampled_from([None, None, 3, 1]),
            rank=st.integers(0, 1),
            rules=own,
            team=st.sampled_from([None, "north", "south"]),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda candidate: candidate.key,
    )


def _allowances(code: Code, window: Window, at_most: int) -> st.SearchStrategy[tuple[Allowance, ...]]:
    """Limits over two short "days", the second of which need not reach the window's end."""
    middle = window.origin + window.length // 2
    days = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-9, 9)).map(
        lambda drawn: (Day(window.origin - 9, middle, 0, drawn[0]), Day(middle, window.end + drawn[2], 0, drawn[1]))
    )
    return st.lists(st.builds(Allowance, st.just(code), st.just(code), st.just(3), days), max_size=at_most).map(tuple)


@st.composite
def requests(draw: st.DrawFn, mixed: bool = True) -> Request:
    """A request over half an hour or so; `mixed`: some needs per person and others not."""
    window = Window(draw(st.sampled_from([0, 29_923_140])), draw(st.integers(20, 60)))
    origin, end = window.origin, window.end
    rules = Rules(
        duration=draw(st.integers(1, 9)),
        step=1,
        buffer_before=draw(st.integers(0, 4)),
        buffer_after=draw(st.integers(0, 4)),
        earliest=draw(st.sampled_from([origin - 5, origin, origin + 5])),
        latest=draw(st.sampled_from([end + 5, end, end - 5])),
    )
    resources = draw(_resources(origin, end, rules))
    pools = st.lists(st.sampled_from(resources), unique_by=lambda c: c.key, min_size=1, max_size=5)
    alike, lanes = draw(st.booleans()), st.sampled_from([1, 1, 1, 2])
    each = draw(lanes)
    needs = tuple(
        Need(
            f"need {number}",
            tuple(draw(pools)),
            draw(st.booleans()) if mixed else alike,
            draw(st.sampled_from([1, 1, 1, 2, 3])),
            draw(lanes) if mixed else each,
        )
        for number in range(draw(st.sampled_from([1, 2, 2, 3])))
    )
    step, offset = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    grid = sum(1 << i for i in range(offset, window.length, step))
    chosen = draw(st.none() | st.sampled_from([resource.key for resource in resources]))
    limited = draw(st.booleans())
    allowances = draw(_allowances("service_day_limit", window, 1)) if limited else ()
    teams = {team: draw(_allowances("team_day_limit", window, 2)) for team in ("north", "south") if limited}
    kept: dict[Key, tuple[Allowance, ...]] = {team: limits for team, limits in teams.items() if limits}
    return Request(window, rules, grid, needs, draw(st.sampled_from([1, 1, 2, 3])), allowances, kept, chosen)
