"""Why somebody may not listen, or not now."""

import random

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class CredentialsNeeded(HoldfastError):
    code, status, title = (
        "credentials_needed",
        401,
        _("Sign in, or send a key or the link of a booking; without them, name a service"),
    )

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class ForeignOrigin(HoldfastError):
    code, status, title = "foreign_origin", 403, _("A page of another site may not listen in your name")


class UnknownEvent(HoldfastError):
    """Whoever gets it listens without an id, and asks anew for what they show."""

    code, status, title = (
        "unknown_event",
        422,
        _("There is no event with this id here; ask for everything anew and listen without an id"),
    )


class TooManyStreams(HoldfastError):
    code, status, title = (
        "too_many_streams",
        429,
        _("Too many live connections are open from your network; close some, or come again later"),
    )


class StreamsFull(HoldfastError):
    code, status, title = (
        "streams_full",
        503,
        _("No more live connections fit here right now; what you see stays right, please come again shortly"),
    )


def soon() -> int:
    """Seconds to wait, spread so that a crowd does not return together."""
    return random.randint(5, 30)  # noqa: S311 - no secret
