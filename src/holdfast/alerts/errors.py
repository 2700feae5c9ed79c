"""Why an alert cannot be acknowledged any more."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class AlreadyAcknowledged(HoldfastError):
    """`by`: who was first, `at`: when."""

    code, status, title = "already_acknowledged", 409, _("Somebody else is already taking care of it")


class AlertOver(HoldfastError):
    code, status, title = "alert_over", 409, _("There is nothing left to take care of any more")
