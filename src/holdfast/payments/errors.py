"""Why a payment can be refused, or not be known. Codes are those of the API contract."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class GatewayError(HoldfastError):
    """Base of what goes wrong with cards. `outcome_unknown`: it may have happened; asking again with the same key is
    safe and tells. `request`: the gateway's own number of the request, for its support; never a key.
    """

    code, status, title = "payment_failed", 502, _("The payment could not be made; nothing was charged")
    outcome_unknown: ClassVar[bool] = False

    def __init__(self, detail: str | Promise | None = None, *, request: str = "", **extra: object) -> None:
        super().__init__(detail, **extra)
        self.request = request


class CardRefused(GatewayError):
    """The bank said no. `reason` is one of REASONS, `payment` the intent it was for, if there is one."""

    code, status, title = "card_refused", 402, _("Your card was refused; please try another one")

    def __init__(self, reason: str, *, payment: str = "", request: str = "") -> None:
        super().__init__(WORDS.get(reason, self.title), request=request, reason=reason)
        self.reason, self.payment = reason, payment


class AuthenticationNeeded(GatewayError):
    """The bank wants to see the card's owner, who is not there. `payment` is the intent that waits for them."""

    code, status, title = "authentication_needed", 402, _("Your bank asks you to confirm this payment")

    def __init__(self, *, payment: str = "", request: str = "") -> None:
        super().__init__(request=request)
        self.payment = payment


class GatewayUnavailable(GatewayError):
    """Nobody answered, or not sensibly: whether it happened is not known.

    `has_answered`: it failed there, and will fail again under the same idempotency key.
    """

    code, status, title = (
        "payments_unavailable",
        503,
        _("The card service does not answer. You are never charged twice; please try again in a moment"),
    )
    outcome_unknown = True

    def __init__(self, detail: str | Promise | None = None, *, request: str = "", has_answered: bool = False) -> None:
        super().__init__(detail, request=request)
        self.has_answered = has_answered


class GatewayBusy(GatewayError):
    """Too many requests: nothing was done."""

    code, status, title = "payments_busy", 503, _("The card service is busy; nothing was charged, please try again")


class GatewayNotSetUp(GatewayError):
    """The organization's keys are missing, wrong or not allowed to do this."""

    code, status, title = (
        "payments_not_set_up",
        503,
        _("Card payments are not set up properly; please tell the business"),
    )


class KeysRefused(GatewayError):
    """The company does not know the key, or the key may not ask who it belongs to."""

    code, status, title = (
        "payment_keys_refused",
        422,
        _(
            "Stripe does not accept this secret key. Copy it once more; "
            "a restricted key must be allowed to read the account"
        ),
    )


class AddressRefused(GatewayError):
    """The company cannot or will not send notices to our address."""

    code, status, title = "address_refused", 422, _("Stripe does not accept the address")


class RequestRefused(GatewayError):
    """What we asked makes no sense to the gateway: a mistake of ours. `said` is its own explanation, for the log."""

    def __init__(self, said: str, *, request: str = "") -> None:
        super().__init__(request=request)
        self.said = said

    def __str__(self) -> str:
        return self.said


class StateChanged(RequestRefused):
    """It is no longer in the state this needs: paid, cancelled or refunded in the meantime. Look again first."""

    code, status, title = "payment_state_changed", 409, _("This payment has changed in the meantime; look again first")


class NotAtGateway(RequestRefused):
    """The gateway knows no such thing, or it belongs to another account."""

    code, status, title = "payment_not_found", 404, _("There is no such payment")


class KeyUsedOtherwise(RequestRefused):
    """An idempotency key came with other parameters: the first request with it stands, this one was not made."""

    code, status, title = "payment_state_changed", 409, _("This payment has changed in the meantime; look again first")


class AmountNotChargeable(GatewayError):
    """An amount that the gateway cannot charge in this currency."""

    code, status, title = "amount_not_chargeable", 422, _("This amount cannot be paid by card in this currency")


class PaymentsOpen(HoldfastError):
    """`count`: how many payments only the account that is connected can bring to an end."""

    code, status, title = (
        "payments_open",
        409,
        _("Payments are open at the account that is connected. Bring their bookings to an end first"),
    )


class NotRefundable(HoldfastError):
    """`available`: how much of it can still be given back to cards, minor units."""

    code, status, title = "not_refundable", 409, _("There is less left to give back than this")


class NothingOwed(HoldfastError):
    """`outstanding`: what is still owed and not held, minor units."""

    code, status, title = "nothing_owed", 409, _("This is more than is still owed")


class PaymentUnderWay(HoldfastError):
    code, status, title = "payment_under_way", 409, _("This booking is just being paid another way; look again shortly")


class AnotherWayOpen(PaymentUnderWay):
    """Another way to pay is open at the company. Never leaves the room: it is closed first."""


class MoneyChanged(HoldfastError):
    code, status, title = (
        "money_changed",
        409,
        _("Something happened to this booking’s money in the meantime; nothing of yours was done. Look again first"),
    )


class ReceiptUsed(HoldfastError):
    code, status, title = "receipt_used", 409, _("This receipt number was used before")


class NoCardKept(HoldfastError):
    code, status, title = "no_card_kept", 409, _("No card is kept for this booking")


class ReconciliationUnderWay(HoldfastError):
    code, status, title = "reconciliation_under_way", 409, _("A reconciliation is running already; look again shortly")


class DifferenceResolved(HoldfastError):
    code, status, title = "difference_resolved", 409, _("This difference was resolved in the meantime")


class NotThisWay(HoldfastError):
    """`why` is in the words: another currency, a booking that is not there."""

    code, status, title = "not_this_way", 409, _("This difference cannot be resolved this way")


class BadSignature(HoldfastError):
    """A notice that nobody with the secret has signed, or long ago."""

    code, status, title = "bad_signature", 400, _("The signature is missing, wrong or too old")


# What CardRefused knows to tell people apart; any other reason is "declined".
WORDS: dict[str, Promise] = {
    "insufficient_funds": _("Your card has too little money for this; please try another one"),
    "expired_card": _("Your card has expired; please use another one"),
    "incorrect_cvc": _("The security code of the card is not right; please check it"),
    "incorrect_number": _("The number of the card is not right; please check it"),
    "processing_error": _("The bank could not look at this just now; please try again in a moment"),
    "authentication_required": _("Your bank asks you to confirm this payment"),
    "authentication_failed": _("Your bank could not confirm that it is you; please try again or use another card"),
}
REASONS = ("declined", *WORDS)


class NothingPaid(HoldfastError):
    """There is no receipt before there is money."""

    code, status, title = "nothing_paid", 409, _("Nothing was paid for this booking yet, so there is no receipt")
