"""What a booking can be made of, and the few worlds in which every pair of it meets (docs/composition.md)."""

from collections.abc import Mapping
from itertools import combinations

# Feature → its levels, the plainest first. A row of the covering array picks one of each.
FEATURES: Mapping[str, tuple[str, ...]] = {
    "resources": ("one person", "a person and a vehicle", "two people", "a vehicle with 6 seats"),
    "party": ("one", "three, a place each"),
    "duration": ("fixed", "chosen"),
    "buffers": ("of the service", "of the resource"),
    "choice": ("whoever is free", "a preferred member"),
    "limit": ("none", "of the team and day", "of the service and day", "of the customer and week"),
    "type": ("standard", "emergency"),
    "assignment": ("priority", "round robin", "least busy", "last seen"),
    "approval": ("at once", "by staff"),
    "way": ("directly", "through a hold", "from the waiting list", "a series of four"),
    "actor": ("customer", "staff"),
    "day": ("ordinary", "clocks forward", "clocks back", "across midnight"),
    "attendees": ("unnamed", "named"),
    "extras": ("none", "two of five"),
    "places": ("not asked", "priced from zone to zone"),
    "tariff": ("none", "dearer at night"),
    "promotion": ("none", "for everybody", "with a code, once"),
}
# What cannot meet, and why: said in the published table, not left out in silence.
IMPOSSIBLE: Mapping[tuple[tuple[str, str], tuple[str, str]], str] = {
    (("type", "emergency"), ("way", "a series of four")): "an emergency happens once",
    (("type", "emergency"), ("way", "from the waiting list")): "an emergency does not wait",
    (
        ("way", "a series of four"),
        ("promotion", "with a code, once"),
    ): "a series takes no code, but what everybody gets",
    (
        ("way", "from the waiting list"),
        ("promotion", "with a code, once"),
    ): "who waits has entered no code",
}
Level = tuple[str, str]
Pair = tuple[Level, Level]
Row = dict[str, str]


def rows() -> list[Row]:
    """The covering array: every pair of levels that can meet does so in at least one row. Always the same.

    Greedy, one row at a time, as AETG does (Cohen et al., 1997): begin with a pair that no row has yet, then give each
    other feature the level that brings most new pairs. The packages for this drop pairs where some cannot meet.
    """
    missing = [pair for pair in pairs() if pair not in IMPOSSIBLE]
    found: list[Row] = []
    while missing:
        row = _row(missing)
        found.append(row)
        missing = [pair for pair in missing if not has(row, pair)]
    return found


def pairs() -> list[Pair]:
    """Every pair of levels of two features, in the order of FEATURES."""
    return [
        ((one, level), (other, its_level))
        for one, other in combinations(FEATURES, 2)
        for level in FEATURES[one]
        for its_level in FEATURES[other]
    ]


def has(row: Row, pair: Pair) -> bool:
    return all(row.get(feature) == level for feature, level in pair)


def _row(missing: list[Pair]) -> Row:
    row = dict(missing[0])
    for feature, levels in FEATURES.items():
        if feature in row:
            continue
        able = [level for level in levels if not any(has(row | {feature: level}, pair) for pair in IMPOSSIBLE)]
        row[feature] = max(able, key=lambda level: _news(row, (feature, level), missing))  # the first of equals
    return {feature: row[feature] for feature in FEATURES}


def _news(row: Row, chosen: Level, missing: list[Pair]) -> int:
    """How many missing pairs the level makes with what the row has; those it may still make count a little less."""
    new = sum(2 for pair in missing if chosen in pair and has(row | dict([chosen]), pair))
    return new * len(missing) + sum(1 for pair in missing if chosen in pair)
