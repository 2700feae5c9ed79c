"""Stripe's test cards, and what a bank answers to each (docs.stripe.com/testing)."""

from dataclasses import dataclass

# decline_code -> (code, message), in Stripe's words.
DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "Your card was declined."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`declines` every charge and every saving; `declines_charges` only charges (it can be saved).

    `authentication`: "" never, "once" unless it was set up for later use, "always" also then. `disputes`: the reason
    of the dispute that follows a charge. `refunds`: "" at once, "pending" or "failing".
    """

    number: str
    alias: str  # pm_card_<alias>, which the API takes instead of a number
    brand: str = "visa"
    declines: str = ""
    declines_charges: str = ""
    authentication: str = ""
    disputes: str = ""
    refunds: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    Card("4242424242424242", "visa"),
    Card("5555555555554444", "mastercard", brand="mastercard"),
    Card("378282246310005", "amex", brand="amex"),
    Card("4000000000000002", "chargeDeclined", declines="generic_decline"),
    Card("4000000000009995", "chargeDeclinedInsufficientFunds", declines="insufficient_funds"),
    Card("4000000000009987", "chargeDeclinedLostCard", declines="lost_card"),
    Card("4000000000000069", "chargeDeclinedExpiredCard", declines="expired_card"),
    Card("4000000000000127", "chargeDeclinedIncorrectCvc", declines="incorrect_cvc"),
    Card("4000000000000119", "chargeDeclinedProcessingError", declines="processing_error"),
    Card("4000000000000341", "chargeCustomerFail", declines_charges="generic_decline"),
    Card("4000002500003155", "authenticationRequiredOnSetup", authentication="once"),
    Card("4000002760003184", "authenticationRequired", authentication="always"),
    Card(
        "4000008260003178",
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        authentication="always",
        declines_charges="insufficient_funds",
    ),
    Card("4000008400001629", "threeDSecureRequiredChargeDeclined", authentication="always", declines="generic_decline"),
    Card("4000000000000259", "createDispute", disputes="fraudulent"),
    Card("4000000000002685", "createDisputeProductNotReceived", disputes="product_not_received"),
    Card("4000000000007726", "pendingRefund", refunds="pending"),
    Card("4000000000005126", "refundFail", refunds="failing"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_ALIAS = {f"pm_card_{card.alias}": card for card in CARDS}
