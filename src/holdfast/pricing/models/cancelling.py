"""What cancelling late and not coming cost: `domain/cancellation.py:Ladder` as rows."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import Service
from holdfast.core.fields import in_language
from holdfast.core.models import TenantModel
from holdfast.pricing.models.shares import IS_SHARE, share_field


class CancellationPolicy(TenantModel):
    """A ladder for one service, or for all that have none of their own, and what not coming costs.

    Without any, customers cancel for free until the organization's notice begins, and call from then on.
    """

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service"),
        help_text=_("Left empty: all that have none of their own."),
    )  # fmt: skip
    percent = share_field(_("not coming costs, in percent"))
    amount = models.PositiveBigIntegerField(_("not coming costs"), null=True, blank=True)

    class Meta:
        verbose_name = _("cancellation policy")
        verbose_name_plural = _("cancellation policies")
        ordering = ["service", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "service"], name="cancellation_policy_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=IS_SHARE, name="no_show_is_a_share"),
        ]

    def __str__(self) -> str:
        return in_language(self.service.name) if self.service else str(_("All services"))


class CancellationStep(TenantModel):
    """What cancelling costs at less notice than `within` minutes."""

    policy = models.ForeignKey(
        CancellationPolicy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("cancellation policy")
    )
    within = models.PositiveIntegerField(_("within (minutes before)"), validators=[MinValueValidator(1)])
    percent = share_field(_("percent of the price"))
    amount = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-within"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "within"], name="cancellation_step_once"),
            models.CheckConstraint(condition=IS_SHARE & Q(within__gte=1), name="cancellation_step_is_a_share"),
        ]

    def __str__(self) -> str:
        return str(self.within)
