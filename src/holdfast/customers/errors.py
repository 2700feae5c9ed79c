"""Why somebody cannot sign in, or their data cannot be erased yet."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class LinkNotGood(HoldfastError):
    """It was used, is too old, or never was one of this organization."""

    code, status, title = "link_not_good", 404, _("This link has been used or is too old")


class TooManyTries(HoldfastError):
    """`retry_after`: seconds."""

    code, status, title = "too_many_tries", 429, _("There were too many attempts. Wait 15 minutes and try again.")


class PasskeyRefused(HoldfastError):
    code, status, title = "passkey_refused", 422, _("This passkey could not be used. Nothing was changed.")


class SignInAgain(HoldfastError):
    """Ways to sign in are changed only by whoever has just shown who they are."""

    code, status, title = (
        "sign_in_again",
        403,
        _("To change how you sign in, follow a new link from a mail first, so that nobody else can do it for you."),
    )


class NotErasableYet(HoldfastError):
    """`bookings`: the references of those that are still to come."""

    code, status, title = (
        "not_erasable_yet",
        409,
        _("There are bookings still to come. They have to be cancelled or over before anything is erased."),
    )
