"""The list's filters: read from the address, kept in the address, applied to the bookings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from holdfast.bookings.models import Allocation, Booking, BookingState
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.domain.ledger import PaymentStatus
from holdfast.payments.statuses import OutstandingOf, StatusOf

PERIODS = ("upcoming", "past", "all")
# `due`: something is still to be paid, whatever the status.
DUE = "due"
PAYMENTS = (DUE, *PaymentStatus)
SORTS = {"when": "starts_at", "customer": "customer_name", "price": "price_amount", "booked": "created_at"}
# Times that are or were only held: nobody's booking, so shown when asked for.
ONLY_HELD = (BookingState.HELD, BookingState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it cannot mean is left out. Dates are local to the organization."""

    q: str = ""
    period: str = ""
    state: str = ""
    service: str = ""
    resource: str = ""
    payment: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Filters":
        sort = sent.get("sort", "")
        return cls(
            q=" ".join(sent.get("q", "").replace("\0", "").split())[:120],
            period=_one_of(PERIODS, sent.get("period")),
            state=_one_of(BookingState.values, sent.get("state")),
            service=sent.get("service", "").replace("\0", "")[:50],
            resource=sent.get("resource", "").replace("\0", "")[:50],
            payment=_one_of(PAYMENTS, sent.get("payment")),
            since=_date(sent.get("from")),
            until=_date(sent.get("to")),
            sort=sort if sort.removeprefix("-") in SORTS else "",
        )

    @property
    def period_shown(self) -> str:
        """What lies ahead, unless one looks for something in particular."""
        return self.period or ("all" if self.q or self.since or self.until else "upcoming")

    @property
    def sort_shown(self) -> str:
        return self.sort or ("when" if self.period_shown == "upcoming" else "-when")

    def query(self, **changes: object) -> str:
        """The address's query with some changes: always back on the first page."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        names = {"since": "from", "until": "to"}
        pairs = [(names.get(field.name, field.name), getattr(changed, field.name)) for field in fields(changed)]
        return "?" + urlencode([(name, value) for name, value in pairs if value])

    def apply(
        self, bookings: QuerySet[Booking], zone: str, *, but_for_state: bool = False, but_for_payment: bool = False
    ) -> QuerySet[Booking]:
        """The bookings that match. `but_for_state`, `but_for_payment`: as if none were chosen, to count each."""
        if self.state and not but_for_state:
            bookings = bookings.filter(state=self.state)
        elif not but_for_state:
            bookings = bookings.exclude(state__in=ONLY_HELD)
        bookings = self._in_time(bookings, zone)
        if self.service:
            bookings = bookings.filter(service__slug=self.service)
        if self.resource:
            served = Allocation.objects.filter(booking_id=OuterRef("pk"), resource__slug=self.resource)
            bookings = bookings.filter(Exists(served.filter(Q(active=True) | Q(booking__state="cancelled"))))
        if self.payment and not but_for_payment:
            bookings = _paid_so(bookings, self.payment)
        return bookings.filter(_matches(self.q)) if self.q else bookings

    def ordered(self, bookings: QuerySet[Booking]) -> QuerySet[Booking]:
        column = SORTS[self.sort_shown.removeprefix("-")]
        sign = "-" if self.sort_shown.startswith("-") else ""
        return bookings.order_by(f"{sign}{column}", f"{sign}id")

    def _in_time(self, bookings: QuerySet[Booking], zone: str) -> QuerySet[Booking]:
        """Local dates are made moments here; `until` is included."""
        if self.since:
            bookings = bookings.filter(starts_at__gte=clock.from_minute(hours.day_start(zone, self.since)))
        if self.until:
            after = hours.day_start(zone, self.until + timedelta(days=1))
            bookings = bookings.filter(starts_at__lt=clock.from_minute(after))
        if self.period_shown == "upcoming":
            return bookings.filter(ends_at__gt=clock.now())
        return bookings.filter(ends_at__lte=clock.now()) if self.period_shown == "past" else bookings


def _paid_so(bookings: QuerySet[Booking], payment: str) -> QuerySet[Booking]:
    if payment == DUE:
        return bookings.alias(outstanding=OutstandingOf()).filter(outstanding__gt=0)
    return bookings.alias(money=StatusOf()).filter(money=payment)


def _matches(words: str) -> Q:
    """In the reference, the name or the email; and in the telephone number, however it was typed."""
    found = Q(reference__istartswith=words) | Q(customer_name__icontains=words) | Q(customer_email__icontains=words)
    digits = "".join(letter for letter in words if letter.isdecimal() and letter.isascii()).lstrip("0")
    if len(digits) >= 4 and not any(letter.isalpha() for letter in words):
        found |= Q(customer_phone__contains=digits)
    return found


def _one_of(known: object, word: str | None) -> str:
    return word if word and word in known else ""  # type: ignore[operator]


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 < found.year < 2200 else None
