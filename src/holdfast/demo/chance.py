"""Seeded chance: the same moment always makes the same demo. Nothing here is a secret."""

import math
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def chance(*parts: object) -> Random:
    """A generator of its own for what the parts name."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - sample data


def weighted(rng: Random, shares: Mapping[T, float]) -> T:
    """One of the keys, by their shares."""
    return rng.choices(list(shares), list(shares.values()))[0]


def poisson(rng: Random, mean: float) -> int:
    """How many happen when `mean` are expected (Knuth, TAOCP vol. 2, 3.4.1)."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def key_at(moment: datetime, rng: Random) -> UUID:
    """A UUIDv7 of that moment, so that rows of the past sort as if they had been written then."""
    value = int(moment.timestamp() * 1000) << 80 | rng.getrandbits(76)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def reference(rng: Random) -> str:
    """A booking's reference, made like core/keys.py makes it."""
    return "".join(rng.choices(_REFERENCE_LETTERS, k=8))
