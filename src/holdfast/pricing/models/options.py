"""The ways to pay that an organization offers, with what they cost; what is asked at once; tips."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import Service
from holdfast.core.fields import in_language
from holdfast.core.models import TenantModel
from holdfast.pricing.models.shares import IS_SHARE, IS_SOMETHING, share_field


class PaymentMethod(models.TextChoices):
    """How a booking is paid. NONE is of bookings that cost nothing."""

    CARD = "card", _("Card, in advance")
    CHECKOUT = "checkout", _("Payment page")
    CARD_ON_FILE = "card_on_file", _("Card kept, charged later")
    ON_SITE = "on_site", _("On site")
    NONE = "none", _("None")


class BorneBy(models.TextChoices):
    BUSINESS = "business", _("The business")
    CUSTOMER = "customer", _("The customer, as a line of the price")


class PaymentOption(TenantModel):
    """A way to pay that an organization offers, and what it costs. One without any offers payment on site."""

    method = models.CharField(
        _("payment method"), max_length=16, choices=[each for each in PaymentMethod.choices if each[0] != "none"]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    is_active = models.BooleanField(_("offered"), default=True)
    fee_percent = models.DecimalField(
        _("fee in percent"), max_digits=6, decimal_places=3, default=0, db_default=0,
        validators=[MinValueValidator(0), MaxValueValidator(50)],
        help_text=_("What the card company takes of a payment."),
    )  # fmt: skip
    fee_fixed = models.PositiveBigIntegerField(_("fixed fee"), default=0, db_default=0)
    fee_borne_by = models.CharField(
        _("borne by"), max_length=16, choices=BorneBy.choices, default=BorneBy.BUSINESS, db_default=BorneBy.BUSINESS,
        help_text=_(
            "In the European Economic Area customers may not be charged for paying by an ordinary card "
            "(Directive (EU) 2015/2366, article 62)."
        ),
    )  # fmt: skip
    fee_of_all = models.BooleanField(
        _("taken of the fee, too"), default=False, db_default=False,
        help_text=_("The customer is asked for as much as leaves the whole price after the percentage is taken."),
    )  # fmt: skip
    hold_hours = models.PositiveSmallIntegerField(
        _("hours before the service to hold the money"), default=24, db_default=24,
        validators=[MinValueValidator(1), MaxValueValidator(96)],
        help_text=_(
            "Of a card that is kept: so long before it begins the bank is asked to set the price aside, 1 to 96 hours, "
            "usually 24. It is taken after the service, before the seven days are over for which banks do so."
        ),
    )  # fmt: skip

    class Meta:
        verbose_name = _("payment option")
        verbose_name_plural = _("payment options")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "method"], name="payment_option_once"),
            models.CheckConstraint(condition=Q(fee_percent__gte=0, fee_percent__lte=50), name="payment_fee_is_a_share"),
            models.CheckConstraint(condition=Q(hold_hours__gte=1, hold_hours__lte=96), name="payment_hold_within_days"),
            # What is offered is shown without a choice of method: paying on site costs what is shown.
            models.CheckConstraint(
                condition=~Q(method="on_site") | Q(fee_percent=0, fee_fixed=0), name="payment_on_site_without_fee"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_method_display())


class Deposit(TenantModel):
    """What is asked when booking by a card in advance: of one service, or of all that have none of their own."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service"),
        help_text=_("Left empty: all that have none of their own."),
    )  # fmt: skip
    percent = share_field(_("percent"))
    amount = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    whole_within = models.PositiveIntegerField(
        _("all at once within (minutes before)"), default=0,
        help_text=_("Who books at less notice than this pays all of it at once."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["service", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "service"], name="deposit_once", nulls_distinct=False),
            models.CheckConstraint(condition=IS_SHARE & IS_SOMETHING, name="deposit_is_a_share"),
        ]

    def __str__(self) -> str:
        return in_language(self.service.name) if self.service else str(_("All services"))


class TipChoices(TenantModel):
    """What may be added for those who serve. An organization without a row takes no tips with a booking."""

    percents = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100)]),
        verbose_name=_("percentages"), default=list, blank=True, size=5,
        help_text=_("Of the price with its tax, such as 5, 10, 15."),
    )  # fmt: skip
    is_free = models.BooleanField(_("any amount"), default=True, help_text=_("Customers may also say an amount."))

    class Meta:
        verbose_name = _("tips")
        verbose_name_plural = _("tips")
        constraints = [models.UniqueConstraint(fields=["organization"], name="tip_choices_once")]

    def __str__(self) -> str:
        return ", ".join(f"{percent} %" for percent in self.percents)
