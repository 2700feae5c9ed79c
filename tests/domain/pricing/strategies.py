"""Stays around the nights on which clocks are changed, and tariffs of every kind."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.pricing.conditions import Asked, Condition
from holdfast.domain.pricing.effects import Add, Base, Effect, Maximum, Minimum, Percent, PerHour, PerUnit
from holdfast.domain.pricing.tariff import Rule

# A zone and a date on which its clock is changed: in spring, in autumn, by half an hour, at midnight; and none.
NIGHTS = [
    ("Europe/Paris", date(2026, 3, 29)),
    ("Europe/Paris", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Asia/Kolkata", date(2026, 6, 14)),
]
amounts = st.integers(0, 30_000)
times = st.lists(
    st.tuples(st.integers(0, 47).map(lambda n: n * 30), st.integers(0, 47).map(lambda n: n * 30)), max_size=2
)


@st.composite
def stays(draw: st.DrawFn, longest: int = 1800) -> Asked:
    zone, night = draw(st.sampled_from(NIGHTS))
    start = hours.day_start(zone, night) + draw(st.integers(-1500, 1500))
    length = draw(st.sampled_from([15, 60, 90, 95, 480]) | st.integers(1, longest))
    days = [night + timedelta(days=n) for n in range(-2, 4)]
    return Asked(
        zone,
        start,
        start + length,
        start - draw(st.integers(0, 90 * 1440)),
        party=draw(st.integers(1, 9)),
        units={"km": Fraction(draw(st.integers(0, 90_000)), 1000)},
        holidays=frozenset(draw(st.sets(st.sampled_from(days)))),
    )


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """What is asked of the clock."""
    day = st.sampled_from([night + timedelta(days=n) for _, night in NIGHTS for n in (-1, 0, 1)])
    return Condition(
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), max_size=5))),
        times=tuple(draw(times)),
        dates=tuple(draw(st.lists(st.tuples(st.none() | day, st.none() | day), max_size=1))),
        holiday=draw(st.sampled_from([None, None, True, False])),
    )


percents = st.sampled_from([Fraction(25), Fraction(-10), Fraction(25, 2), Fraction(-100), Fraction(0)])
linear: st.SearchStrategy[Effect] = st.one_of(
    amounts.map(PerHour),
    amounts.map(Base),
    amounts.map(lambda amount: PerUnit(amount, "km")),
    amounts.map(lambda amount: PerUnit(amount, "person")),
    percents.map(Percent),
)
every_effect: st.SearchStrategy[Effect] = st.one_of(
    linear,
    st.builds(PerHour, amounts, st.integers(0, 600)),
    st.integers(-20_000, 20_000).map(Add),
    amounts.map(Minimum),
    amounts.map(Maximum),
)


def tariffs(effects: st.SearchStrategy[Effect] = every_effect, most: int = 6) -> st.SearchStrategy[tuple[Rule, ...]]:
    """Rules with different ids; some share a position, some a group."""
    rule = st.builds(
        Rule,
        id=st.uuids().map(str),
        effect=effects,
        condition=conditions(),
        position=st.integers(0, 3),
        group=st.sampled_from(["", "", "price", "night"]),
    )
    return st.lists(rule, max_size=most, unique_by=lambda rule: rule.id).map(tuple)
