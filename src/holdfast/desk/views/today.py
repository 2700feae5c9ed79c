"""The first page of the day: what needs a person, then what simply happens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponseBase

from holdfast.bookings.details import extras
from holdfast.bookings.models import Booking
from holdfast.bookings.stops.telling import way_of
from holdfast.core import clock
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.alert_words import told
from holdfast.desk.queries import bookings_of_day, needs_attention, resource_names
from holdfast.desk.verbs import Verb, likely_verb
from holdfast.desk.views.erasures import waiting_requests
from holdfast.payments.models import Difference
from holdfast.waiting.models import WaitingOffer


@dataclass(frozen=True, slots=True)
class Row:
    """A booking of the day as its line shows it."""

    booking: Booking
    resources: list[str]
    likely: Verb | None
    minutes: int

    @property
    def stamp(self) -> str:
        """Differs when the line would look different: the page's script replaces only such lines."""
        money = getattr(self.booking, "payment_status", "")
        return f"{self.booking.version}-{self.likely.slug if self.likely else ''}-{money}"

    @property
    def extras(self) -> list[str]:
        """What was taken besides, in words."""
        return extras.in_words(self.booking.extras)

    @property
    def way(self) -> str:
        """ "Louvre → Orly (ORY)"; "" where the service goes nowhere."""
        return way_of(self.booking)


@desk_view()
def today(desk: Desk) -> HttpResponseBase:
    """`?day=YYYY-MM-DD`, a date of the organization; today without it or when it is none."""
    now, present = clock.now(), times.today(desk.organization)
    day = read_day(desk.request.GET.get("day"), present)
    rows = [row_of(booking, now) for booking in bookings_of_day(desk.zone, day)]
    attention = needs_attention(now) if day == present else None
    context = {
        "day": day,
        "is_today": day == present,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "now": now,
        "now_before": _line_above(rows, now) if day == present else None,
        "rows": rows,
        "requests": [row_of(booking, now) for booking in attention.requests] if attention else [],
        "open_ended": [row_of(booking, now) for booking in attention.open_ended] if attention else [],
        "money": [told(alert, desk.zone) for alert in attention.money] if attention else [],
        "undelivered": attention.undelivered if attention else [],
        "attention": attention,
        "erasures": waiting_requests() if desk.may_configure and day == present else 0,
        "differences": _to_decide() if desk.may_configure and day == present else 0,
        "offered": WaitingOffer.objects.filter(outcome="").count() if day == present else 0,
    }
    return desk.page("desk/today.html", context, section="today")


def _to_decide() -> int:
    """What the card company and the ledger do not say alike, left to people."""
    return Difference.objects.filter(resolved_at=None).count()


def row_of(booking: Booking, now: datetime) -> Row:
    return Row(booking, resource_names(booking), likely_verb(booking, now), booking.minutes)


def read_day(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 1970 < found.year < 2200 else otherwise


def _line_above(rows: list[Row], now: datetime) -> int:
    """The number of the first line that has not begun: the line of now is drawn above it."""
    return next((number for number, row in enumerate(rows) if row.booking.starts_at > now), len(rows))
