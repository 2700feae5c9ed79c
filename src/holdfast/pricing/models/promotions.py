"""Promotions: what is taken off, for whom and how often."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import Extra, Service, Weekday
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel


class BenefitKind(models.TextChoices):
    PERCENT = "percent", _("A percentage off")
    AMOUNT = "amount", _("An amount off")
    EXTRA = "extra", _("An extra for nothing")


class Promotion(TenantModel):
    """Something off, with a code or for everybody. Only what has a code can be used up: uses are of those who enter it.

    Dates are local to the organization, both ends inclusive; a use is a booking that was not cancelled.
    """

    name = LocalizedField(_("name"))
    code = models.CharField(
        _("code"), max_length=40, blank=True, default="",
        help_text=_("What customers enter; capitals do not matter. Left empty, everybody gets it."),
    )  # fmt: skip
    benefit = models.CharField(_("takes off"), max_length=16, choices=BenefitKind.choices)
    percent = models.DecimalField(_("percent"), max_digits=6, decimal_places=3, null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    most = models.PositiveBigIntegerField(_("takes off at most"), null=True, blank=True)
    extra = models.ForeignKey(
        Extra, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extra")
    )
    extra_count = models.PositiveSmallIntegerField(_("so many of it"), default=1, db_default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    booked_from = models.DateField(_("booked from"), null=True, blank=True)
    booked_until = models.DateField(_("booked until"), null=True, blank=True)
    served_from = models.DateField(_("served from"), null=True, blank=True)
    served_until = models.DateField(_("served until"), null=True, blank=True)
    weekdays = ArrayField(
        models.SmallIntegerField(choices=Weekday.choices), verbose_name=_("weekdays"), default=list, blank=True
    )
    minimum = models.PositiveBigIntegerField(_("for prices of at least"), default=0)
    uses = models.PositiveIntegerField(_("may be used so often in all"), null=True, blank=True)
    uses_each = models.PositiveIntegerField(_("may be used so often by one customer"), null=True, blank=True)
    combinable = models.BooleanField(_("together with others"), default=False)
    is_active = models.BooleanField(_("given"), default=True)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("organization", Upper("code"), condition=~Q(code=""), name="promotion_code_once"),
            models.CheckConstraint(
                condition=Q(
                    benefit="percent", percent__isnull=False, percent__gt=0, percent__lte=100, amount=None, extra=None
                )
                | Q(benefit="amount", amount__isnull=False, amount__gt=0, percent=None, most=None, extra=None)
                | Q(benefit="extra", extra__isnull=False, extra_count__gte=1, percent=None, amount=None, most=None),
                name="promotion_takes_something_off",
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(uses=None, uses_each=None), name="promotion_limited_by_its_code"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    @property
    def services(self) -> list[Service]:
        """Those it is for, none: all; `meant_for` is best read before."""
        return [each.service for each in self.meant_for.all()]


class PromotionService(TenantModel):
    """A service that a promotion is for. A promotion without any is for all.

    A service that has one cannot be deleted: its promotions would be for all then.
    """

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="meant_for")
    service = models.ForeignKey(Service, on_delete=models.RESTRICT, related_name="+", verbose_name=_("service"))

    class Meta:
        verbose_name = _("service it is for")
        verbose_name_plural = _("services it is for")
        constraints = [models.UniqueConstraint(fields=["promotion", "service"], name="promotion_meant_once")]

    def __str__(self) -> str:
        return str(self.service_id)
