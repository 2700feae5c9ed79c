"""Where something is: points, and zones as GeoJSON draws them (RFC 7946). Integers only.

A coordinate is a whole number of ten-millionths of a degree (about a centimetre), read from decimal text and never
from a float. Whether a point lies in a polygon is then decided exactly, by the signs of integer products: edges are
straight lines of longitude and latitude, as the RFC has them. A point on an edge, outer or inner, or on a corner is
inside; so a point on the border of two zones lies in both, and their order decides.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, NamedTuple

UNITS_OF_A_DEGREE = 10_000_000


class Point(NamedTuple):
    """Longitude (east is positive) and latitude (north), in ten-millionths of a degree: GeoJSON's order."""

    longitude: int
    latitude: int

    @classmethod
    def of(cls, longitude: Decimal | int | str, latitude: Decimal | int | str) -> "Point":
        """Of degrees. Raises TypeError for a float, ValueError for what is no place on earth."""
        return cls(_units(longitude, 180), _units(latitude, 90))


Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Polygon:
    """An outer ring and holes; each ring closed, its first point being its last."""

    outer: Ring
    holes: tuple[Ring, ...] = ()

    def __post_init__(self) -> None:
        for ring in (self.outer, *self.holes):
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise ValueError("a ring has four positions at least, and ends where it begins")

    def contains(self, point: Point) -> bool:
        """Whether the point lies inside or on an edge."""
        if not _in_or_on(self.outer, point):
            return False
        return all(_on_edge(hole, point) or not _inside(hole, point) for hole in self.holes)


@dataclass(frozen=True, slots=True)
class Zone:
    """A tariff zone: the area of its polygons."""

    id: str
    polygons: tuple[Polygon, ...]

    def contains(self, point: Point) -> bool:
        return any(polygon.contains(point) for polygon in self.polygons)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. Zones that it is said to be in come before those in whose area its point lies."""

    id: str
    point: Point | None = None
    zones: tuple[str, ...] = ()


def zones_of(place: Place, zones: Iterable[Zone]) -> tuple[str, ...]:
    """The ids of the zones that a place lies in: its own, then by area in the order of `zones`."""
    point = place.point
    by_area = (zone.id for zone in zones if point is not None and zone.contains(point))
    return tuple(dict.fromkeys([*place.zones, *by_area]))


def polygons_of(text: str) -> tuple[Polygon, ...]:
    """The polygons of a GeoJSON Polygon, MultiPolygon, or a Feature or FeatureCollection of them.

    Raises ValueError for anything else. A zone across the 180th meridian is two polygons (RFC 7946, 3.1.9).
    """
    try:
        return tuple(_polygons(json.loads(text, parse_float=Decimal, parse_constant=_no_number)))
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError, InvalidOperation) as error:
        raise ValueError("not a GeoJSON polygon") from error


def _polygons(shape: Any) -> list[Polygon]:
    kind = shape["type"]
    if kind == "Feature":
        return _polygons(shape["geometry"])
    if kind == "FeatureCollection":
        return [polygon for feature in shape["features"] for polygon in _polygons(feature)]
    if kind == "Polygon":
        return [_polygon(shape["coordinates"])]
    if kind == "MultiPolygon":
        return [_polygon(rings) for rings in shape["coordinates"]]
    raise ValueError(f"a zone is a polygon, not a {kind}")


def _polygon(rings: Sequence[Sequence[Sequence[Any]]]) -> Polygon:
    outer, *holes = (tuple(Point.of(position[0], position[1]) for position in ring) for ring in rings)
    return Polygon(outer, tuple(holes))


def _units(degrees: Decimal | int | str, most: int) -> int:
    if isinstance(degrees, float | bool):
        raise TypeError(f"a coordinate is exact, not {degrees!r}")
    value = Decimal(degrees)
    if not value.is_finite() or abs(value) > most:
        raise ValueError(f"{degrees} is not within {most} degrees")
    return int((value * UNITS_OF_A_DEGREE).to_integral_value(ROUND_HALF_EVEN))


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no coordinate")


def _side(a: Point, b: Point, point: Point) -> int:
    """Positive left of the line from a to b, negative right of it, 0 on it."""
    return (b.longitude - a.longitude) * (point.latitude - a.latitude) - (b.latitude - a.latitude) * (
        point.longitude - a.longitude
    )


def _on_edge(ring: Ring, point: Point) -> bool:
    return any(
        _side(a, b, point) == 0
        and min(a.longitude, b.longitude) <= point.longitude <= max(a.longitude, b.longitude)
        and min(a.latitude, b.latitude) <= point.latitude <= max(a.latitude, b.latitude)
        for a, b in pairwise(ring)
    )


def _inside(ring: Ring, point: Point) -> bool:
    """Even-odd: how many edges a ray to the east crosses. An edge owns its lower end and not its upper one."""
    odd = False
    for a, b in pairwise(ring):
        if (a.latitude <= point.latitude) != (b.latitude <= point.latitude):
            odd ^= (_side(a, b, point) > 0) == (b.latitude > a.latitude)
    return odd


def _in_or_on(ring: Ring, point: Point) -> bool:
    return _on_edge(ring, point) or _inside(ring, point)
