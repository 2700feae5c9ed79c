"""A zone as a picture: among the other zones and the named places. No map, no other server: only what was drawn."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from holdfast.catalog.models import NamedPlace
from holdfast.domain.geography import Point, Polygon, polygons_of
from holdfast.pricing.models import Zone

WIDTH, HEIGHT, MARGIN = 560, 360, 24


def picture(zone: Zone, others: Sequence[Zone], places: Sequence[NamedPlace]) -> SafeString:
    """North is up; a degree of longitude is drawn two thirds as wide as one of latitude, as it is in Europe."""
    own = polygons_of(zone.area)
    drawn = [(polygons_of(each.area), str(each)) for each in others]
    points = [point for polygon in [*own, *(one for each, _name in drawn for one in each)] for point in polygon.outer]
    at = _Scale(points)
    shapes = format_html_join("", '<path class="zone-other" d="{}"/>', ((at.path(each),) for each, _name in drawn))
    names = [(each, name) for each, name in [*drawn, (own, str(zone))]]
    labels = format_html_join(
        "", '<text class="zone-name" x="{}" y="{}">{}</text>', ((*at.top(each), name) for each, name in names)
    )
    dots = format_html_join(
        "",
        '<circle class="zone-place" cx="{}" cy="{}" r="4"><title>{}</title></circle>',
        ((*at.of(each.point), str(each)) for each in places),
    )
    title = _("The zone “%(name)s” among the others, with the named places as dots; north is up") % {"name": zone}
    return format_html(
        '<svg class="zone-picture" viewBox="0 0 {} {}" width="{}" height="{}" role="img"><title>{}</title>'
        '{}<path class="zone-own" d="{}"/>{}{}</svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, title, shapes, at.path(own), dots, labels,
    )  # fmt: skip


class _Scale:
    """From degrees to the picture's units, so that all of the points fit."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._west = min(point.longitude for point in points)
        self._north = max(point.latitude for point in points)
        wide = (max(point.longitude for point in points) - self._west) * 2 / 3 or 1
        high = self._north - min(point.latitude for point in points) or 1
        self._factor = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def of(self, point: Point) -> tuple[str, str]:
        x = MARGIN + (point.longitude - self._west) * 2 / 3 * self._factor
        y = MARGIN + (self._north - point.latitude) * self._factor
        return f"{x:.1f}", f"{y:.1f}"

    def path(self, polygons: Iterable[Polygon]) -> str:
        rings = [ring for polygon in polygons for ring in (polygon.outer, *polygon.holes)]
        return " ".join("M" + " L".join(",".join(self.of(point)) for point in ring) + " Z" for ring in rings)

    def top(self, polygons: Sequence[Polygon]) -> tuple[str, str]:
        return self.of(max((point for polygon in polygons for point in polygon.outer), key=lambda each: each.latitude))
