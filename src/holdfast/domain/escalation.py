"""Whom an alert goes to, and whom next while nobody takes care of it: a ladder that is climbed one rung at a time."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from enum import IntEnum
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)


class Rung(IntEnum):
    """Who is told, nearest first."""

    DUTY = 0
    MANAGERS = 1
    OWNERS = 2
    ORGANIZATION = 3


Ladder = Mapping[Rung, Collection[Person]]


def first_told(ladder: Ladder[Person]) -> tuple[Rung, tuple[Person, ...]]:
    """Those on duty; where nobody is, everybody at once, and the ladder is at its end."""
    if ladder.get(Rung.DUTY):
        return Rung.DUTY, _each_once(ladder[Rung.DUTY])
    return max(Rung), _each_once(person for rung in Rung for person in ladder.get(rung, ()))


def next_told(ladder: Ladder[Person], after: Rung, told: Collection[Person]) -> tuple[Rung, tuple[Person, ...]] | None:
    """The next rung with somebody who was not told yet, and they; None when nobody is left."""
    for rung in Rung:
        fresh = _each_once(person for person in ladder.get(rung, ()) if person not in told)
        if rung > after and fresh:
            return rung, fresh
    return None


def _each_once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(people))
