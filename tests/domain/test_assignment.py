"""Who serves: fair to within one turn, the same for the same facts, and never at the cost of a slot."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.assignment import (
    Assignment,
    Facts,
    Ordering,
    Policy,
    after_turn,
    because,
    lot,
    ordered,
    turn_undone,
)
from holdfast.domain.question import Candidate, Need, Request
from holdfast.domain.slots import Placed, decide, offered
from tests.domain.strategies import brief, requests, thorough

weights = st.dictionaries(st.integers(1, 9), st.integers(1, 9), min_size=1, max_size=7)
small = st.integers(0, 3)


def pool(keys: Sequence[int], ranks: Mapping[int, int] | None = None) -> Need:
    return Need("need", tuple(Candidate(key, 1, (0,), rank=(ranks or {}).get(key, 0)) for key in keys))


def next_turn(shares: Mapping[int, int], owed: Mapping[int, int], present: Sequence[int], booking: int = 0) -> int:
    need = pool(present)
    by = Ordering(Policy.ROUND_ROBIN, booking, Facts(weights=shares, owed=owed))
    return int(str(ordered(by, need, need.pool)[0].key))


@st.composite
def orderings(draw: st.DrawFn) -> Ordering:
    keys = st.integers(1, 99)
    return Ordering(
        draw(st.sampled_from(Policy)),
        draw(st.none() | st.integers()),
        Facts(
            weights=draw(st.dictionaries(keys, st.integers(1, 5))),
            owed=draw(st.dictionaries(keys, st.integers(-9, 9))),
            minutes=draw(st.dictionaries(keys, st.tuples(small, small))),
            served=draw(st.dictionaries(keys, small)),
            kept=draw(st.frozensets(keys, max_size=3)),
        ),
    )


@thorough
@given(weights, st.integers())
def test_in_turns_nobody_is_ever_a_whole_turn_from_their_share(shares: Mapping[int, int], booking: int) -> None:
    whole, owed, had = sum(shares.values()), dict.fromkeys(shares, 0), Counter[int]()
    for number in range(1, 2 * whole + 1):
        taken = next_turn(shares, owed, list(shares), booking + number)
        owed = after_turn(owed, shares, taken, list(shares))
        had[taken] += 1
        for key, weight in shares.items():
            assert abs(number * weight - had[key] * whole) < whole
            assert owed[key] == number * weight - had[key] * whole
    assert had == {key: 2 * weight for key, weight in shares.items()}


@thorough
@given(weights, st.data())
def test_who_cannot_serve_neither_earns_a_turn_nor_loses_one(shares: Mapping[int, int], data: st.DataObject) -> None:
    owed = dict.fromkeys(shares, 0)
    for _ in range(30):
        present = data.draw(st.lists(st.sampled_from(sorted(shares)), min_size=1, unique=True))
        before = dict(owed)
        taken = next_turn(shares, owed, present)
        owed = after_turn(owed, shares, taken, present)
        assert sum(owed.values()) == 0
        assert all(owed[key] == before[key] for key in shares if key not in present)
        # Nobody runs ahead while somebody else who could serve has a turn due.
        due = [key for key in present if before[key] + shares[key] > 0]
        assert taken in due or not due


@thorough
@given(weights, st.data())
def test_a_turn_given_back_is_as_if_it_had_not_been(shares: Mapping[int, int], data: st.DataObject) -> None:
    """Whatever happened in between."""
    turns = data.draw(st.lists(st.lists(st.sampled_from(sorted(shares)), min_size=1, unique=True), max_size=6))
    undone = data.draw(st.integers(0, max(0, len(turns) - 1)))
    with_it, without = dict.fromkeys(shares, 0), dict.fromkeys(shares, 0)
    for number, present in enumerate(turns):
        with_it = after_turn(with_it, shares, present[0], present)
        if number != undone:
            without = after_turn(without, shares, present[0], present)
    if turns:
        present = turns[undone]
        assert turn_undone(with_it, {key: shares[key] for key in present}, present[0]) == without


@thorough
@given(orderings(), st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True), st.randoms())
def test_the_order_depends_on_the_facts_and_not_on_how_they_come(by: Ordering, keys: list[int], chance: Random) -> None:
    need = pool(keys, {key: key % 2 for key in keys})
    shuffled = list(need.pool)
    chance.shuffle(shuffled)
    expected = ordered(by, need, need.pool)
    assert ordered(by, Need("need", tuple(shuffled)), shuffled) == expected
    assert sorted(each.key for each in expected) == sorted(keys)


@thorough
@given(requests(), orderings())
def test_every_policy_places_what_is_offered_and_gives_a_reason(request: Request, by: Ordering) -> None:
    on_offer = set(offered(request).minutes())
    for start in range(request.window.origin - 2, request.window.end + 2, 3):
        decision = decide(request, start, by)
        assert isinstance(decision, Placed) == (start in on_offer)
        assert decide(request, start, by) == decision
        if isinstance(decision, Placed):
            made = decision.assignments
            wanted = [need for need in request.needs for _ in range(need.count)]
            for number, (need, each) in enumerate(zip(wanted, made, strict=True)):
                assert each.resource_key in each.among
                reason = because(by, need, each, made[:number])
                assert reason.facts["free"] == len(each.among)


@brief
@given(st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True), st.integers(1, 30), st.sampled_from([30, 60]))
def test_the_least_busy_are_never_more_than_one_booking_apart(keys: list[int], bookings: int, length: int) -> None:
    need, minutes = pool(keys), dict.fromkeys(keys, (0, 0))
    for number in range(bookings):
        first, *_ = ordered(Ordering(Policy.LEAST_BUSY, number, Facts(minutes=minutes)), need, need.pool)
        day, week = minutes[int(str(first.key))]
        minutes[int(str(first.key))] = (day + length, week + length)
    loads = [day for day, _ in minutes.values()]
    assert max(loads) - min(loads) <= length


def test_days_alike_are_told_apart_by_the_week_and_then_by_rank() -> None:
    need = pool([1, 2, 3], {2: 1, 3: 0})
    facts = Facts(minutes={1: (60, 90), 2: (60, 60), 3: (60, 60)})
    assert [each.key for each in ordered(Ordering(Policy.LEAST_BUSY, 5, facts), need, need.pool)] == [3, 2, 1]


@brief
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6, unique=True), st.integers(), st.data())
def test_who_served_last_comes_first_and_else_it_goes_by_rank(
    keys: list[int], booking: int, data: st.DataObject
) -> None:
    need = pool(keys, {key: key % 3 for key in keys})
    by_rank = ordered(Ordering(booking=booking), need, need.pool)
    last, before = data.draw(st.permutations(keys))[:2]
    by = Ordering(Policy.LAST_SEEN, booking, Facts(served={last: 20, before: 10}))
    assert ordered(by, need, need.pool) == sorted(by_rank, key=lambda each: each.key != last)
    others = [each for each in need.pool if each.key != last]
    assert ordered(by, need, others) == [each for each in by_rank if each.key != last]


@brief
@given(st.lists(st.integers(1, 99), min_size=2, max_size=8, unique=True), st.integers())
def test_a_lot_stands_whoever_else_draws(keys: list[int], booking: int) -> None:
    """Rendezvous hashing: that somebody else is busy changes nothing among the rest."""
    need, by = pool(keys), Ordering(booking=booking)
    everybody = ordered(by, need, need.pool)
    for gone in need.pool:
        rest = [each for each in need.pool if each is not gone]
        assert ordered(by, need, rest) == [each for each in everybody if each is not gone]


def test_lots_are_the_same_on_every_machine_and_fall_evenly() -> None:
    assert lot("booking", "resource") == 7984788711164835464
    assert lot(None, "resource") == 0
    need = pool([1, 2, 3, 4, 5])
    firsts = Counter(ordered(Ordering(booking=number), need, need.pool)[0].key for number in range(5000))
    assert min(firsts.values()) > 900
    assert max(firsts.values()) < 1100


def test_several_of_one_need_take_their_turns_one_after_the_other() -> None:
    """Two cleaners for one booking: the second turn knows of the first."""
    need = pool([1, 2, 3])
    by = Ordering(Policy.ROUND_ROBIN, None, Facts(weights={1: 1, 2: 1, 3: 1}))
    first = Assignment("need", 1, (0,), (1, 2, 3))
    rest = [each for each in need.pool if each.key != 1]
    assert ordered(by, need, rest, [first])[0].key == 2
    owed = after_turn(after_turn({}, by.facts.weights, 1, [1, 2, 3]), by.facts.weights, 2, [2, 3])
    assert owed == {1: -2, 2: 0, 3: 2}


def test_the_reason_names_what_decided() -> None:
    need = pool([1, 2, 3], {1: 0, 2: 0, 3: 1})

    def reason(policy: Policy, key: int, among: tuple[int, ...] = (1, 2, 3), **facts: object) -> tuple[str, object]:
        by = Ordering(policy, 7, Facts(**facts))  # type: ignore[arg-type]
        made = because(by, need, Assignment("need", key, (0,), among))
        return made.code, dict(made.facts)

    assert reason(Policy.PRIORITY, 1) == ("lot", {"free": 3, "rank": 0, "equals": 2})
    assert reason(Policy.PRIORITY, 3, (3, 1)) == ("priority", {"free": 2, "rank": 1})
    assert reason(Policy.PRIORITY, 3, (1, 2, 3)) == ("priority", {"free": 3, "rank": 1, "needed_elsewhere": 2})
    assert reason(Policy.PRIORITY, 2, (2,)) == ("only_one", {"free": 1})
    assert reason(Policy.PRIORITY, 1, kept=frozenset({1})) == ("kept", {"free": 3})
    assert reason(Policy.ROUND_ROBIN, 1, (1, 2), weights={1: 3}) == (
        "round_robin",
        {"free": 2, "weight": 3, "shares": {1: 3, 2: 1}},
    )
    assert reason(Policy.LEAST_BUSY, 1, minutes={1: (60, 90)}) == (
        "least_busy",
        {"free": 3, "minutes": 60, "minutes_in_week": 90},
    )
    assert reason(Policy.LAST_SEEN, 1, served={1: 900}) == ("last_seen", {"free": 3, "last_minute": 900})
    assert reason(Policy.LAST_SEEN, 3, (3, 2), served={1: 900}) == (
        "priority",
        {"free": 2, "rank": 1, "acquainted": "not_free"},
    )
    assert reason(Policy.LAST_SEEN, 3, (3, 2)) == ("priority", {"free": 2, "rank": 1, "acquainted": "never"})
