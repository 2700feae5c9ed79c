"""Why the desk can refuse."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class TooManyAttempts(HoldfastError):
    code, status, title = "too_many_attempts", 429, _("Too many attempts to sign in")
