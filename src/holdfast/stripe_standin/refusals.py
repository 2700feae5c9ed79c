"""What Stripe says no with: the `error` object, its HTTP status, and whether an idempotency key remembers it."""

from typing import Any


class Refusal(Exception):
    """An answer that is not 2xx.

    `commits`: what was written on the way stays (a declined charge exists). `remembered`: a repetition with the same
    idempotency key gets the same answer; refusals of parameters are not remembered, since nothing was begun.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        commits: bool = False,
        remembered: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.commits, self.remembered = status, commits, remembered
        self.error = {"type": kind, "message": message, **{name: each for name, each in more.items() if each}}
        if "code" in self.error:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.error['code'].replace('_', '-')}"


def wrong_parameter(name: str, message: str, code: str = "parameter_invalid") -> Refusal:
    return Refusal(message, code=code, param=name, remembered=False)


def missing_parameter(name: str) -> Refusal:
    return wrong_parameter(name, f"Missing required param: {name}.", "parameter_missing")


def no_such(kind: str, identifier: str, param: str = "id") -> Refusal:
    name = {"checkout.session": "checkout.session", "payment_method": "PaymentMethod"}.get(kind, kind)
    return Refusal(f"No such {name}: '{identifier}'", status=404, code="resource_missing", param=param)


def unexpected_state(message: str, **more: Any) -> Refusal:
    return Refusal(message, code="payment_intent_unexpected_state", **more)
