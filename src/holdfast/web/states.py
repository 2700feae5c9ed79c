"""How each state of a booking and of its money looks and is called: an icon and a word, so that color never speaks
alone.
"""

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BOOKING_STATES: "dict[str, tuple[str, StrOrPromise]]" = {
    "held": ("hourglass", pgettext_lazy("booking state", "Held")),
    "pending_payment": ("credit-card", pgettext_lazy("booking state", "Awaiting payment")),
    "requested": ("clock", pgettext_lazy("booking state", "To approve")),
    "confirmed": ("check", pgettext_lazy("booking state", "Confirmed")),
    "in_progress": ("play", pgettext_lazy("booking state", "In progress")),
    "completed": ("square-check-big", pgettext_lazy("booking state", "Completed")),
    "cancelled": ("ban", pgettext_lazy("booking state", "Cancelled")),
    "no_show": ("user-x", pgettext_lazy("booking state", "No-show")),
    "expired": ("calendar-off", pgettext_lazy("booking state", "Expired")),
}
# Said to the customer, where it is another word: they wait for what staff have to do.
FOR_CUSTOMERS: "dict[str, StrOrPromise]" = {
    "requested": pgettext_lazy("booking state", "Waiting for approval"),
    "no_show": pgettext_lazy("booking state", "Missed"),
}
# Of its money (domain/ledger.py:PaymentStatus): icon, the kind of its color, word.
PAYMENT_STATUSES: "dict[str, tuple[str, str, StrOrPromise]]" = {
    "disputed": ("circle-alert", "error", pgettext_lazy("payment status", "Disputed")),
    "failed": ("triangle-alert", "error", pgettext_lazy("payment status", "Payment failed")),
    "pending": ("clock", "warning", pgettext_lazy("payment status", "Payment asked for")),
    "unpaid": ("banknote", "", pgettext_lazy("payment status", "To be paid")),
    "partly_paid": ("banknote", "warning", pgettext_lazy("payment status", "Partly paid")),
    "card_kept": ("credit-card", "", pgettext_lazy("payment status", "Card kept")),
    "held": ("lock", "info", pgettext_lazy("payment status", "Held on the card")),
    "paid": ("circle-check", "success", pgettext_lazy("payment status", "Paid")),
    "partly_refunded": ("undo-2", "", pgettext_lazy("payment status", "Partly refunded")),
    "refunded": ("undo-2", "", pgettext_lazy("payment status", "Refunded")),
    "nothing_due": ("circle-check", "", pgettext_lazy("payment status", "Nothing to pay")),
}
