"""Slots: the page and the commit agree, with each other and with brute force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.assignment import Ordering
from holdfast.domain.calendar_bits import Window, full, span
from holdfast.domain.slots import (
    Assignment,
    Candidate,
    Need,
    Placed,
    Refused,
    Request,
    Rules,
    alternatives,
    decide,
    explain,
    offered,
    padded_window,
)
from tests.domain import oracle
from tests.domain.strategies import brief, requests, thorough


def judged(request: Request) -> range:
    """Every start of the window and a few on either side."""
    return range(request.window.origin - 8, request.window.end + 8)


@thorough
@given(requests())
def test_offered_starts_are_those_brute_force_finds(request: Request) -> None:
    expected = [start for start in judged(request) if oracle.verdict(request, start) == "placed"]
    assert offered(request).minutes() == expected


@thorough
@given(requests(), st.none() | st.integers())
def test_what_is_offered_is_placed_and_nothing_else(request: Request, seed: int | None) -> None:
    by = Ordering(booking=seed)
    on_offer = set(offered(request).minutes())
    for start in judged(request):
        assert isinstance(decide(request, start, by), Placed) == (start in on_offer)


@thorough
@given(requests())
def test_a_refusal_names_the_first_rule_that_refuses(request: Request) -> None:
    for start in judged(request):
        decision = decide(request, start)
        code = decision.code if isinstance(decision, Refused) else "placed"
        assert code == oracle.verdict(request, start)


@brief
@given(requests(), st.integers())
def test_a_placement_takes_distinct_resources_with_free_lanes(request: Request, seed: int) -> None:
    for start in offered(request).minutes():
        decision = decide(request, start, Ordering(booking=seed))
        assert isinstance(decision, Placed)
        taken = [assignment.resource_key for assignment in decision.assignments]
        assert len(set(taken)) == len(taken) == sum(need.count for need in request.needs)
        assert request.chosen is None or request.chosen in taken
        filled = [need for need in request.needs for _ in range(need.count)]
        for need, assignment in zip(filled, decision.assignments, strict=True):
            assert assignment.need_key == need.key
            [candidate] = [c for c in need.pool if c.key == assignment.resource_key]
            assert oracle.fits(request, need, candidate)
            assert oracle.is_open(request, candidate, start)
            assert set(assignment.lanes) <= set(oracle.free_lanes(request, candidate, start))
            assert len(set(assignment.lanes)) == len(assignment.lanes) == oracle.wanted(request, need)


@thorough
@given(requests(mixed=False))
def test_remaining_is_how_often_the_booking_still_fits(request: Request) -> None:
    answer = offered(request)
    for start in judged(request):
        often = oracle.how_often(request, start)
        if request.teams and sum(need.count for need in request.needs) > 1:  # several resources: no less than is true
            assert often <= answer.remaining(start) <= oracle.how_often(request.without_limits(), start)
        else:
            assert answer.remaining(start) == often


@brief
@given(requests())
def test_remainders_are_what_remaining_says_of_each_start(request: Request) -> None:
    answer = offered(request)
    assert answer.remainders() == [answer.remaining(start) for start in answer.minutes()]
    assert all(count >= 1 for count in answer.remainders())


@brief
@given(requests(), st.integers(-20, 110), st.integers(1, 6))
def test_alternatives_are_the_nearest_starts_on_offer(request: Request, wished: int, limit: int) -> None:
    around = request.window.origin + wished
    others = [start for start in offered(request).minutes() if start != around]
    assert alternatives(request, around, limit) == sorted(others, key=lambda m: (abs(m - around), m))[:limit]


@brief
@given(requests())
def test_the_explanation_says_of_each_resource_what_is_true(request: Request) -> None:
    for start in range(request.window.origin, request.window.end, 7):
        facts = iter(explain(request, start))
        for need in request.needs:
            for candidate in need.pool:
                fact = next(facts)
                assert (fact.need_key, fact.resource_key) == (need.key, candidate.key)
                assert fact.fits_party == oracle.fits(request, need, candidate)
                assert fact.open == oracle.is_open(request, candidate, start)
                assert fact.lanes == len(candidate.busy)
                assert list(fact.free_lanes) == oracle.free_lanes(request, candidate, start)
                rules = oracle.rules_of(request, candidate)
                assert (fact.in_time, fact.in_reach) == (start >= rules.earliest, start <= rules.latest)
                assert fact.own == candidate.rules


# --- promises, one example each -------------------------------------------------------------------------------------

WINDOW = Window(0, 600)
OPEN = span(WINDOW, 60, 540)


def rules(*, duration: int = 60, before: int = 0, after: int = 0, earliest: int = 0, latest: int = 600) -> Rules:
    return Rules(duration, 30, before, after, earliest, latest)


def ask(*needs: Need, party: int = 1, by: Rules | None = None) -> Request:
    return Request(WINDOW, by or rules(), sum(1 << i for i in range(0, 600, 30)), needs, party)


def person(key: str, *busy: tuple[int, int], rank: int = 0, opened: int = OPEN) -> Candidate:
    return Candidate(key, opened, (sum(span(WINDOW, *period) for period in busy),), rank=rank)


def van(key: str, seats: int, taken: int = 0) -> Candidate:
    return Candidate(key, OPEN, (full(WINDOW),) * taken + (0,) * (seats - taken))


def test_a_slot_fits_exactly_between_two_bookings_and_their_buffers() -> None:
    request = ask(Need("barber", (person("ann", (60, 170), (250, 540)),)), by=rules(before=10, after=10))
    assert offered(request).minutes() == [180]


def test_buffers_may_lie_outside_working_hours_but_the_service_may_not() -> None:
    request = ask(Need("barber", (person("ann"),)), by=rules(duration=480, before=30, after=30))
    assert offered(request).minutes() == [60]


def test_a_buffer_beyond_the_window_counts_as_busy() -> None:
    request = ask(Need("barber", (person("ann", opened=full(WINDOW)),)), by=rules(duration=570, before=30))
    assert offered(request).minutes() == [30]
    assert decide(request, 0) == Refused("slot_taken", "busy", "barber")


def test_refusals_come_in_their_order() -> None:
    full_class = Need("seat", (van("bus", 3, taken=3),), per_person=True)
    by = rules(earliest=90, latest=300)
    assert decide(ask(full_class, party=4, by=by), 0) == Refused("party_too_large", "", "seat")
    assert decide(ask(full_class, by=by), 30) == Refused("too_soon")
    assert decide(ask(full_class, by=by), 330) == Refused("too_far")
    assert decide(ask(full_class, by=by), 100) == Refused("outside_hours", "off_grid")
    assert decide(ask(Need("barber", (person("ann", opened=0),)), by=by), 120) == Refused(
        "outside_hours", "closed", "barber"
    )
    assert decide(ask(full_class, by=by), 120) == Refused("slot_taken", "busy", "seat")


def test_one_person_cannot_fill_two_needs() -> None:
    both = ask(Need("driver", (person("ann"),)), Need("guide", (person("ann"),)))
    assert offered(both).bits == 0
    assert decide(both, 60) == Refused("outside_hours", "closed", None)


def test_the_versatile_one_is_left_to_the_need_only_they_can_fill() -> None:
    ann, ben = person("ann"), person("ben")
    request = ask(Need("driver", (ann, ben)), Need("guide", (ann,)))
    assert decide(request, 60) == Placed((Assignment("driver", "ben", (0,)), Assignment("guide", "ann", (0,))))
    assert offered(request).remaining(60) == 1


def test_an_empty_pool_offers_nothing_and_says_closed() -> None:
    request = ask(Need("driver", ()))
    assert offered(request).minutes() == []
    assert decide(request, 60) == Refused("outside_hours", "closed", "driver")


def test_a_service_that_nobody_serves_is_not_on_offer() -> None:
    request = ask()
    assert offered(request).minutes() == offered(request).remainders() == []
    assert decide(request, 90) == Refused("outside_hours", "closed", None)


def test_a_party_sits_together_in_one_van() -> None:
    request = ask(Need("seats", (van("a", 4, taken=2), van("b", 8, taken=5)), per_person=True), party=3)
    assert decide(request, 60) == Placed((Assignment("seats", "b", (5, 6, 7)),))
    assert offered(request).remaining(60) == 1


def test_remaining_counts_parties_not_seats() -> None:
    request = ask(Need("seats", (van("a", 7), van("b", 4, taken=1)), per_person=True), party=2)
    assert offered(request).remaining(60) == 3 + 1


def test_remaining_of_a_bundle_is_that_of_its_scarcest_need() -> None:
    drivers = tuple(person(name) for name in "abc")
    request = ask(Need("driver", drivers), Need("vehicle", (person("x"), person("y"))))
    assert offered(request).remaining(60) == 2


def test_remaining_of_overlapping_pools_counts_nobody_twice() -> None:
    pool = tuple(person(name) for name in "abcde")
    assert offered(ask(Need("one", pool), Need("two", pool))).remaining(60) == 2


def test_the_lowest_rank_is_taken_first_and_equals_by_key() -> None:
    pool = (person("zoe"), person("ben"), person("ann", rank=1))
    assert decide(ask(Need("barber", pool)), 60) == Placed((Assignment("barber", "ben", (0,)),))


def test_lots_spread_load_over_equals_but_never_over_ranks() -> None:
    pool = (person("ann"), person("ben"), person("cid", rank=1))
    chosen = set()
    for seed in range(40):
        decision = decide(ask(Need("barber", pool)), 60, Ordering(booking=seed))
        assert isinstance(decision, Placed)
        chosen.add(decision.assignments[0].resource_key)
    assert chosen == {"ann", "ben"}


def test_lots_spread_racers_over_lanes() -> None:
    request = ask(Need("mat", (van("room", 12, taken=4),)))
    lanes = set()
    for seed in range(100):
        decision = decide(request, 60, Ordering(booking=seed))
        assert isinstance(decision, Placed)
        lanes |= set(decision.assignments[0].lanes)
    assert lanes == set(range(4, 12))


def test_the_same_booking_decides_the_same() -> None:
    request = ask(Need("barber", tuple(person(str(number)) for number in range(9))))
    assert decide(request, 60, Ordering(booking=7)) == decide(request, 60, Ordering(booking=7))


@pytest.mark.parametrize(("before", "after"), [(0, 0), (15, 0), (0, 20), (15, 20)])
@pytest.mark.parametrize("count", [0, 1, 2, 96])
def test_a_padded_window_offers_the_starts_it_was_made_for_and_no_other(before: int, after: int, count: int) -> None:
    """Always open, every minute a start: the first minute of the next day is not today's."""
    by = Rules(duration=60, step=30, buffer_before=before, buffer_after=after, earliest=0, latest=10_000)
    window = padded_window(1000, 1000 + count, by)
    always = Candidate("ann", full(window), (0,))
    request = Request(window, by, full(window), (Need("barber", (always,)),))
    assert offered(request).minutes() == list(range(1000, 1000 + count))


@pytest.mark.parametrize("wrong", [{"duration": 0}, {"step": 0}, {"buffer_before": -1}, {"buffer_after": -1}])
def test_impossible_rules_are_refused(wrong: dict[str, int]) -> None:
    possible = {"duration": 1, "step": 1, "buffer_before": 0, "buffer_after": 0, "earliest": 0, "latest": 0}
    with pytest.raises(ValueError, match="impossible rules"):
        Rules(**{**possible, **wrong})


def test_a_party_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        ask(party=0)
