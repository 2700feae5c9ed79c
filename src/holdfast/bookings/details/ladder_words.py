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
from holdfast.domain.cancellation import Charge, Ladder
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
    return [] if agreed is None else _rungs(booking, agreed, ladder.basis_of(booking), now, form)


def _rungs(booking: Booking, agreed: Ladder, basis: Money, now: datetime, form: str) -> list[Rung]:
    steps = [
        (clock.from_minute(until), charge)
        for until, charge in agreed.shown(clock.to_minute(booking.starts_at))
        if clock.from_minute(until) >= now
    ]
    found = []
    for number, (until, charge) in enumerate(steps, 1):
        when = {"when": formats.moment(until, booking.time_zone, form)}
        label = _("Until it begins") if number == len(steps) else _("Until %(when)s") % when
        found.append(Rung(label, _cost(charge, basis), is_now=number == 1))
    return [*found, Rung(_("If you miss it"), _cost(agreed.no_show, basis))]


def document(booking: Booking, organization: Organization, now: datetime, *, is_new: bool = False) -> dict[str, Any]:
    """For the API. `fee_now`: what cancelling costs now, None where a customer cannot do it (any more). `is_new`: it
    was just booked, so nobody needs to ask what was let off.
    """
    zone, agreed = booking.time_zone, ladder.ladder_of(booking)
    may = booking.state in ACTIVE and cancelling.may_cancel(booking, organization, now)
    free_until = _local(zone, notice.free_until(booking, organization))
    if agreed is None:
        free = money_document(ladder.fee_for(booking, now)) if may else None
        return {"free_until": free_until, "steps": [], "no_show": None, "fee_now": free, "words": []}
    basis, starts = ladder.basis_of(booking, is_new=is_new), clock.to_minute(booking.starts_at)
    steps = [(clock.from_minute(until), charge.of(basis)) for until, charge in agreed.shown(starts)]
    return {
        "free_until": free_until,
        "steps": [{"until": _local(zone, until), "fee": money_document(fee)} for until, fee in steps],
        "no_show": money_document(agreed.no_show.of(basis)),
        "fee_now": money_document(ladder.fee_for(booking, now, basis)) if may else None,
        "words": [str(each) for each in _rungs(booking, agreed, basis, now, "when")],
    }


def _cost(charge: Charge, basis: Money) -> str:
    fee = charge.of(basis)
    if not fee.amount:
        return pgettext("cancelling", "Free")
    if not charge.percent:
        return _money(fee)
    return _("%(percent)s = %(amount)s") % {"percent": percentage(str(charge.percent)), "amount": _money(fee)}


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)


def _local(zone: str, moment: datetime) -> str:
    return from_minute(zone, clock.to_minute(moment)).isoformat(timespec="seconds")
