"""Is a drawn zone one? What people paste from a map is checked before it decides about prices (RFC 7946).

A ring must be closed, must not cross or touch itself, and its holes must not cross it; coordinates are WGS 84,
longitude first. Who swapped the two draws a zone on another continent: that is seen by who knows where the business is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from holdfast.domain.geography import UNITS_OF_A_DEGREE, Point, Polygon, Ring, polygons_of

MOST_POINTS = 2_000
# The names that GeoJSON's former edition (2008) gave to the one system that is left of it.
WGS84 = frozenset(
    {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"}
)
# As far from home, in degrees of either coordinate, as a business draws its zones.
FAR = 15 * UNITS_OF_A_DEGREE

Edge = tuple[Point, Point]


class BadDrawing(ValueError):
    """Why a drawing is no zone; `params`: what belongs to it, such as where (`at`: "longitude, latitude").

    `code`: unreadable, empty, not_a_polygon, other_system, out_of_range, swapped, too_many_points, open_ring,
    too_few_points, crosses_itself or hole_crosses.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read_drawing(text: str, home: Point | None = None) -> tuple[Polygon, ...]:
    """The polygons of a zone as GeoJSON, checked. `home`: about where the business is. Raises BadDrawing."""
    shape = _parsed(text)
    rings = [ring for polygon in _coordinates(shape) for ring in polygon]
    count = sum(len(ring) for ring in rings)
    if not count:
        raise BadDrawing("empty")
    if count > MOST_POINTS:
        raise BadDrawing("too_many_points", count=count, most=MOST_POINTS)
    for ring in rings:
        _check_ring(ring)
    try:
        polygons = polygons_of(text)
    except (ValueError, TypeError):
        raise BadDrawing("unreadable") from None
    if home is not None and _is_swapped(polygons, home):
        raise BadDrawing("swapped", at=words(polygons[0].outer[0]))
    for polygon in polygons:
        _check_simple(polygon)
    return polygons


def drawing_of(polygons: Sequence[Polygon]) -> str:
    """The same as one GeoJSON MultiPolygon, which is how a zone is kept."""
    rings = [[[_position(point) for point in ring] for ring in (each.outer, *each.holes)] for each in polygons]
    return '{"type": "MultiPolygon", "coordinates": ' + json.dumps(rings).replace('"', "") + "}"


def words(point: Point) -> str:
    """ "2.3522, 48.8566": longitude first, as it stands in the drawing."""
    return ", ".join(_position(point))


def _position(point: Point) -> list[str]:
    return [_degrees(each) for each in point]


def _degrees(units: int) -> str:
    return format((Decimal(units) / UNITS_OF_A_DEGREE).normalize(), "f")


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        shape = json.loads(text, parse_float=Decimal, parse_constant=lambda _text: None)
    except (ValueError, RecursionError):
        raise BadDrawing("unreadable") from None
    if not isinstance(shape, dict):
        raise BadDrawing("not_a_polygon", kind=type(shape).__name__)
    crs = shape.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    if name is not None and name not in WGS84:
        raise BadDrawing("other_system", name=str(name)[:60])
    return shape


def _coordinates(shape: Any) -> Iterator[list[Any]]:
    """The rings of each polygon, as they stand there. Raises BadDrawing."""
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind == "FeatureCollection" and isinstance(shape.get("features"), list):
        for feature in shape["features"]:
            yield from _coordinates(feature)
    elif kind == "Feature":
        yield from _coordinates(shape.get("geometry"))
    elif kind == "Polygon" and isinstance(shape.get("coordinates"), list):
        yield shape["coordinates"]
    elif kind == "MultiPolygon" and isinstance(shape.get("coordinates"), list):
        yield from shape["coordinates"]
    else:
        raise BadDrawing("not_a_polygon", kind=str(kind)[:30])


def _check_ring(ring: Any) -> None:
    if not isinstance(ring, list) or not all(isinstance(each, list) and len(each) >= 2 for each in ring):
        raise BadDrawing("unreadable")
    for longitude, latitude, *_height in ring:
        _check_range(longitude, latitude)
    if len(ring) < 4:
        raise BadDrawing("too_few_points", count=len(ring))
    if ring[0][:2] != ring[-1][:2]:
        first, last = (f"{each[0]}, {each[1]}" for each in (ring[0], ring[-1]))
        raise BadDrawing("open_ring", first=first, last=last)


