"""Where a service goes: named places, zones and distances of its document, compiled (docs/algorithms/pricing.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from holdfast.domain.distance import Distances, FirstKnown, GreatCircle, Table, kilometres
from holdfast.domain.geography import Place, Point, Zone, polygons_of, zones_of
from holdfast.domain.pricing.effects import KILOMETRES

NOWHERE, ONE, WAY = "none", "one", "way"
MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Way:
    """What a price asks of where a booking goes: the zones of both ends, and what is counted by distance."""

    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    units: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A named place: its domain's, and what people call it in each language."""

    place: Place
    name: Mapping[str, str]


@dataclass(frozen=True)
class Geography:
    """`asks`: nowhere, one place (its drop-off is its pick-up) or a way. The usual ones are slugs, or ""."""

    asks: str = NOWHERE
    places: Mapping[str, KnownPlace] = field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    zone_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    distances: Distances = field(default_factory=GreatCircle)
    usual_pickup: str = ""
    usual_dropoff: str = ""
    _ways: dict[tuple[Place | None, Place | None], Way] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ends(self) -> tuple[str, ...]:
        """The names of what it asks for, as the API has them."""
        return {ONE: ("pickup",), WAY: ("pickup", "dropoff")}.get(self.asks, ())

    def way(self, pickup: Place | None, dropoff: Place | None) -> Way:
        """From here to there, worked out once for those that were asked for last."""
        if self.asks == ONE:
            dropoff = pickup
        found = self._ways.get((pickup, dropoff))
        if found is None:
            if len(self._ways) >= MOST_REMEMBERED:
                self._ways.clear()
            found = self._ways[pickup, dropoff] = self._way(pickup, dropoff)
        return found

    def _way(self, pickup: Place | None, dropoff: Place | None) -> Way:
        origin, destination = (zones_of(each, self.zones) if each else () for each in (pickup, dropoff))
        metres = self.distances.metres(pickup, dropoff) if pickup and dropoff else None
        return Way(origin, destination, {} if metres is None else {KILOMETRES: kilometres(metres)})


def compile_geography(document: Mapping[str, Any]) -> Geography:
    """Of a document with `pricing.queries.GEOGRAPHY` in it; null there for a service that asks for no place."""
    found, service = document["geography"], document["service"]
    if found is None:
        return Geography()
    places = {row["slug"]: _known(row) for row in found["places"]}
    slugs = {row["id"]: row["slug"] for row in found["places"]}
    known = Table({(slugs[a], slugs[b]): metres for a, b, metres in found["distances"] if a in slugs and b in slugs})
    detour = Fraction(100 + int(document["organization"]["detour_percent"]), 100)
    return Geography(
        asks=service["asks_places"],
        places=places,
        zones=tuple(Zone(row["id"], polygons_of(row["area"])) for row in found["zones"]),
        zone_names={row["id"]: row["name"] for row in found["zones"]},
        distances=FirstKnown((known, GreatCircle(detour))),
        usual_pickup=slugs.get(service["usual_pickup_id"], ""),
        usual_dropoff=slugs.get(service["usual_dropoff_id"], ""),
    )


def _known(row: Mapping[str, Any]) -> KnownPlace:
    point = Point.of(Decimal(row["longitude"]), Decimal(row["latitude"]))
    return KnownPlace(Place(row["slug"], point), row["name"])
