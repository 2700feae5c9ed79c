"""Rules, in their order, at the time of service, each minute by its own."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import hours
from holdfast.domain.money import ROUNDINGS, Money
from holdfast.domain.pricing.conditions import Asked, Condition, InputMissing, Serving
from holdfast.domain.pricing.effects import Add, Base, ByZones, Effect, Maximum, Minimum, Percent, PerHour, PerUnit
from holdfast.domain.pricing.lines import price_of, rounded
from holdfast.domain.pricing.tariff import Rule, items, ordered
from tests.domain.pricing import oracle
from tests.domain.pricing.strategies import linear, stays, tariffs
from tests.domain.strategies import brief, thorough

PARIS, EUR = "Europe/Paris", "EUR"
FRIDAY, SATURDAY = frozenset({4}), frozenset({5})
NIGHT = ((22 * 60, 6 * 60),)


def at(local: str) -> int:
    return hours.to_minute(PARIS, datetime.fromisoformat(local))


def stay(start: int, minutes: int, **facts: object) -> Asked:
    return Asked(PARIS, start, start + minutes, start - 7 * 1440, **facts)  # type: ignore[arg-type]


def charged(rules: tuple[Rule, ...], asked: Asked) -> list[tuple[str, int]]:
    return [(line.rule, line.amount.amount) for line in rounded(items(rules, asked), EUR, ROUNDINGS["half_up"])]


THURSDAY_NOON = at("2026-03-12 12:00")


def test_half_past_eleven_on_a_friday_pays_each_part_by_its_own_rule() -> None:
    rules = (
        Rule("usual", PerHour(6000), group="price"),
        Rule("friday", PerHour(9000), Condition(FRIDAY), 1, "price"),
        Rule("saturday", PerHour(12_000), Condition(SATURDAY), 1, "price"),
    )
    friday, saturday = items(rules, stay(at("2026-03-13 23:30"), 90))
    assert [(each.rule, int(each.amount)) for each in (friday, saturday)] == [("friday", 4500), ("saturday", 12_000)]
    midnight = at("2026-03-14 00:00")
    assert [friday.spans, saturday.spans] == [((midnight - 30, midnight),), ((midnight, midnight + 60),)]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    rules = (Rule("friday night", PerHour(6000), Condition(FRIDAY, NIGHT)),)
    assert charged(rules, stay(at("2026-03-14 04:00"), 180)) == [("friday night", 12_000)]
    assert charged(rules, stay(at("2026-03-13 04:00"), 180)) == []


@pytest.mark.parametrize(
    ("local", "minutes", "by_day", "by_night"),
    [
        ("2026-03-28 21:00", 600, 3, 7),  # 21:00 to 08:00: at 02:00 it is 03:00
        ("2026-10-24 21:00", 600, 1, 9),  # 21:00 to 06:00: 02:00 comes twice
        ("2026-03-14 21:00", 600, 2, 8),
    ],
)
def test_a_night_with_a_changed_clock_costs_what_it_lasts(local: str, minutes: int, by_day: int, by_night: int) -> None:
    rules = (Rule("day", PerHour(100), group="p"), Rule("night", PerHour(1000), Condition(times=NIGHT), 1, "p"))
    assert charged(rules, stay(at(local), minutes)) == [("day", by_day * 100), ("night", by_night * 1000)]


def test_rules_apply_in_their_order_to_what_those_before_have_charged() -> None:
    more, add = Percent(Fraction(10)), Add(1000)
    first = (Rule("base", Base(10_000)), Rule("percent", more, position=1), Rule("add", add, position=2))
    last = (Rule("base", Base(10_000)), Rule("percent", more, position=2), Rule("add", add, position=1))
    assert charged(first, stay(THURSDAY_NOON, 60)) == [("base", 10_000), ("percent", 1000), ("add", 1000)]
    assert charged(last, stay(THURSDAY_NOON, 60)) == [("base", 10_000), ("add", 1000), ("percent", 1100)]


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Base(5000), [("base", 10_000), ("it", 5000)]),
        (PerHour(5000), [("base", 10_000), ("it", 7500)]),
        (PerHour(5000, 120), [("base", 10_000), ("it", 7500), ("it", 2500)]),
        (PerUnit(500, "person"), [("base", 10_000), ("it", 1500)]),
        (PerUnit(200, "km"), [("base", 10_000), ("it", 2500)]),
        (PerUnit(200, "km", Fraction(10)), [("base", 10_000), ("it", 500)]),
        (PerUnit(200, "km", Fraction(20)), [("base", 10_000), ("it", 0)]),
        (Percent(Fraction(25, 2)), [("base", 10_000), ("it", 1250)]),
        (Percent(Fraction(-20)), [("base", 10_000), ("it", -2000)]),
        (Add(750), [("base", 10_000), ("it", 750)]),
        (Add(-12_000), [("base", 10_000), ("it", -10_000)]),
        (Minimum(12_000), [("base", 10_000), ("it", 2000)]),
        (Minimum(9000), [("base", 10_000)]),
        (Maximum(8000), [("base", 10_000), ("it", -2000)]),
        (Maximum(12_000), [("base", 10_000)]),
        (ByZones({("cdg", "paris"): 6500}), [("base", 10_000), ("it", 6500)]),
        (ByZones({("paris", "cdg"): 6500}), [("base", 10_000), ("it", 6500)]),
        (ByZones({("paris", "cdg"): 6500}, both_ways=False), [("base", 10_000)]),
        (ByZones({("cdg", "lyon"): 6500}), [("base", 10_000)]),
    ],
)
def test_what_each_effect_charges(effect: Effect, expected: list[tuple[str, int]]) -> None:
    asked = stay(
        THURSDAY_NOON, 90, party=3, units={"km": Fraction(25, 2)}, origin=("cdg",), destination=("centre", "paris")
    )
    assert charged((Rule("base", Base(10_000)), Rule("it", effect, position=1)), asked) == expected


def test_an_amount_for_part_of_a_stay_is_shared_by_minutes_unless_the_rule_is_for_all_of_it() -> None:
    night = Condition(times=NIGHT)
    asked = stay(at("2026-03-12 21:00"), 90)  # a third of it is night
    for covers, amount in (("part", 500), ("any", 1500), ("start", None)):
        rules = (Rule("night", Add(1500), night, covers=covers),)  # type: ignore[arg-type]
        assert charged(rules, asked) == ([("night", amount)] if amount else [])
    assert charged((Rule("night", Add(1500), night, covers="start"),), stay(at("2026-03-12 23:00"), 600)) == [
        ("night", 1500)
    ]


def test_the_longest_shortest_time_is_charged_by_the_rule_that_asks_for_it() -> None:
    rules = (
        Rule("friday", PerHour(6000, 120), Condition(FRIDAY)),
        Rule("saturday", PerHour(9000, 180), Condition(SATURDAY)),
    )
    short = stay(at("2026-03-13 23:30"), 60)
    assert charged(rules, short) == [("friday", 3000), ("saturday", 4500), ("saturday", 18_000)]
    assert items(rules, short)[-1].params == {"minutes": 120, "minimum": 180, "when": {"weekdays": [5]}}
    assert charged(rules, stay(at("2026-03-12 23:00"), 60)) == []
    assert charged(rules, stay(at("2026-03-13 22:00"), 180)) == [("friday", 12_000), ("saturday", 9000)]


HOLIDAY = date(2026, 3, 12)
VAN = Serving("vehicle", frozenset({"wheelchair"}), {"seats": 7, "fuel": "electric"})


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(frozenset({3})), True),
        (Condition(FRIDAY), False),
        (Condition(times=((12 * 60, 13 * 60),)), True),
        (Condition(times=((13 * 60, 12 * 60),)), False),
        (Condition(times=((8 * 60, 9 * 60), (11 * 60, 14 * 60))), True),
        (Condition(dates=((date(2026, 3, 12), date(2026, 3, 12)),)), True),
        (Condition(dates=((date(2026, 3, 13), None),)), False),
        (Condition(dates=((None, date(2026, 3, 11)), (date(2026, 3, 12), None))), True),
        (Condition(holiday=True), True),
        (Condition(holiday=True, weekdays=FRIDAY), False),
        (Condition(holiday=False), False),
        (Condition(types=frozenset({"emergency"})), False),
        (Condition(types=frozenset({"standard"})), True),
        (Condition(services=frozenset({"transfer"})), True),
        (Condition(services=frozenset({"tour"})), False),
        (Condition(shortest_notice=7 * 1440), True),
        (Condition(shortest_notice=7 * 1440 + 1), False),
        (Condition(longest_notice=7 * 1440), False),
        (Condition(longest_notice=7 * 1440 + 1), True),
        (Condition(shortest=60, longest=60), True),
        (Condition(shortest=61), False),
        (Condition(smallest_party=3, largest_party=3), True),
        (Condition(largest_party=2), False),
        (Condition(resource_kind="vehicle"), True),
        (Condition(resource_kind="room"), False),
        (Condition(skills=frozenset({"wheelchair"})), True),
        (Condition(skills=frozenset({"english"})), False),
        (Condition(attributes={"seats": 6, "fuel": "electric"}), True),
        (Condition(attributes={"seats": 8}), False),
        (Condition(attributes={"fuel": "diesel"}), False),
        (Condition(attributes={"boat": 1}), False),
        (Condition(origin=frozenset({"cdg", "orly"})), True),
        (Condition(origin=frozenset({"orly"})), False),
        (Condition(destination=frozenset({"paris"})), True),
        (Condition(destination=frozenset({"cdg"})), False),
    ],
)
def test_when_a_rule_applies(condition: Condition, holds: bool) -> None:
    asked = stay(
        THURSDAY_NOON, 60, service="transfer", party=3, serving=(Serving("person"), VAN), origin=("cdg",),
        destination=("paris",), holidays=frozenset({HOLIDAY}),
    )  # fmt: skip
    assert bool(items((Rule("it", Base(1), condition),), asked)) == holds


def test_a_public_holidays_night_runs_into_the_next_day() -> None:
    rules = (Rule("holiday", PerHour(6000), Condition(times=NIGHT, holiday=True)),)
    after = replace(stay(at("2026-12-26 03:00"), 60), holidays=frozenset({date(2026, 12, 25)}))
    assert charged(rules, after) == [("holiday", 6000)]
    assert charged(rules, replace(after, holidays=frozenset({date(2026, 12, 26)}))) == []


def test_a_rule_per_kilometre_asks_how_many() -> None:
    with pytest.raises(InputMissing, match="how many km") as missing:
        items((Rule("it", PerUnit(100, "km")),), stay(THURSDAY_NOON, 60))
    assert missing.value.unit == "km"


def test_what_no_rule_can_be_is_refused() -> None:
    for wrong in (Base(-1), PerHour(-1), Minimum(-1), Maximum(-1), PerUnit(-1, "km"), ByZones({("a", "b"): -1})):
        with pytest.raises(ValueError, match="not negative"):
            Rule("it", wrong)
    with pytest.raises(TypeError, match="whole number"):
        Rule("it", Base(1.5))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="more than everything"):
        Percent(Fraction(-101))
    with pytest.raises(ValueError, match="minimum is not negative"):
        PerHour(1, -1)
    with pytest.raises(ValueError, match="0 \\(Monday\\) to 6"):
        Condition(frozenset({7}))


def test_what_is_said_of_a_rule_fits_into_json() -> None:
    condition = Condition(FRIDAY, NIGHT, ((date(2026, 3, 1), None),), holiday=False, smallest_party=2)
    assert condition.as_params() == {
        "weekdays": [4], "times": [[1320, 360]], "dates": [["2026-03-01", None]], "holiday": False, "smallest_party": 2,
    }  # fmt: skip


@thorough
@given(tariffs(linear, most=4), stays(longest=400))
def test_the_engine_agrees_with_a_walk_over_the_minutes(rules: tuple[Rule, ...], asked: Asked) -> None:
    assert sum((item.amount for item in items(rules, asked)), Fraction(0)) == oracle.total(rules, asked)


@thorough
@given(tariffs(), stays(), st.sampled_from(sorted(ROUNDINGS)))
def test_totals_equal_the_sum_of_their_lines_and_each_line_is_right_to_the_cent(
    rules: tuple[Rule, ...], asked: Asked, name: str
) -> None:
    exact = items(rules, asked)
    price = price_of(rounded(exact, EUR, ROUNDINGS[name]), EUR)
    assert sum(line.amount.amount for line in price.lines) == price.total.amount
    assert price.total == Money(ROUNDINGS[name](sum((item.amount for item in exact), Fraction(0))), EUR)
    assert all(
        abs(line.amount.amount - item.amount) < 1 + (name in ("half_even",))
        for line, item in zip(price.lines, exact, strict=True)
    )
    assert price.total.amount >= 0


@thorough
@given(tariffs(), stays(), st.randoms(use_true_random=False))
def test_the_order_of_rules_is_theirs_and_not_that_of_their_list(
    rules: tuple[Rule, ...], asked: Asked, chance: object
) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert items(shuffled, asked) == items(rules, asked)
    assert ordered(shuffled) == ordered(rules)


per_minute = st.one_of(
    st.integers(0, 30_000).map(PerHour), st.just(Percent(Fraction(25))), st.just(Percent(Fraction(-10)))
)


@thorough
@given(tariffs(per_minute), stays(), st.data())
def test_splitting_a_stay_never_changes_a_linear_price(
    rules: tuple[Rule, ...], asked: Asked, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(asked.start, asked.end))
    halves = [replace(asked, end=cut)] if cut > asked.start else []
    halves += [replace(asked, start=cut)] if cut < asked.end else []
    together = sum((item.amount for item in items(rules, asked)), Fraction(0))
    assert sum((item.amount for half in halves for item in items(rules, half)), Fraction(0)) == together


@brief
@given(tariffs(st.just(PerHour(3333)), most=5), stays(), st.integers(1, 9999))
def test_boundaries_between_rules_of_one_rate_do_not_move_a_cent(
    rules: tuple[Rule, ...], asked: Asked, rate: int
) -> None:
    usual = Rule("usual", PerHour(rate), position=-1, group="price")
    same = [replace(rule, effect=PerHour(rate), group="price") for rule in rules]
    alone = price_of(rounded(items([usual], asked), EUR, ROUNDINGS["half_up"]), EUR)
    assert price_of(rounded(items([usual, *same], asked), EUR, ROUNDINGS["half_up"]), EUR).total == alone.total
