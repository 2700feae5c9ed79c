"""How far it is: an interface, and two who answer it. Whole metres, no floats.

The great circle is computed with decimals of 34 digits, so that every machine gives the same metre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from math import ceil
from typing import Protocol

from holdfast.domain.geography import UNITS_OF_A_DEGREE, Place, Point

# The mean radius of the earth, in metres (IUGG, 1980): (2a + b) / 3 of GRS 80.
RADIUS = Decimal("6371008.7714")
_DIGITS = Context(prec=34, rounding=ROUND_HALF_EVEN)
_PI = Decimal("3.141592653589793238462643383279502884")


class Distances(Protocol):
    """Who knows how far it is from one place to another."""

    def metres(self, origin: Place, destination: Place) -> int | None:
        """The way in metres; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Table:
    """Distances by the ids of two places; the way back is as long unless it is named too."""

    metres_between: Mapping[tuple[str, str], int]

    def metres(self, origin: Place, destination: Place) -> int | None:
        there = self.metres_between.get((origin.id, destination.id))
        return self.metres_between.get((destination.id, origin.id)) if there is None else there


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """As the crow flies, times `detour`: roads are longer (13/10 is a usual guess). Rounded up to the metre."""

    detour: Fraction = Fraction(1)

    def metres(self, origin: Place, destination: Place) -> int | None:
        if origin.point is None or destination.point is None:
            return None
        return ceil(Fraction(great_circle(origin.point, destination.point)) * self.detour)


@dataclass(frozen=True, slots=True)
class FirstKnown:
    """Asks one after the other: a table first, the great circle for what it does not know."""

    providers: tuple[Distances, ...]

    def metres(self, origin: Place, destination: Place) -> int | None:
        answers = (provider.metres(origin, destination) for provider in self.providers)
        return next((metres for metres in answers if metres is not None), None)


def kilometres(metres: int) -> Fraction:
    """As tariffs charge them."""
    return Fraction(metres, 1000)


def great_circle(one: Point, other: Point) -> Decimal:
    """Metres on a sphere, to the millimetre, by the haversine formula."""
    with localcontext(_DIGITS):
        north, south = _radians(one.latitude), _radians(other.latitude)
        across = _radians(other.longitude - one.longitude)
        half = _sin((south - north) / 2) ** 2 + _cos(north) * _cos(south) * _sin(across / 2) ** 2
        angle = 2 * _arcsin(min(Decimal(1), half.sqrt()))
        return (RADIUS * angle).quantize(Decimal("0.001"))


def _radians(units: int) -> Decimal:
    return Decimal(units) * _PI / (180 * UNITS_OF_A_DEGREE)


def _sin(x: Decimal) -> Decimal:
    """Taylor's series; the argument is at most pi."""
    term = total = x
    n = 1
    while abs(term) > Decimal("1e-33"):
        term *= -x * x / ((n + 1) * (n + 2))
        total, n = total + term, n + 2
    return total


def _cos(x: Decimal) -> Decimal:
    return _sin(_PI / 2 - x)


def _arcsin(y: Decimal) -> Decimal:
    """For 0 <= y <= 1, by Newton's method on the sine, begun from the series near its small end."""
    if y > Decimal("0.8"):  # the slope of the sine vanishes at its top: ask for the other angle
        return _PI / 2 - _arcsin((1 - y * y).sqrt())
    x = y
    for _ in range(8):  # digits double with each step
        x -= (_sin(x) - y) / _cos(x)
    return x
