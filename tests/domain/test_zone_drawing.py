"""A drawing is accepted exactly if it is an area: closed, without a knot, where it says it is, of few enough points."""

import json
import math
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.geography import Point
from holdfast.domain.zone_drawing import MOST_POINTS, BadDrawing, drawing_of, read_drawing

PARIS = Point.of("2.3522", "48.8566")
SQUARE = [[2, 48], [3, 48], [3, 49], [2, 49], [2, 48]]
Corner = tuple[int, int]


def drawn(*rings: Any, **members: Any) -> str:
    return json.dumps({"type": "Polygon", "coordinates": list(rings), **members})


def refused(text: str, home: Point | None = PARIS) -> str:
    with pytest.raises(BadDrawing) as caught:
        read_drawing(text, home)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("{", "unreadable"),
        ('{"type": "Polygon", "coordinates": [[["2", "48"]]]}', "unreadable"),
        ("[]", "not_a_polygon"),
        ('{"type": "Point", "coordinates": [2, 48]}', "not_a_polygon"),
        ('{"type": "FeatureCollection", "features": []}', "empty"),
        (drawn(), "empty"),
        (drawn(SQUARE[:-1]), "open_ring"),
        (drawn([[2, 48], [3, 48], [2, 48]]), "too_few_points"),
        (drawn([[2, 48], [2, 48], [3, 48], [2, 48]]), "too_few_points"),
        (drawn([[2, 48], [3, 49], [3, 48], [2, 49], [2, 48]]), "crosses_itself"),
        (drawn([[2, 48], [4, 48], [3, 48], [3, 49], [2, 48]]), "crosses_itself"),
        (drawn(SQUARE, [[2.5, 48.5], [4, 48.5], [2.6, 48.6], [2.5, 48.5]]), "hole_crosses"),
        (drawn(SQUARE, [[5, 48.5], [6, 48.5], [5, 48.6], [5, 48.5]]), "hole_crosses"),
        (drawn([[y, x] for x, y in SQUARE]), "swapped"),
        (drawn([[10, 100], [11, 100], [11, 101], [10, 100]]), "swapped"),
        (drawn([[200, 2], [201, 2], [201, 3], [200, 2]]), "out_of_range"),
        (drawn([[652e3, 6862e3], [653e3, 6862e3], [653e3, 6863e3], [652e3, 6862e3]]), "other_system"),
        (drawn(SQUARE, crs={"type": "name", "properties": {"name": "EPSG:2154"}}), "other_system"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_drawing_has_a_name(text: str, code: str) -> None:
    assert refused(text) == code


def test_a_feature_and_a_multipolygon_and_the_former_name_of_the_system_are_read() -> None:
    polygon = json.loads(drawn(SQUARE))
    old = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    shapes = (
        polygon,
        {**polygon, "crs": old},
        {"type": "MultiPolygon", "coordinates": [polygon["coordinates"]]},
        {"type": "Feature", "properties": {}, "geometry": polygon},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon}]},
    )
    assert len({read_drawing(json.dumps(shape), PARIS) for shape in shapes}) == 1


def test_more_points_than_a_zone_needs_are_too_many() -> None:
    assert read_drawing(circle(MOST_POINTS - 1))
    assert refused(circle(MOST_POINTS)) == "too_many_points"


def circle(corners: int) -> str:
    turns = [2 * math.pi * number / corners for number in range(corners)]
    ring = [[round(2 + math.cos(turn), 6), round(48 + math.sin(turn), 6)] for turn in turns]
    return drawn([*ring, ring[0]])


@given(st.lists(st.integers(10, 100), min_size=3, max_size=30), st.booleans(), st.integers(0, 30))
def test_a_star_is_an_area_wherever_it_begins_and_whichever_way_round(
    radii: list[int], clockwise: bool, first: int
) -> None:
    step = 2 * math.pi / len(radii)
    ring = [
        [round(2 + radius / 100 * math.cos(number * step), 6), round(48 + radius / 100 * math.sin(number * step), 6)]
        for number, radius in enumerate(radii)
    ]
    ring = ring[first % len(ring) :] + ring[: first % len(ring)]
    ring = ring[::-1] if clockwise else ring
    (polygon,) = read_drawing(drawn([*ring, ring[0]]), PARIS)
    assert polygon.contains(Point.of(2, 48))
    assert read_drawing(drawing_of([polygon])) == (polygon,)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=8))
def test_a_ring_is_refused_exactly_if_two_of_its_edges_meet_where_they_should_not(corners: list[Corner]) -> None:
    """Against every pair of edges, in fractions."""
    distinct = [here for here, there in pairwise([*corners, corners[0]]) if here != there]
    text = drawn([[x, y] for x, y in [*corners, corners[0]]])
    if len(distinct) < 3:
        assert refused(text, None) in ("too_few_points", "open_ring")
    elif knotted(distinct):
        assert refused(text, None) == "crosses_itself"
    else:
        assert read_drawing(text)


def knotted(corners: list[Corner]) -> bool:
    edges = list(pairwise([*corners, corners[0]]))
    for (one, edge), (two, other) in combinations(enumerate(edges), 2):
        shared = {edge[1]} if two == one + 1 else {edge[0]} if (one, two) == (0, len(edges) - 1) else set()
        if meetings(edge, other) - shared:
            return True
    return False


def meetings(edge: tuple[Corner, Corner], other: tuple[Corner, Corner]) -> set[tuple[Fraction, Fraction]]:
    """The points that two edges share; of a shared stretch, its ends."""
    (ax, ay), (bx, by) = edge
    (cx, cy), (dx, dy) = other
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if across:
        there = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), across)
        here = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), across)
        inside = 0 <= there <= 1 and 0 <= here <= 1
        return {(ax + there * (bx - ax), ay + there * (by - ay))} if inside else set()
    return {point for point in (*other, *edge) if on(point, edge) and on(point, other)}  # type: ignore[misc]


def on(point: Corner, edge: tuple[Corner, Corner]) -> bool:
    (ax, ay), (bx, by) = edge
    straight = (bx - ax) * (point[1] - ay) == (by - ay) * (point[0] - ax)
    return straight and min(ax, bx) <= point[0] <= max(ax, bx) and min(ay, by) <= point[1] <= max(ay, by)


@given(
    st.decimals(-8, 8, places=3), st.decimals(-8, 8, places=3), st.decimals("0.01", 2, places=3),
)  # fmt: skip
def test_whoever_exchanges_latitude_and_longitude_near_home_is_told(east: Any, north: Any, size: Any) -> None:
    west, south = PARIS.longitude / 10**7 + float(east), PARIS.latitude / 10**7 + float(north)
    ring = [[west, south], [west + float(size), south], [west, south + float(size)], [west, south]]
    assert read_drawing(drawn(ring), PARIS)
    assert refused(drawn([[y, x] for x, y in ring])) == "swapped"
