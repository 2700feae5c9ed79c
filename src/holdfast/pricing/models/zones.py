"""Where prices differ: tariff zones, and how far it is from place to place."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import NamedPlace
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel


class Zone(TenantModel):
    """An area, drawn as GeoJSON (RFC 7946) and checked by `domain/zone_drawing.py`; kept as one MultiPolygon.

    A point on the border of two zones is in both, and in the one that comes first where only one can count.
    """

    name = LocalizedField(_("name"))
    area = models.TextField(
        _("area"), help_text=_("GeoJSON: a Polygon or MultiPolygon, or a Feature of one. Longitude comes first.")
    )
    position = models.SmallIntegerField(_("position"), default=0, help_text=_("Where zones meet, the first counts."))

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return in_language(self.name)


class KnownDistance(TenantModel):
    """How far it is by road between two named places; the way back is as far unless it is written down too."""

    origin = models.ForeignKey(NamedPlace, on_delete=models.CASCADE, related_name="+", verbose_name=_("from"))
    destination = models.ForeignKey(NamedPlace, on_delete=models.CASCADE, related_name="+", verbose_name=_("to"))
    metres = models.PositiveIntegerField(_("metres"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("distance")
        verbose_name_plural = _("distances")
        ordering = ["origin", "destination"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "origin", "destination"], name="distance_once"),
            models.CheckConstraint(condition=Q(metres__gte=1), name="distance_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}"
