"""A stop as people say it, and as a booking keeps it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from holdfast.core.fields import in_language
from holdfast.domain.geography import UNITS_OF_A_DEGREE, Place, Point
from holdfast.pricing.geography import Geography

LONGEST_PLACE, LONGEST_ADDRESS = 50, 200
_COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,15})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*")


@dataclass(frozen=True, slots=True)
class Stop:
    """`place`: the slug of a named place, or "48.8566, 2.3522" (latitude first, as maps show it); "" where only an
    `address` is said, which is for people: nobody looks it up.

    `point`: where it was when it was booked. What a booking keeps is not looked up again.
    """

    place: str = ""
    address: str = ""
    point: Point | None = None


def said_in_a_word(text: str | None) -> Stop | None:
    """A stop of an address or a form: a slug or coordinates; None of nothing."""
    place = (text or "").strip()
    return Stop(place) if place else None


def point_of(text: str) -> Point | None:
    """Of "48.8566, 2.3522"; None where the text is no latitude and longitude."""
    found = _COORDINATES.fullmatch(text)
    if found is None:
        return None
    try:
        return Point.of(Decimal(found[2]), Decimal(found[1]))
    except ValueError:
        return None


def coordinates_of(point: Point) -> str:
    """As `point_of` reads it."""
    return f"{_degrees(point.latitude)}, {_degrees(point.longitude)}"


def place_of(geography: Geography, stop: Stop | None) -> Place | None:
    """Where a stop is, so that it can be priced; None where that is not known."""
    if stop is None:
        return None
    known = geography.places.get(stop.place)
    if known is not None and stop.point in (None, known.place.point):
        return known.place
    point = stop.point or point_of(stop.place)
    return None if point is None else Place("", point)


def kept(document: Mapping[str, Any]) -> Stop | None:
    """The stop that a booking keeps; None where it has none."""
    if not document:
        return None
    at = f"{document['latitude']}, {document['longitude']}" if "latitude" in document else ""
    return Stop(document.get("place") or at, document.get("address", ""), point_of(at))


def document_of(geography: Geography, stop: Stop | None) -> dict[str, Any]:
    """What a booking keeps of a stop: its place with the name it has now, its degrees as text, the address."""
    if stop is None:
        return {}
    known, place = geography.places.get(stop.place), place_of(geography, stop)
    found: dict[str, Any] = {}
    if known is not None:
        found |= {"place": stop.place, "name": dict(known.name)}
    elif stop.point is not None and point_of(stop.place) is None:
        found["place"] = stop.place  # it is not known any more by that name
    if place is not None and place.point is not None:
        found |= {"latitude": _degrees(place.point.latitude), "longitude": _degrees(place.point.longitude)}
    return {**found, "address": stop.address} if stop.address else found


def stop_answer(document: Mapping[str, Any]) -> dict[str, str] | None:
    """What the API says of a stop that a booking keeps, in the reader's language; None of nothing."""
    if not document:
        return None
    plain = {name: str(document.get(name, "")) for name in ("place", "latitude", "longitude", "address")}
    return {**plain, "name": in_language(document.get("name"))}


def words(document: Mapping[str, Any]) -> str:
    """ "Orly (ORY), Terminal 4": of what a booking keeps; "" of nothing."""
    name = in_language(document.get("name"))
    if not name and not document.get("address") and "latitude" in document:
        return f"{document['latitude']}, {document['longitude']}"
    return ", ".join(filter(None, (name, document.get("address", ""))))


def same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two stops are priced alike: the address is for people."""
    return all(one.get(name) == other.get(name) for name in ("place", "latitude", "longitude"))


def _degrees(units: int) -> str:
    return format((Decimal(units) / UNITS_OF_A_DEGREE).normalize(), "f")
