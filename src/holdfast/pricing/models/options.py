"""The ways to pay that an organization offers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from holdfast.core.models import TenantModel


class PaymentMethod(models.TextChoices):
    """How a booking is paid. NONE is of bookings that cost nothing."""

    CARD = "card", _("Card, in advance")
    CHECKOUT = "checkout", _("Payment page")
    CARD_ON_FILE = "card_on_file", _("Card kept, charged later")
    ON_SITE = "on_site", _("On site")
    NONE = "none", _("None")


class PaymentOption(TenantModel):
    """A way to pay that an organization offers. One without any offers payment on site."""

    method = models.CharField(
        _("payment method"), max_length=16, choices=[each for each in PaymentMethod.choices if each[0] != "none"]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("payment option")
        verbose_name_plural = _("payment options")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "method"], name="payment_option_once")]

    def __str__(self) -> str:
        return str(self.get_method_display())