def _check_range(longitude: Any, latitude: Any) -> None:
    numbers = (longitude, latitude)
    if not all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in numbers):
        raise BadDrawing("unreadable")
    at = f"{longitude}, {latitude}"
    if any(abs(each) > 1000 for each in numbers):
        raise BadDrawing("other_system", name=at)  # metres of some projection
    if abs(latitude) > 90 >= abs(longitude):
        raise BadDrawing("swapped", at=at)
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise BadDrawing("out_of_range", at=at)


def _is_swapped(polygons: Sequence[Polygon], home: Point) -> bool:
    """Whether all of it is far from home, and near with longitude and latitude exchanged."""
    points = [point for polygon in polygons for point in polygon.outer]
    near = any(_is_near(point.longitude, point.latitude, home) for point in points)
    return not near and all(_is_near(point.latitude, point.longitude, home) for point in points)


def _is_near(longitude: int, latitude: int, home: Point) -> bool:
    return abs(longitude - home.longitude) <= FAR and abs(latitude - home.latitude) <= FAR


def _check_simple(polygon: Polygon) -> None:
    for ring in (polygon.outer, *polygon.holes):
        at = _meeting(_edges(ring))
        if at is not None:
            raise BadDrawing("crosses_itself", at=words(at))
    rings = [polygon.outer, *polygon.holes]
    for number, hole in enumerate(rings[1:], 1):
        outside = next((point for point in hole if not Polygon(polygon.outer).contains(point)), None)
        crossing = next((at for other in rings[:number] if (at := _crossing(other, hole)) is not None), None)
        if outside is not None or crossing is not None:
            raise BadDrawing("hole_crosses", at=words(outside or crossing or hole[0]))


def _edges(ring: Ring) -> list[Edge]:
    """Without the ones of no length that a point said twice makes. Raises BadDrawing where too few are left."""
    found = [(a, b) for a, b in pairwise(ring) if a != b]
    if len(found) < 3:
        raise BadDrawing("too_few_points", count=len(found))
    return found


def _meeting(edges: Sequence[Edge]) -> Point | None:
    """Where a ring meets itself but for the corner that two edges in a row share."""
    last = len(edges) - 1
    order = sorted(range(len(edges)), key=lambda number: min(edges[number])[0])
    open_edges: list[int] = []
    for number in order:
        begin = min(edges[number])[0]
        open_edges = [each for each in open_edges if max(edges[each])[0] >= begin]
        for other in open_edges:
            one, two = sorted((number, other))
            in_a_row = two == one + 1 or (one, two) == (0, last)
            at = _backwards(edges, one, two) if in_a_row else _common(edges[one], edges[two])
            if at is not None:
                return at
        open_edges.append(number)
    return None


def _backwards(edges: Sequence[Edge], one: int, two: int) -> Point | None:
    """Of two edges in a row: the corner, where the second runs back over the first."""
    (a, b), (_b, c) = (edges[two], edges[one]) if (one, two) == (0, len(edges) - 1) and len(edges) > 2 else (
        edges[one], edges[two]
    )  # fmt: skip
    forward = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return b if _turn(a, b, c) == 0 and forward < 0 else None


def _crossing(one: Ring, other: Ring) -> Point | None:
    """Where two rings cross; touching is no crossing."""
    for a, b in pairwise(one):
        for c, d in pairwise(other):
            if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
                return c
    return None


def _common(one: Edge, other: Edge) -> Point | None:
    """A corner near which two edges share a point."""
    (a, b), (c, d) = one, other
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return None
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return c
    ends = ((c, one, turns[0]), (d, one, turns[1]), (a, other, turns[2]), (b, other, turns[3]))
    return next((point for point, edge, turn in ends if turn == 0 and _within(point, edge)), None)


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 to the left, -1 to the right, 0 straight on."""
    side = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (side > 0) - (side < 0)


def _within(point: Point, edge: Edge) -> bool:
    (a, b) = edge
    return min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
