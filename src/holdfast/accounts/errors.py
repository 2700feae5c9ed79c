"""Why a change to people or keys can be refused."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class AlreadyStaff(HoldfastError):
    code, status, title = "already_staff", 409, _("This person already works here")


class HasAnAccount(HoldfastError):
    code, status, title = (
        "has_an_account",
        409,
        _("This person already has an account and signs in with its own password; leave the password empty"),
    )


class WorksElsewhere(HoldfastError):
    code, status, title = (
        "works_elsewhere",
        403,
        _("This person also works for another organization; only they can change their account"),
    )


class LastOwner(HoldfastError):
    code, status, title = "last_owner", 409, _("An organization needs at least one owner who may sign in")
