"""What a receipt says: the booking's one bill (payments/bill.py), the tax in its price, and what was paid when."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.bookings.details import facts
from holdfast.bookings.details.facts import Fact
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.domain.ledger import EntryKind
from holdfast.payments import bill, entry_words, ledger
from holdfast.payments.bill import Line
from holdfast.payments.ended import WITHOUT_PRICE
from holdfast.payments.errors import NothingPaid
from holdfast.payments.models import LedgerEntry
from holdfast.pricing.models import TaxRate
from holdfast.pricing.wording import percentage
from holdfast.web import formats, phones

# Kinds of entries that say that money came or went, and how each counts.
MOVED = {EntryKind.RECEIVED: 1, EntryKind.REFUNDED: -1, EntryKind.CORRECTED: 1, EntryKind.DISPUTE_LOST: -1}


@dataclass(frozen=True, slots=True)
class Tax:
    """What the price contains at one rate, in minor units."""

    words: str
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One movement of money; given back it is negative."""

    day: str
    words: str
    amount: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of it in one language. `issued` is when money last moved: the same booking gives the same receipt."""

    language: str
    letter_paper: bool
    issuer: list[str]
    customer: list[str]
    reference: str
    issued: datetime
    day: str
    facts: list[Fact]
    lines: list[Line]
    said: str
    currency: str
    taxes: list[Tax]
    paid: list[Paid]


def receipt_of(booking: Booking, organization: Organization) -> Receipt:
    """In the active language and the organization's transaction. Raises NothingPaid."""
    rows = ledger.rows_of(booking)
    moved = [row for row in rows if row.kind in MOVED and row.amount]
    billed = bill.for_customer(booking)
    if billed is None or not any(row.kind == EntryKind.RECEIVED for row in moved):
        raise NothingPaid
    issued = max(row.at for row in moved)
    return Receipt(
        language=get_language() or "en",
        letter_paper=organization.country in ("US", "CA", "MX"),
        issuer=_lines(
            organization.name, organization.address, phones.in_groups(organization.phone), organization.email
        ),
        customer=_lines(booking.customer_name, booking.customer_email),
        reference=booking.reference,
        issued=issued,
        day=formats.moment(issued, organization.time_zone, "day_long"),
        facts=_facts(booking, organization),
        lines=billed.lines,
        said=billed.said,
        currency=billed.currency,
        taxes=_taxes(booking),
        paid=[_paid(row, organization) for row in moved],
    )


def _lines(*texts: str) -> list[str]:
    return [line for text in texts for line in str(text or "").splitlines() if line.strip()]


def _facts(booking: Booking, organization: Organization) -> list[Fact]:
    """What it was for; its reference has a place of its own."""
    return [each for each in facts.for_customer(booking, organization, stands=False) if each.value != booking.reference]


def _taxes(booking: Booking) -> list[Tax]:
    """Of a booking that costs its price; what a fee is to the tax office, the organization has to say."""
    if booking.state in WITHOUT_PRICE:
        return []
    parts: dict[str, tuple[int, int]] = {}
    for line in booking.price_lines:
        if "tax" in line and line.get("kind") != "tax":
            net, tax = parts.get(line["tax_rate"], (0, 0))
            parts[line["tax_rate"]] = net + line["net"], tax + line["tax"]
    rates = {str(rate.id): rate.percent for rate in TaxRate.objects.filter(id__in=parts)} if parts else {}
    return [Tax(_rate(rates.get(name), net, tax), net, tax) for name, (net, tax) in parts.items()]


def _rate(percent: Decimal | None, net: int, tax: int) -> str:
    """With its percentage, if the rate is still what it was when this was booked."""
    if percent is not None and abs(net * percent / 100 - tax) <= 1 + len(str(net)):
        return _("Tax, %(percent)s") % {"percent": percentage(str(percent.normalize()))}
    return _("Tax")


def _paid(row: LedgerEntry, organization: Organization) -> Paid:
    sign = MOVED[EntryKind(row.kind)]
    return Paid(formats.moment(row.at, organization.time_zone, "day_long"), _words(row), sign * row.amount)


def _words(row: LedgerEntry) -> str:
    """ "Paid, Visa ··4242", "Paid in cash, receipt 12", "Given back"."""
    if row.kind == EntryKind.CORRECTED:
        return _("Correction")
    if row.kind == EntryKind.DISPUTE_LOST:
        return _("Taken back by your bank")
    came, how = row.kind == EntryKind.RECEIVED, row.details.get("how", "")
    named = {
        (True, "cash"): _("Paid in cash"), (True, "card"): _("Paid by card on site"),
        (False, "cash"): _("Given back in cash"), (False, "card"): _("Given back by card on site"),
    }  # fmt: skip
    said = named.get((came, how)) or (_("Paid by card") if came else _("Given back to the card"))
    return ", ".join(filter(None, [said, entry_words.paid_by(row)]))
