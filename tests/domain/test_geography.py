"""Where something is, and how far: exactly."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.distance import FirstKnown, GreatCircle, Table, great_circle, kilometres
from holdfast.domain.geography import Place, Point, Polygon, Zone, polygons_of, zones_of
from tests.domain.strategies import thorough

OUTER, HOLE = "[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]", "[[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]"
SQUARE = f'{{"type": "Polygon", "coordinates": [{OUTER}, {HOLE}]}}'
EAST = '{"type": "Polygon", "coordinates": [[[10, 0], [20, 0], [20, 10], [10, 10], [10, 0]]]}'


def inside(text: str, longitude: str, latitude: str) -> bool:
    return Zone("it", polygons_of(text)).contains(Point.of(longitude, latitude))


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        ("1", "1", True),
        ("0", "5", True),  # on an edge
        ("10", "10", True),  # on a corner
        ("5", "5", False),  # in the hole
        ("4", "5", True),  # on the hole's edge
        ("10.0000001", "5", False),  # a centimetre outside
        ("9.9999999", "5", True),
        ("-1", "10", False),  # beside an edge that lies along the ray
        ("5", "-0.0000001", False),
    ],
)
def test_a_point_is_inside_or_on_the_edge_or_it_is_not(longitude: str, latitude: str, expected: bool) -> None:
    assert inside(SQUARE, longitude, latitude) == expected


def test_a_border_belongs_to_both_and_the_order_of_zones_decides() -> None:
    west, east = Zone("west", polygons_of(SQUARE)), Zone("east", polygons_of(EAST))
    border = Place("border", Point.of("10", "5"))
    assert zones_of(border, [west, east]) == ("west", "east")
    assert zones_of(border, [east, west]) == ("east", "west")
    assert zones_of(Place("airport", Point.of("1", "1"), ("east",)), [west, east]) == ("east", "west")
    assert zones_of(Place("nowhere"), [west, east]) == ()


def test_every_shape_of_geojson_that_has_an_area_is_read() -> None:
    multi = '{"type": "MultiPolygon", "coordinates": [[[[0,0],[1,0],[1,1],[0,0]]], [[[5,5],[6,5],[6,6],[5,5]]]]}'
    assert [inside(multi, x, x) for x in ("1", "3", "5.5")] == [True, False, True]
    feature = f'{{"type": "Feature", "properties": {{}}, "geometry": {SQUARE}}}'
    collection = f'{{"type": "FeatureCollection", "features": [{feature}, {feature}]}}'
    assert polygons_of(feature) == polygons_of(SQUARE)
    assert len(polygons_of(collection)) == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [2, 2]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [181, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [NaN, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [["a"]]}',
        '{"type": "Polygon", "coordinates": [[["a", "b"], [1, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon"}',
        "[]",
        "nothing",
    ],
)
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each says something of its own
        polygons_of(text)


def test_a_coordinate_is_no_float() -> None:
    with pytest.raises(TypeError, match="exact"):
        Point.of(2.5, 48)  # type: ignore[arg-type]
    assert polygons_of(SQUARE.replace("10", "10.00000004"))[0].outer[1] == Point(100_000_000, 0)


def _oracle(ring: tuple[Point, ...], point: Point) -> bool:
    """Crossings of a ray, each computed as a fraction; edges apart."""
    crossings = 0
    for a, b in pairwise(ring):
        if min(a.latitude, b.latitude) <= point.latitude <= max(a.latitude, b.latitude):
            if a.latitude == b.latitude:
                if min(a.longitude, b.longitude) <= point.longitude <= max(a.longitude, b.longitude):
                    return True
                continue
            x = a.longitude + Fraction(point.latitude - a.latitude, b.latitude - a.latitude) * (
                b.longitude - a.longitude
            )
            if x == point.longitude:
                return True
            crossings += x > point.longitude and point.latitude != max(a.latitude, b.latitude)
    return crossings % 2 == 1


coordinates = st.builds(Point, st.integers(-9, 9), st.integers(-9, 9))


@thorough
@given(st.lists(coordinates, min_size=3, max_size=9), coordinates)
def test_a_polygon_agrees_with_the_crossings_of_a_ray(corners: list[Point], point: Point) -> None:
    ring = (*corners, corners[0])
    assert Polygon(ring).contains(point) == _oracle(ring, point)
    assert Polygon(ring[::-1]).contains(point) == _oracle(ring, point)


points = st.builds(Point, st.integers(-1_800_000_000, 1_800_000_000), st.integers(-900_000_000, 900_000_000))


@thorough
@given(points, points)
def test_the_great_circle_is_the_same_there_and_back_and_what_floats_say(one: Point, other: Point) -> None:
    metres = great_circle(one, other)
    assert metres == great_circle(other, one)
    assert 0 <= metres <= Decimal("20015115")
    south, north = (math.radians(p.latitude / 1e7) for p in (one, other))
    across = math.radians((other.longitude - one.longitude) / 1e7)
    half = math.sin((north - south) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    assert abs(float(metres) - 2 * 6371008.7714 * math.asin(min(1.0, math.sqrt(half)))) < 1


def test_distances_are_asked_of_one_after_the_other() -> None:
    cdg = Place("cdg", Point.of("2.5479", "49.0097"))
    jfk, somewhere = Place("jfk", Point.of("-73.7781", "40.6413")), Place("somewhere")
    table = Table({("cdg", "orly"): 36_400, ("orly", "cdg"): 37_000, ("cdg", "paris"): 25_000})
    assert [table.metres(cdg, Place("orly")), table.metres(Place("orly"), cdg)] == [36_400, 37_000]
    assert table.metres(Place("paris"), cdg) == 25_000
    both = FirstKnown((table, GreatCircle()))
    assert both.metres(cdg, Place("paris")) == 25_000
    assert both.metres(cdg, jfk) == 5_833_489
    assert GreatCircle(Fraction(13, 10)).metres(cdg, jfk) == 7_583_536
    assert both.metres(cdg, somewhere) is None
    assert kilometres(36_400) == Fraction(182, 5)
