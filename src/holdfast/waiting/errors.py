"""Why the waiting list can refuse. Codes are those of the API contract."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class AlreadyWaiting(HoldfastError):
    code, status, title = (
        "already_waiting",
        409,
        _("You are on the waiting list for these dates already; the mail that said so has the link to your place"),
    )


class TooManyWaiting(HoldfastError):
    code, status, title = "too_many_waiting", 409, _("You wait for many times already; leave one of them first")


class FreeAlready(HoldfastError):
    """`alternatives`: up to five starts that fit and are free now, RFC 3339."""

    code, status, title = (
        "free_already",
        409,
        _("There are free times that fit: book one of them, or say more closely which times you wait for"),
    )


class OfferOver(HoldfastError):
    code, status, title = "offer_over", 409, _("This time is no longer kept for you; it has passed on")


class NotWaiting(HoldfastError):
    code, status, title = "not_waiting", 409, _("This place on the waiting list has been given up or used already")
