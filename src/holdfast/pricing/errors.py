"""Why a change of prices can be refused."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class PricesChanged(HoldfastError):
    """Somebody else saved it after it was looked at."""

    code, status, title = "prices_changed", 409, _("Somebody else has changed this in the meantime")


class PromotionUsed(HoldfastError):
    """`uses`: by how many bookings, cancelled ones too."""

    code, status, title = (
        "promotion_used",
        409,
        _("Bookings were made with this promotion, so it is kept with them. Switch it off instead"),
    )


class TariffInForce(HoldfastError):
    code, status, title = "tariff_in_force", 409, _("This tariff is in force. Put another one in force first")
