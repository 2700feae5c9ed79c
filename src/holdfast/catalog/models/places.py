"""Places that have a name: where bookings begin and end."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models.fields import slug_ok
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel
from holdfast.domain.geography import Point


class AsksPlaces(models.TextChoices):
    NONE = "none", _("Nowhere: at the business, or said otherwise")
    ONE = "one", _("One place, where it is done")
    WAY = "way", _("A pick-up and a drop-off")


class NamedPlace(TenantModel):
    """A place that customers choose by its name; degrees of WGS 84."""

    slug = models.CharField(_("slug"), max_length=50, validators=[slug_ok])
    name = LocalizedField(_("name"))
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=7, help_text=_("North is positive: 48.8566 for Paris."),
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=10, decimal_places=7, help_text=_("East is positive: 2.3522 for Paris."),
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    position = models.SmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="place_slug_once"),
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="place_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    @property
    def point(self) -> Point:
        return Point.of(self.longitude, self.latitude)
