"""How a booking's money stands, in a few words for whoever booked it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.details.paying import BY_CARD
from holdfast.pricing.models import PaymentMethod
from holdfast.web import formats


def for_customer(payment: Mapping[str, Any]) -> str:
    """`payment` as in the booking's document; "" where there is nothing to say."""
    words = {
        "disputed": _("Your bank is looking into this payment."),
        "refunded": _("Refunded: %(refunded)s."),
        "partly_refunded": _("Paid: %(paid)s. Refunded: %(refunded)s."),
        "paid": _("Paid."),
        "partly_paid": _("Paid: %(paid)s. Still to be paid: %(outstanding)s."),
        "held": _("%(held)s is held on your card; it is charged after the service."),
        "pending": _("Not paid yet."),
        "failed": _("The payment did not go through; nothing was charged."),
        "card_kept": _("Your card is kept for it; nothing was charged yet."),
        "unpaid": _("To be paid on site") if payment["method"] == PaymentMethod.ON_SITE else _("Not paid yet."),
    }
    amounts = {
        name: formats.money(payment[name], payment["currency"]) for name in ("paid", "refunded", "held", "outstanding")
    }
    return words.get(payment["status"], "") % amounts


def afterwards(payment: Mapping[str, Any]) -> str:
    """Of a booking that is no more: what was paid, what was given back, what is still to go back; "" of nothing."""
    if payment["status"] == "disputed" or not payment["paid"]:
        return for_customer(payment) if payment["status"] == "disputed" else ""
    too_much = -payment["outstanding"]
    said = [_("Paid: %(amount)s.") % {"amount": formats.money(payment["paid"], payment["currency"])}]
    if payment["refunded"]:
        said.append(
            _("Refunded: %(refunded)s.") % {"refunded": formats.money(payment["refunded"], payment["currency"])}
        )
    if too_much > 0 and payment["method"] in BY_CARD:
        said.append(_("%(amount)s goes back to your card.") % {"amount": formats.money(too_much, payment["currency"])})
    return " ".join(said)
