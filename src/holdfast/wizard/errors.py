"""What can go wrong between seeing the price and booking."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class PriceChanged(HoldfastError):
    code, status, title = (
        "price_changed",
        409,
        _("The price has changed since you saw it. Nothing was booked; please look at it again."),
    )
