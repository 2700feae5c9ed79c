"""A position in what people copy from a map: coordinates, or a link that has them in it. Nothing is looked up."""

import re
from decimal import Decimal
from itertools import chain
from urllib.parse import unquote

from holdfast.domain.geography import Point

# Longer links are cut off, and say no position then.
LONGEST = 1000
_DEGREES = r"(-?\d{1,3}(?:\.\d{1,15})?)"
_PAIR = rf"{_DEGREES}[,~]\+?\s*{_DEGREES}"
# What a link says of a place comes before what the map around it is centred on.
_IN_LINKS = [
    re.compile(pattern)
    for pattern in (
        rf"!3d{_DEGREES}!4d{_DEGREES}",
        rf"[?&](?:q|query|ll|daddr|destination|coordinate|sp)=(?:loc:|point\.)?{_PAIR}",
        rf"[?&]mlat={_DEGREES}&mlon={_DEGREES}",
        rf"geo:{_PAIR}",
        rf"[?&](?:center|cp)={_PAIR}",
        rf"/@{_PAIR}",
        rf"#map=[\d.]+/{_DEGREES}/{_DEGREES}",
    )
]
# With a comma in the numbers, a semicolon or a space stands between them.
_TYPED = re.compile(
    r"(-?\d{1,2}(?:[.,]\d{1,15})?)\s*°?\s*([NS]?)(?:\s*[,;]\s*|\s+)(-?\d{1,3}(?:[.,]\d{1,15})?)\s*°?\s*([EWO]?)", re.I
)
_PART = r"(\d{1,3})°\s*(\d{1,2})['’′]\s*(\d{1,2}(?:[.,]\d{1,6})?)(?:\"|”|″|'')\s*"
_SEXAGESIMAL = re.compile(rf"{_PART}([NS])[\s,;]+{_PART}([EWO])", re.I)


def position_of(text: str) -> Point | None:
    """Latitude first, as maps write it: "48.8566, 2.3522", "48,8566° N 2,3522° E", 48°51'24.1"N 2°21'07.9"E, or a
    link of a map. None where it has no position in it."""
    text = text.strip()[:LONGEST]
    try:
        if is_link(text):
            return _in_link(unquote(text))
        return _typed(text)
    except ValueError:  # no place on earth
        return None


def is_link(text: str) -> bool:
    return "://" in text or text.strip().startswith("geo:")


def _in_link(link: str) -> Point | None:
    found = next(chain.from_iterable(pattern.finditer(link) for pattern in _IN_LINKS), None)
    return found and Point.of(Decimal(found[2]), Decimal(found[1]))


def _typed(text: str) -> Point | None:
    if found := _TYPED.fullmatch(text):
        latitude, longitude = (Decimal(found[part].replace(",", ".")) for part in (1, 3))
        return Point.of(_signed(longitude, found[4]), _signed(latitude, found[2]))
    if found := _SEXAGESIMAL.fullmatch(text):
        latitude, longitude = (_degrees(*found.group(part, part + 1, part + 2)) for part in (1, 5))
        return Point.of(_signed(longitude, found[8]), _signed(latitude, found[4]))
    return None


def _signed(degrees: Decimal, towards: str) -> Decimal:
    """O is the west in French and Spanish."""
    return -degrees if towards and towards in "sSwWoO" else degrees


def _degrees(whole: str, minutes: str, seconds: str) -> Decimal:
    return int(whole) + Decimal(minutes) / 60 + Decimal(seconds.replace(",", ".")) / 3600
