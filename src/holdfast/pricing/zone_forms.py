"""Checks of drawn zones, tables of prices and distances, with words that say the way out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.whereabouts import home_of
from holdfast.domain.zone_drawing import BadDrawing, drawing_of, read_drawing

LARGEST_FILE = 1_000_000


class ZoneForm(TenantForm):
    """The drawing is pasted or comes as a file; it is kept as one MultiPolygon, once it has been found to be a zone."""

    file = forms.FileField(
        label=gettext_lazy("Or a file"), required=False, widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("A .geojson file, drawn with any map editor. It takes the place of what stands above."),
    )  # fmt: skip
    area = forms.CharField(
        label=gettext_lazy("Area"), required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": "8", "spellcheck": "false", "class": "font-mono"}),
        help_text=gettext_lazy("GeoJSON: a Polygon or MultiPolygon, or a Feature of one. Longitude comes first."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text, field = cleaned.get("area") or "", "area"
        if cleaned.get("file"):
            field, text = "file", self._text_of(cleaned["file"])
        if field in self.errors:
            return cleaned
        try:
            cleaned["area"] = drawing_of(read_drawing(text, home_of(self.organization.time_zone)))
        except BadDrawing as wrong:
            self.add_error(field, drawing_words(wrong) if text.strip() else _("Paste a drawing, or choose a file."))
        return cleaned

    def _text_of(self, sent: Any) -> str:
        if sent.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 1 MB. Simplify the drawing: a zone needs few points."))
            return ""
        try:
            return str(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not text. Save the drawing as GeoJSON."))
            return ""


def drawing_words(wrong: BadDrawing) -> str:
    """Why a drawing is no zone, and what to do about it."""
    words = {
        "unreadable": _("This is not GeoJSON. Copy the whole drawing, from the first { to the last }."),
        "empty": _("There is nothing in this drawing. Draw a polygon."),
        "not_a_polygon": _("A zone is a Polygon or MultiPolygon, and this is something else (%(kind)s)."),
        "other_system": _(
            "These coordinates are of another system (%(name)s). Export the drawing as WGS 84 (EPSG:4326), in degrees."
        ),
        "out_of_range": _("There is no such place on earth: %(at)s. Longitude is -180 to 180, latitude -90 to 90."),
        "swapped": _("Latitude and longitude are exchanged (%(at)s): GeoJSON has the longitude first."),
        "too_many_points": _("The drawing has %(count)s points, and %(most)s are enough. Simplify it."),
        "open_ring": _("A ring is not closed: it begins at %(first)s and ends at %(last)s. Repeat its first point."),
        "too_few_points": _("A ring has too few points. An area needs three corners, and its first point once more."),
        "crosses_itself": _("The line crosses or touches itself near %(at)s. Draw the area without a knot."),
        "hole_crosses": _("A hole reaches out of its area near %(at)s. Draw it inside."),
    }
    return words[wrong.code] % wrong.params


class ZonePriceForm(TenantForm):
    """A way and its price."""


class KnownDistanceForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("origin") and cleaned.get("origin") == cleaned.get("destination"):
            self.add_error("destination", _("These are the same place."))
        return cleaned
