"""What cancelling costs, as dates: for pages, mails and the API, before and after booking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from holdfast.bookings import cancelling, notice
from holdfast.bookings.details import ladder
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.domain.cancellation import Charge
from holdfast.domain.hours import from_minute
from holdfast.domain.lifecycle import ACTIVE
from holdfast.domain.money import Money
from holdfast.pricing.documents import money_document
from holdfast.pricing.wording import percentage
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Rung:
    """ "Until Thursday, March 12, 2:00 PM": "50% = €47.50". `is_now`: what cancelling costs at this moment."""

    label: str
    cost: str
    is_now: bool = False

    def __str__(self) -> str:
        return formats.labelled(self.label, self.cost)


def rungs(booking: Booking, now: datetime, *, form: str = "when") -> list[Rung]:
    """What is still ahead, each with the local moment until which it holds, and what not coming costs.

    Empty without a ladder. `form`: of `formats.moment`.
    """
    agreed = ladder.ladder_of(booking)
    if agreed is None:
        return []
    steps = [
        (clock.from_minute(until), charge)
        for until, charge in agreed.shown(clock.to_minute(booking.starts_at))
        if clock.from_minute(until) >= now
    ]
    found = []
    for number, (until, charge) in enumerate(steps, 1):
        when = {"when": formats.moment(until, booking.time_zone, form)}
        label = _("Until it begins") if number == len(steps) else _("Until %(when)s") % when
        found.append(Rung(label, _cost(charge, booking), is_now=number == 1))
    return [*found, Rung(_("If you miss it"), _cost(agreed.no_show, booking))]


def document(booking: Booking, organization: Organization, now: datetime) -> dict[str, Any]:
    """For the API. `fee_now`: what cancelling costs now, None where a customer cannot do it (any more)."""
    zone, steps = booking.time_zone, ladder.shown(booking)
    may = booking.state in ACTIVE and cancelling.may_cancel(booking, organization, now)
    return {
        "free_until": _local(zone, notice.free_until(booking, organization)),
        "steps": [{"until": _local(zone, until), "fee": money_document(fee)} for until, fee in steps],
        "no_show": money_document(ladder.no_show_fee(booking)) if steps else None,
        "fee_now": money_document(ladder.fee_for(booking, now)) if may else None,
        "words": [str(each) for each in rungs(booking, now)],
    }


def _cost(charge: Charge, booking: Booking) -> str:
    fee = ladder.cost_of(charge, booking)
    if not fee.amount:
        return pgettext("cancelling", "Free")
    if not charge.percent:
        return _money(fee)
    return _("%(percent)s = %(amount)s") % {"percent": percentage(str(charge.percent)), "amount": _money(fee)}


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)


def _local(zone: str, moment: datetime) -> str:
    return from_minute(zone, clock.to_minute(moment)).isoformat(timespec="seconds")
