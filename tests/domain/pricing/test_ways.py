"""Prices by zones and distance, and by what serves: whatever the order, the cuts and the side of a border."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.geography import Place, Point, Polygon, Zone, zones_of
from holdfast.domain.pricing.conditions import Asked, Condition, InputMissing, NoPriceForWay, Serving
from holdfast.domain.pricing.effects import Add, Base, ByZones, Percent, PerHour, PerUnit
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.whole import Terms, quote

NAMES = ("a", "b", "c")
names = st.sampled_from(NAMES)
tables = st.dictionaries(st.tuples(names, names), st.integers(0, 99_999), min_size=1, max_size=9)
ends = st.lists(names, max_size=3, unique=True).map(tuple)


def asked(minutes: int = 60, **facts: Any) -> Asked:
    start = 29_000_000 + 20 * 60  # 20:00 UTC on a Friday
    return Asked("Europe/Paris", start, start + minutes, start - 1440, **facts)


def total(rules: Sequence[Rule], stay: Asked) -> int:
    return quote(Terms("EUR", tuple(rules)), stay).price.total.amount


def by_zones(table: Any, **more: Any) -> Rule:
    return Rule("zones", ByZones(table, **more), group="price", position=1)


OWN = Rule("own", Base(5000), group="price", position=0)


@given(tables, ends, ends)
def test_a_table_for_both_ways_prices_a_way_and_its_way_back_alike_unless_it_names_both(
    table: Any, origin: Any, destination: Any
) -> None:
    one_way = {way: price for way, price in table.items() if way[0] <= way[1]}
    if not one_way or len(origin) > 1 or len(destination) > 1:
        return
    there, back = asked(origin=origin, destination=destination), asked(origin=destination, destination=origin)
    assert total([OWN, by_zones(one_way)], there) == total([OWN, by_zones(one_way)], back)


@given(tables, ends, ends, st.booleans())
def test_the_first_pair_of_zones_that_has_a_price_decides(
    table: Any, origin: Any, destination: Any, both_ways: bool
) -> None:
    """Against the table, pair by pair."""
    expected = 5000
    for start in reversed(origin):
        for end in reversed(destination):
            expected = table.get((end, start), expected) if both_ways else expected
            expected = table.get((start, end), expected)
    assert total([OWN, by_zones(table, both_ways=both_ways)], asked(origin=origin, destination=destination)) == expected


@given(tables, ends, ends)
def test_a_table_that_is_all_there_is_refuses_what_it_does_not_name_and_changes_nothing_else(
    table: Any, origin: Any, destination: Any
) -> None:
    stay = asked(origin=origin, destination=destination)
    strict = [OWN, by_zones(table, only=True)]
    if ByZones(table).way(origin, destination) is None:
        with pytest.raises(NoPriceForWay) as caught:
            total(strict, stay)
        assert (caught.value.origin, caught.value.destination) == (origin, destination)
        # A later rule of its group has a price for every way: then nothing is refused.
        assert total([*strict, Rule("later", Base(70), group="price", position=2)], stay) == 70
    else:
        assert total(strict, stay) == total([OWN, by_zones(table)], stay)


@given(tables, ends, ends, st.integers(1, 600), st.fractions(0, 300), st.permutations(range(5)), st.integers(0, 1439))
def test_neither_the_order_of_a_list_nor_a_cut_changes_the_price_of_a_way(
    table: Any, origin: Any, destination: Any, minutes: int, far: Fraction, order: Any, cut: int
) -> None:
    stay = asked(minutes, origin=origin, destination=destination, units={"km": far})
    rules = [
        OWN,
        by_zones(table),
        Rule("km", PerUnit(137, "km", Fraction(5)), position=2),
        Rule("hour", PerHour(3333), position=3),
        Rule("more", Percent(Fraction(25, 2)), position=4),
    ]
    plain = total(rules, stay)
    assert total([rules[number] for number in order], stay) == plain
    # What applies to a part of the stay alone and charges nothing cuts it there.
    nothing = Rule("cut", Percent(Fraction(0)), Condition(times=((cut, (cut + 60) % 1440),)), position=1)
    assert total([*rules, nothing], stay) == plain


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_a_border_belongs_to_both_zones_and_their_order_decides(x: int, y: int) -> None:
    def square(name: str, west: int, east: int) -> Zone:
        corners = tuple(Point.of(*each) for each in ((west, -2), (east, -2), (east, 2), (west, 2), (west, -2)))
        return Zone(name, (Polygon(corners),))

    zones = [square("a", -2, 0), square("b", 0, 2)]
    found = zones_of(Place("it", Point.of(x, y)), zones)
    inside = -2 <= y <= 2
    assert found == tuple(name for name, low, high in (("a", -2, 0), ("b", 0, 2)) if inside and low <= x <= high)
    table = {("a", "c"): 100, ("b", "c"): 200}
    price = total([OWN, by_zones(table)], asked(origin=found, destination=("c",)))
    assert price == {(): 5000, ("a",): 100, ("a", "b"): 100, ("b",): 200}[found]


def test_a_distance_that_nobody_has_said_is_named() -> None:
    with pytest.raises(InputMissing, match="km"):
        total([Rule("km", PerUnit(200, "km"))], asked())


attributes = st.dictionaries(st.sampled_from(("seats", "fuel")), st.one_of(st.integers(0, 3), names), max_size=2)
servings = st.builds(
    Serving, st.sampled_from(("person", "vehicle")), st.frozensets(names, max_size=2), attributes
)  # fmt: skip


@given(st.lists(servings, max_size=3), servings)
def test_a_rule_about_what_serves_applies_if_one_of_them_has_all_that_it_asks(
    serving: list[Serving], wanted: Serving
) -> None:
    rule = Rule(
        "more", Add(100),
        Condition(resource_kind=wanted.kind, skills=wanted.skills, attributes=wanted.attributes), position=2,
    )  # fmt: skip

    def fits(each: Serving) -> bool:
        for name, value in wanted.attributes.items():
            has = each.attributes.get(name)
            if isinstance(value, str):
                if has != value:
                    return False
            elif not isinstance(has, int) or has < value:
                return False
        return each.kind == wanted.kind and wanted.skills <= each.skills

    stay = replace(asked(), serving=tuple(serving))
    assert total([OWN, rule], stay) == (5100 if any(fits(each) for each in serving) else 5000)
