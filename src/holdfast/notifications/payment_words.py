"""What a mail says of a booking's money. With the places %(amount)s %(card)s %(why)s %(service)s %(when)s %(customer)s
%(organization)s %(until)s.
"""

from django.utils.translation import gettext_lazy as _

from holdfast.notifications.wording import Words

FOR_CUSTOMER = {
    "received": Words(
        _("Receipt: %(amount)s, %(service)s"),
        _("We have received your payment"),
        _("%(amount)s, paid by %(card)s. Thank you; keep this mail as your receipt."),
    ),
    "received_on_site": Words(
        _("Receipt: %(amount)s, %(service)s"),
        _("We have received your payment"),
        _("%(amount)s, receipt %(receipt)s. Thank you; keep this mail as your receipt."),
    ),
    "failed": Words(
        _("Your card was not charged: %(service)s, %(when)s"),
        _("Your card needs you"),
        _("%(amount)s could not be charged to your card. %(why)s. The button lets you pay, also with another card."),
    ),
    "authentication": Words(
        _("Your bank asks for you: %(service)s, %(when)s"),
        _("Please confirm a payment with your bank"),
        _("Your bank wants to see you before it pays %(amount)s. Nothing was charged yet; the button takes you there."),
    ),
    "refunded": Words(
        _("Refund: %(amount)s, %(service)s"),
        _("Your money is on its way back"),
        _("%(amount)s goes back to %(card)s. Banks take five to ten days to show it."),
    ),
    "refunded_on_site": Words(
        _("Refund: %(amount)s, %(service)s"),
        _("You got money back"),
        _("%(amount)s was given back to you, receipt %(receipt)s."),
    ),
    "too_late": Words(
        _("Not booked, and refunded: %(service)s, %(when)s"),
        _("Your payment came when the time was gone"),
        _(
            "The time was no longer kept for you, and somebody else has it now. You are not booked. "
            "What you paid goes back to your card by itself."
        ),
    ),
    "too_late_card": Words(
        _("Not booked: %(service)s, %(when)s"),
        _("The time was gone before your card was there"),
        _("Somebody else has it now. You are not booked, and nothing was charged."),
    ),
    "card_kept": Words(
        _("Your card is kept: %(service)s, %(when)s"),
        _("Your card is kept for this booking"),
        _(
            "Nothing was charged. Your bank may set %(amount)s aside shortly before the service; "
            "it is charged afterwards."
        ),
    ),
    "asked": Words(
        _("Please pay: %(service)s, %(when)s"),
        _("Here you can pay your booking"),
        _("%(amount)s is to be paid to %(organization)s. The button takes you to the page where you pay by card."),
    ),
}

FOR_BUSINESS = {
    "failed": Words(
        _("Card refused: %(customer)s, %(service)s, %(when)s"),
        _("A kept card was refused"),
        _("%(amount)s could not be charged: %(why)s. %(customer)s was sent a link to pay."),
    ),
    "refund_failed": Words(
        _("Refund failed: %(customer)s, %(amount)s"),
        _("A refund did not go through"),
        _("%(amount)s came back or was refused: %(why)s. Please give it back another way, or try again on the desk."),
    ),
    "disputed": Words(
        _("Disputed: %(customer)s, %(amount)s"),
        _("A customer disputes a payment"),
        _("%(why)s. Until the bank decides nothing is refunded or charged. Your answer is due by %(until)s."),
    ),
    "dispute_won": Words(
        _("Dispute won: %(customer)s, %(amount)s"),
        _("You won a dispute"),
        _("The bank decided for you; %(amount)s stays with you."),
    ),
    "dispute_lost": Words(
        _("Dispute lost: %(customer)s, %(amount)s"),
        _("You lost a dispute"),
        _("The bank decided for the customer; %(amount)s is gone."),
    ),
}
