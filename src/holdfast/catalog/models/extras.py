"""What may be taken besides a service. How many there are is a resource's places, claimed like any other (ADR 24)."""

from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models.fields import slug_ok
from holdfast.catalog.models.resources import MOST_LANES, Resource
from holdfast.catalog.models.services import Service
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel


class ExtraPer(models.TextChoices):
    """What the price of an extra is for (`domain/pricing/extras.py`)."""

    BOOKING = "booking", _("for the booking, however many")
    UNIT = "unit", _("each")
    HOUR = "hour", _("each, an hour")
    PERSON = "person", _("each, a person")


class Extra(TenantModel):
    """A child's seat, a projector, towels. `amount` is in minor units of the organization's currency.

    `stock` None: nobody counts them. `held_as`: the resource whose places are the stock, made by
    `catalog/actions.py:keep_stock`; it stays when the extra is not counted any more, for what was booked.
    """

    slug = models.CharField(_("slug"), max_length=40, validators=[slug_ok])
    name = LocalizedField(_("name"))
    about = LocalizedField(_("about"), blank=True)
    amount = models.PositiveBigIntegerField(_("price"))
    per = models.CharField(_("price is"), max_length=16, choices=ExtraPer.choices, default=ExtraPer.UNIT)
    most = models.PositiveSmallIntegerField(
        _("so many in one booking"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_LANES)]
    )
    included = models.PositiveSmallIntegerField(_("of which are free"), default=0)
    tax_class = models.CharField(
        _("tax class"), max_length=40, blank=True, default="",
        help_text=_("As a tax rate names it. Left empty, it is taxed as the service."),
    )  # fmt: skip
    stock = models.PositiveSmallIntegerField(
        _("how many there are"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LANES)],
        help_text=_("Never more than these are in use at the same time. Left empty, they are not counted."),
    )  # fmt: skip
    held_as = models.OneToOneField(
        Resource, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    position = models.SmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("on offer"), default=True)

    class Meta:
        verbose_name = _("extra")
        verbose_name_plural = _("extras")
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="extra_slug_once"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=MOST_LANES), name="extra_can_be_taken"),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(stock__gte=1, stock__lte=MOST_LANES, held_as__isnull=False),
                name="extra_stock_is_held",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    def is_offered_with(self, service_id: UUID) -> bool:
        """Of those on offer; `offers` are best read before."""
        offers = self.offers.all()
        return not offers or any(each.service_id == service_id for each in offers)


class ExtraOffer(TenantModel):
    """A service that an extra is offered with. An extra without any is offered with all."""

    extra = models.ForeignKey(Extra, on_delete=models.CASCADE, related_name="offers")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("service"))

    class Meta:
        verbose_name = _("service it is offered with")
        verbose_name_plural = _("services it is offered with")
        constraints = [models.UniqueConstraint(fields=["extra", "service"], name="extra_offered_once")]

    def __str__(self) -> str:
        return str(self.service_id)
