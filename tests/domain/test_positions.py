"""What people copy from a map says where it is, or that it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.geography import Point
from holdfast.domain.positions import position_of

LOUVRE = Point(23_522_000, 488_566_000)


@pytest.mark.parametrize(
    "text",
    [
        "48.8566, 2.3522",
        " 48.8566,2.3522 ",
        "48.8566 2.3522",
        "48,8566; 2,3522",
        "48,8566, 2,3522",
        "48.8566° N, 2.3522° E",
        "https://www.google.com/maps/place/Louvre/@48.9,2.4,17z/data=!3m1!3d48.8566!4d2.3522",
        "https://www.google.com/maps/@48.8566,2.3522,15z",
        "https://www.google.com/maps/search/?api=1&query=48.8566%2C2.3522",
        "https://maps.google.com/?q=48.8566,+2.3522",
        "https://maps.apple.com/?ll=48.8566,2.3522&q=Louvre",
        "https://www.openstreetmap.org/?mlat=48.8566&mlon=2.3522#map=17/48.9/2.4",
        "https://www.openstreetmap.org/#map=17/48.8566/2.3522",
        "https://www.bing.com/maps?cp=48.8566~2.3522&lvl=15",
        "https://waze.com/ul?ll=48.8566%2C2.3522&navigate=yes",
        "geo:48.8566,2.3522?z=17",
    ],
)
def test_a_position_is_read_as_maps_write_it(text: str) -> None:
    assert position_of(text) == LOUVRE


def test_minutes_seconds_and_the_west_count() -> None:
    assert position_of("48°51'24.0\"N 2°21'07.2\"W") == Point(-23_520_000, 488_566_667)
    assert position_of("33.5° S, 70.6° O") == Point(-706_000_000, -335_000_000)


@pytest.mark.parametrize(
    "text", ["", "12 rue de Rivoli", "48.8566", "95, 2", "48, 181", "https://maps.app.goo.gl/AbCdEf12345"]
)
def test_what_says_no_position_is_none(text: str) -> None:
    assert position_of(text) is None


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = position_of(text)
    assert found is None or abs(found.latitude) <= 90 * 10**7
