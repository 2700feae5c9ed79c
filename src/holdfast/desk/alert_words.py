"""What an alert says at the desk: what happened, why, until when somebody has to act, and what to do first."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.alerts.models import Alert, AlertKind
from holdfast.alerts.queries import reason_of
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What happened to how much, and what a person can do about it.
MONEY: "dict[str, tuple[StrOrPromise, StrOrPromise]]" = {
    AlertKind.PAYMENT_FAILED: (
        gettext_lazy("%(amount)s could not be charged"),
        gettext_lazy("The customer was sent a link to pay. Call them if the service is near."),
    ),
    AlertKind.FEE_UNPAID: (
        gettext_lazy("A fee of %(amount)s could not be charged"),
        gettext_lazy("Send a link to pay, or let the fee off."),
    ),
    AlertKind.REFUND_FAILED: (
        gettext_lazy("A refund of %(amount)s failed"),
        gettext_lazy("Try again on the booking, or give the money back another way."),
    ),
    AlertKind.DISPUTE: (
        gettext_lazy("%(amount)s is disputed"),
        gettext_lazy("Answer in Stripe, with the evidence of the booking."),
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An alert in words; `until` is when the answer is due, in the desk's zone, "" if there is no such date."""

    alert: Alert
    what: str
    why: str
    to_do: str = ""
    until: str = ""

    @property
    def is_dispute(self) -> bool:
        return self.alert.kind == AlertKind.DISPUTE


def told(alert: Alert, zone: str) -> Told:
    """Of an alert with its `entry` (alerts/queries.py:with_entries)."""
    if alert.kind == AlertKind.EMERGENCY or alert.entry is None:
        return Told(alert, _("Emergency"), reason_of(alert))
    what, to_do = MONEY[alert.kind]
    due = alert.entry.details.get("answer_until")
    entry = alert.entry
    amount = entry.amount or (entry.payment.amount if entry.payment else 0)
    return Told(
        alert,
        str(what) % {"amount": formats.money(amount, entry.currency)},
        reason_of(alert),
        str(to_do),
        formats.moment(datetime.fromisoformat(due), zone, "when_long") if due else "",
    )
