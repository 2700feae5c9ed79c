"""What an event of the log is called and says, for each scope: one table, and nothing that is not in it is told."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from holdfast.bookings.availability.span import Span
from holdfast.core.answers import encode
from holdfast.domain import hours
from holdfast.live.streams.happening import Happening

AVAILABILITY_UPDATED = "availability-updated"
# Said by the stream itself. Their id is that of the last event before them, so that a listener's place is never old.
HELLO, HEARTBEAT, BYE = "hello", "heartbeat", "bye"

# By these a time is taken or given back.
CHANGE_PLACES = frozenset(
    f"booking.{name}"
    for name in (
        *("held", "requested", "confirmed", "imported", "rescheduled", "reassigned"),
        *("cancelled", "expired", "released", "no_show", "completed"),
    )
)
BOOKING_FIELDS = ("reference", "state", "version")
MONEY_FIELDS = ("reference", "state", "amount", "currency", "payment_status", "outstanding")
# What a customer hears of their own booking. What the house does about money among itself is not their affair.
CUSTOMER = {
    **{
        f"booking.{name}": BOOKING_FIELDS
        for name in (
            *("requested", "confirmed", "rescheduled", "reassigned", "attendees_changed"),
            *("in_progress", "completed", "no_show", "cancelled", "expired"),
        )
    },
    **{
        f"payment.{name}": MONEY_FIELDS
        for name in (
            *("asked", "card_kept", "held", "received", "failed", "cancelled", "let_off", "too_late"),
            *("refund_pending", "refund_failed", "refunded"),
        )
    },
}
# What staff hear, by the first word of its kind.
STAFF = {
    "booking": (*BOOKING_FIELDS, "type", "actor", "series"),
    "payment": MONEY_FIELDS,
    "series": ("reference", "state", "version", "actor"),
    "waiting": ("state",),
    "alert": ("reference", "level"),
}


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Public:
    """Free times of one service on some dates; one object for all who listen to the same (`Visitors`).

    A start touches what is occupied up to `before` minutes after it, or up to `after` minutes before it.
    """

    service: str
    span: Span
    resources: frozenset[UUID]
    before: int
    after: int
    version: int
    scope: ClassVar = "public"

    @property
    def key(self) -> object:
        return self

    def tell(self, happening: Happening) -> bytes | None:
        if happening.kind not in CHANGE_PLACES:
            return None
        dates = self._dates_of(happening)
        return self.updated(happening.id, happening.at.isoformat(), dates) if dates else None

    def updated(self, number: int, at: str, dates: list[date] | None) -> bytes:
        """`dates` None: any of those asked for."""
        shown = None if dates is None else [each.isoformat() for each in dates]
        return envelope(number, AVAILABILITY_UPDATED, at, {"service": self.service, "dates": shown})

    def _dates_of(self, happening: Happening) -> list[date]:
        """In their order; of a booking of this service all, for its limits count bookings and not resources."""
        found: set[date] = set()
        for period in happening.periods:
            if period.resource in self.resources or happening.service == self.service:
                first = hours.date_of(self.span.zone, period.start - self.before)
                last = hours.date_of(self.span.zone, period.end - 1 + self.after)
                found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
        until = self.span.first + timedelta(days=self.span.days)
        return sorted(day for day in found if self.span.first <= day < until)


@dataclass(frozen=True, slots=True)
class Customer:
    """What becomes of one booking, for the bearer of its link."""

    booking: UUID
    scope: ClassVar = "customer"

    def tell(self, happening: Happening) -> bytes | None:
        if happening.subject != self.booking:
            return None
        return _told(happening, CUSTOMER.get(happening.kind))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What becomes of all that was booked with an address, for whoever is signed in with it.

    `session` is the digest of the browser's cookie: it is looked at again before anything is told.
    """

    email: str
    session: str
    scope: ClassVar = "customer"
    sure_seconds: ClassVar = 0.0

    def tell(self, happening: Happening) -> bytes | None:
        if happening.email != self.email:
            return None
        return _told(happening, CUSTOMER.get(happening.kind))


@dataclass(frozen=True, slots=True)
class Staff:
    """The whole organization, for a program with a key (its digest) or a member of staff (the key of their session).

    Whether they still are is looked at again before anything is told, but not for each event of a busy second.
    """

    program: str = ""
    session: str = ""
    scope: ClassVar = "staff"
    sure_seconds: ClassVar = 2.0

    @property
    def key(self) -> object:
        return Staff

    def tell(self, happening: Happening) -> bytes | None:
        return _told(happening, STAFF.get(happening.kind.partition(".")[0]), subject=str(happening.subject))


Listening = Public | Customer | SignedIn | Staff


def told(listening: Listening, happening: Happening) -> bytes | None:
    """The envelope as JSON; None for who is told nothing of it. Written once for all who listen to the same."""
    if isinstance(listening, Customer | SignedIn):
        return listening.tell(happening)  # of thousands of customers one is meant: nothing to be kept
    key = listening.key
    if key not in happening.told:
        happening.told[key] = listening.tell(happening)
    return happening.told[key]


def envelope(number: int, kind: str, at: str, data: dict[str, Any]) -> bytes:
    return encode({"id": number, "kind": kind, "at": at, "data": data})


def kind_of(envelope: bytes) -> bytes:
    """The kind, out of an encoded envelope: it comes second, and no kind has a quotation mark."""
    return envelope.split(b'"kind":"', 1)[1].split(b'"', 1)[0]


def _told(happening: Happening, fields: tuple[str, ...] | None, **more: str) -> bytes | None:
    if fields is None:
        return None
    data = {name: happening.payload[name] for name in fields if name in happening.payload}
    kind = happening.kind.replace(".", "-").replace("_", "-")
    return envelope(happening.id, kind, happening.at.isoformat(), {**more, **data})
