"""Errors people and programs can act on: a stable code, an HTTP status, words, and the way out (RFC 9457)."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class HoldfastError(Exception):
    """Base of every refusal. `detail` is for people and translated; `extra` is added to the problem document."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str | Promise] = _("The request was refused")

    def __init__(self, detail: str | Promise | None = None, **extra: Any) -> None:
        self.detail = detail or self.title
        self.extra = extra
        super().__init__(str(self.detail))

    def problem(self) -> dict[str, Any]:
        """The `application/problem+json` body."""
        return {
            "type": f"urn:holdfast:problem:{self.code}",
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
            **self.extra,
        }

    @property
    def headers(self) -> dict[str, str]:
        retry_after = self.extra.get("retry_after")
        return {} if retry_after is None else {"Retry-After": str(retry_after)}


class ValidationError(HoldfastError):
    """`errors` is a list of `{"field", "message"}`."""

    code, status, title = "validation_error", 422, _("Some of what was sent cannot be used")


class NotFound(HoldfastError):
    code, status, title = "not_found", 404, _("There is nothing here")


class Forbidden(HoldfastError):
    code, status, title = "forbidden", 403, _("You may not do this")


class MethodNotAllowed(HoldfastError):
    """`allowed`: the methods that this address understands."""

    code, status, title = "method_not_allowed", 405, _("This address does not understand that method")

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.extra.get("allowed", ()))}


class TooSlow(HoldfastError):
    code, status, title = "too_slow", 408, _("The request did not arrive in time; please send it again")


class TooLarge(HoldfastError):
    code, status, title = "too_large", 413, _("The request is too large")


class IdempotencyInProgress(HoldfastError):
    code, status, title = (
        "idempotency_in_progress",
        409,
        _("The same request is still being worked on; ask again shortly"),
    )


class IdempotencyMismatch(HoldfastError):
    code, status, title = (
        "idempotency_mismatch",
        422,
        _("This Idempotency-Key was used for a different request; use a new key"),
    )


class Busy(HoldfastError):
    code, status, title = "busy", 503, _("Too much is happening at once; nothing was changed, please try again")

    def __init__(self, detail: str | Promise | None = None, **extra: Any) -> None:
        super().__init__(detail, **{"retry_after": 1, **extra})
