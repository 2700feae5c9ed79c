"""Tax rates, and rates of exchange: what others lay down."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import Service
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel


class TaxRate(TenantModel):
    """A rate of one service, of a class of extras, or of all that have none of their own.

    From one local date to another, both inclusive.
    """

    name = LocalizedField(_("name"))
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service"),
        help_text=_("Left empty: all that have no rate of their own."),
    )  # fmt: skip
    tax_class = models.CharField(
        _("tax class"), max_length=40, blank=True, default="", db_default="",
        help_text=_("A word that extras can name, such as drinks; the rate is theirs alone."),
    )  # fmt: skip
    percent = models.DecimalField(
        _("percent"), max_digits=6, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["service", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_rate_is_a_share"),
            models.CheckConstraint(condition=Q(service=None) | Q(tax_class=""), name="tax_rate_of_one_or_the_other"),
        ]

    def __str__(self) -> str:
        return in_language(self.name)


class ExchangeRate(models.Model):
    """What one euro is in another currency on a day, as published. The same for every organization."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    per_euro = models.DecimalField(max_digits=20, decimal_places=8)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-day", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["day", "currency"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(per_euro__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.currency} {self.per_euro}"
