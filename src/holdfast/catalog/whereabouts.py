"""About where a business is: the city that its time zone is named for."""

import re
from functools import cache
from importlib.resources import files

from holdfast.domain.geography import UNITS_OF_A_DEGREE, Point

_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def home_of(time_zone: str) -> Point | None:
    """The coordinates that the IANA database (zone.tab) gives to a zone; None for one without, such as UTC."""
    return _cities().get(time_zone)


@cache
def _cities() -> dict[str, Point]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2]: point for row in rows if (point := _point(row[1])) is not None}


def _point(text: str) -> Point | None:
    found = _ISO_6709.fullmatch(text)
    if found is None:
        return None
    return Point(_units(*found.groups()[4:]), _units(*found.groups()[:4]))


def _units(sign: str, degrees: str, minutes: str, seconds: str | None) -> int:
    total = int(degrees) * 3600 + int(minutes) * 60 + int(seconds or 0)
    return (1 if sign == "+" else -1) * (total * UNITS_OF_A_DEGREE // 3600)
