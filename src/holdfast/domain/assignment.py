"""Who serves? The order in which a policy asks the resources that are free, and why the one it got was taken.

Nothing here is left to chance: equals are told apart by a lot drawn from the booking's own id (rendezvous hashing,
Thaler and Ravishankar 1998), so the same booking and the same facts always give the same resource, load spreads, and
two bookings that race for the same place part ways. docs/algorithms/assignment.md is the specification.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from holdfast.domain.question import Candidate, Key, Need

K = TypeVar("K")


class Policy(StrEnum):
    """How a service chooses among the resources that are free."""

    PRIORITY = "priority"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"
    LAST_SEEN = "last_seen"


@dataclass(frozen=True, slots=True)
class Assignment:
    """This need is served by these lanes of this resource; `among`: all that were free, in the order of asking."""

    need_key: Key
    resource_key: Key
    lanes: tuple[int, ...]
    among: tuple[Key, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the policies go by; each needs its own part only.

    `owed`: by the rotation to each, in weights (see `after_turn`). `minutes`: occupied on the local day and in
    its week. `served`: the minute at which the customer was last served by each. `kept`: what the booking already has.
    """

    weights: Mapping[Any, int] = field(default_factory=dict)
    owed: Mapping[Any, int] = field(default_factory=dict)
    minutes: Mapping[Any, tuple[int, int]] = field(default_factory=dict)
    served: Mapping[Any, int] = field(default_factory=dict)
    kept: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Ordering:
    """A policy with what it goes by. `booking` draws the lots; without one, equals come in the order of their keys."""

    policy: Policy = Policy.PRIORITY
    booking: Key | None = None
    facts: Facts = Facts()


BY_KEY = Ordering()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a resource was taken: a code of docs/algorithms/assignment.md and its facts."""

    code: str
    facts: Mapping[str, Any]


def lot(booking: Key | None, resource: Key) -> int:
    """The number that this booking draws for this resource: 64 bits, the same on every machine; 0 without a booking."""
    if booking is None:
        return 0
    digest = hashlib.blake2b(f"{booking}\x1f{resource}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def ordered(by: Ordering, need: Need, free: Sequence[Candidate], made: Sequence[Assignment] = ()) -> list[Candidate]:
    """The free candidates of a need in the order in which they are asked; `made`: what was assigned before them.

    What the booking already has comes first, so that a move disturbs nobody. Then the policy's order; equals by rank,
    then by lot.
    """
    if len(free) < 2:
        return list(free)
    if by.booking is None:
        free = sorted(free, key=lambda each: each.key)
    first = _KEYS[by.policy](by, need, free, made)
    kept, booking = by.facts.kept, by.booking
    return sorted(free, key=lambda each: (each.key not in kept, first(each), each.rank, lot(booking, each.key)))


def after_turn(owed: Mapping[K, int], weights: Mapping[K, int], taken: K, among: Sequence[K]) -> dict[K, int]:
    """What the rotation owes after one turn, given to `taken`, that all `among` could have had.

    Everybody who could serve earns their weight, and who serves pays the sum of those weights: what is owed to all
    stays zero in sum, and who could not serve neither earns nor pays. For a constant round, what a resource is owed is
    its fair share of turns less the turns it had, times the sum of weights.
    """
    after = dict(owed)
    for key in among:
        after[key] = after.get(key, 0) + weights.get(key, 1)
    after[taken] = after.get(taken, 0) - sum(weights.get(key, 1) for key in among)
    return after


def turn_undone(owed: Mapping[K, int], weights: Mapping[K, int], taken: K) -> dict[K, int]:
    """What is owed as if `after_turn` with these weights (of all who could serve then) had not been."""
    after = {key: owed.get(key, 0) - weights.get(key, 0) for key in {*owed, *weights}}
    after[taken] += sum(weights.values())
    return after


def because(by: Ordering, need: Need, assignment: Assignment, made: Sequence[Assignment] = ()) -> Reason:
    """Why this assignment of `need`, made after `made`, is as it is."""
    among, key = assignment.among, assignment.resource_key
    facts: dict[str, Any] = {"free": len(among)}
    if ahead := among.index(key):
        facts["needed_elsewhere"] = ahead
    if key in by.facts.kept:
        return Reason("kept", facts)
    if len(among) == 1:
        return Reason("only_one", facts)
    code, more = _WORDS[by.policy](by, need, assignment, made)
    return Reason(code, {**facts, **more})


_First = Callable[[Candidate], Any]


def _by_rank(_by: Ordering, _need: Need, _free: Sequence[Candidate], _made: Sequence[Assignment]) -> _First:
    return lambda _each: 0


def _by_turn(by: Ordering, _need: Need, free: Sequence[Candidate], made: Sequence[Assignment]) -> _First:
    """Of those to whom a turn is due, whoever must have it soonest.

    A turn is due from the moment at which the fair share begins it, and must come before the share has run past it:
    earliest deadline first among those keeps everybody less than one turn from their share, at any time and for any
    weights (Baruah, Cohen, Plaxton and Varvel 1996). The usual "most owed first" does not.
    """
    weights, owed = by.facts.weights, owed_after(by, made)
    whole = sum(weights.get(each.key, 1) for each in free)

    def first(each: Candidate) -> tuple[bool, Fraction]:
        weight = weights.get(each.key, 1)
        credit = owed.get(each.key, 0) + weight
        return credit <= 0, Fraction(whole - credit, weight)

    return first


def owed_after(by: Ordering, made: Sequence[Assignment]) -> Mapping[Key, int]:
    """What the rotation owes once these assignments have been made; what was kept took no turn."""
    owed = by.facts.owed
    for each in made:
        if each.resource_key not in by.facts.kept:
            owed = after_turn(owed, by.facts.weights, each.resource_key, each.among)
    return owed


def _by_load(by: Ordering, _need: Need, _free: Sequence[Candidate], _made: Sequence[Assignment]) -> _First:
    return lambda each: by.facts.minutes.get(each.key, (0, 0))


def _by_acquaintance(by: Ordering, need: Need, _free: Sequence[Candidate], _made: Sequence[Assignment]) -> _First:
    last = last_seen(by.facts, need)
    return lambda each: each.key != last


def last_seen(facts: Facts, need: Need) -> Key | None:
    """Whoever of the pool served the customer last, free or not; None when nobody did."""
    known = [each.key for each in need.pool if each.key in facts.served]
    return max(known, key=lambda key: (facts.served[key], key), default=None)


def _of_rank(by: Ordering, need: Need, made: Assignment, _before: Sequence[Assignment]) -> tuple[str, dict[str, Any]]:
    ranks = {each.key: each.rank for each in need.pool}
    rank = ranks[made.resource_key]
    equals = sum(ranks[each] == rank for each in made.among)
    return ("lot", {"rank": rank, "equals": equals}) if equals > 1 else ("priority", {"rank": rank})


def _of_turn(by: Ordering, _need: Need, made: Assignment, _before: Sequence[Assignment]) -> tuple[str, dict[str, Any]]:
    shares = {each: by.facts.weights.get(each, 1) for each in made.among}
    return "round_robin", {"weight": shares[made.resource_key], "shares": shares}


def _of_load(by: Ordering, _need: Need, made: Assignment, _before: Sequence[Assignment]) -> tuple[str, dict[str, Any]]:
    day, week = by.facts.minutes.get(made.resource_key, (0, 0))
    return "least_busy", {"minutes": day, "minutes_in_week": week}


def _of_acquaintance(
    by: Ordering, need: Need, made: Assignment, before: Sequence[Assignment]
) -> tuple[str, dict[str, Any]]:
    last = last_seen(by.facts, need)
    if last == made.resource_key:
        return "last_seen", {"last_minute": by.facts.served[last]}
    code, facts = _of_rank(by, need, made, before)
    return code, {**facts, "acquainted": "never" if last is None else "not_free"}


_KEYS: Mapping[Policy, Callable[[Ordering, Need, Sequence[Candidate], Sequence[Assignment]], _First]] = {
    Policy.PRIORITY: _by_rank,
    Policy.ROUND_ROBIN: _by_turn,
    Policy.LEAST_BUSY: _by_load,
    Policy.LAST_SEEN: _by_acquaintance,
}
_WORDS: Mapping[Policy, Callable[[Ordering, Need, Assignment, Sequence[Assignment]], tuple[str, dict[str, Any]]]] = {
    Policy.PRIORITY: _of_rank,
    Policy.ROUND_ROBIN: _of_turn,
    Policy.LEAST_BUSY: _of_load,
    Policy.LAST_SEEN: _of_acquaintance,
}
