"""Reading bookings for the desk: with what is shown beside them, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, QuerySet

from holdfast.alerts.models import Alert
from holdfast.alerts.queries import open_money_alerts
from holdfast.bookings.models import Allocation, Booking, BookingState
from holdfast.catalog.models import STOCK
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.desk.filters import ONLY_HELD, Filters
from holdfast.domain import hours
from holdfast.notifications.models import Message, MessageState
from holdfast.payments.statuses import StatusOf, with_status

MOST_SHOWN = 20
# Mails that failed longer ago than this have been dealt with, or never will be.
FAILURES_SHOWN = timedelta(days=14)


def with_resources(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Service, resources and how its money stands beside each booking: one query more, however many bookings."""
    serving = Allocation.objects.exclude(resource__kind=STOCK)
    shown = serving.select_related("resource").order_by("resource__kind", "resource__name")
    return (
        with_status(bookings)
        .select_related("service")
        .prefetch_related(Prefetch("allocations", shown.filter(active=True), to_attr="places"))
    )


def resource_names(booking: Booking) -> list[str]:
    """The names of what a booking from `with_resources` occupies, each once."""
    return list(dict.fromkeys(place.resource.name for place in booking.places))  # type: ignore[attr-defined]


def booking_by_reference(reference: str) -> Booking:
    """Of the transaction's organization, with all that its page shows. Raises NotFound."""
    found = with_resources(Booking.objects.select_related("chosen_resource").filter(reference=reference.upper()))
    booking = found.first()
    if booking is None:
        raise NotFound
    return booking


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs a person before anything else."""

    requests: list[Booking]
    open_ended: list[Booking]
    undelivered: list[tuple[Message, Booking]]
    money: list[Alert]

    def __bool__(self) -> bool:
        return bool(self.money or self.requests or self.open_ended or self.undelivered)


def needs_attention(now: datetime) -> Attention:
    """Money that went wrong; requests to approve, the soonest first; bookings that are over and nobody closed; mails
    nobody received.
    """
    requests = Booking.objects.filter(state=BookingState.REQUESTED, ends_at__gt=now).order_by("starts_at", "id")
    over = Booking.objects.filter(
        state__in=(BookingState.CONFIRMED, BookingState.IN_PROGRESS, BookingState.REQUESTED), ends_at__lte=now
    ).order_by("-starts_at", "id")
    return Attention(
        requests=list(with_resources(requests)[:MOST_SHOWN]),
        open_ended=list(with_resources(over)[:MOST_SHOWN]),
        undelivered=_undelivered(now),
        money=open_money_alerts(MOST_SHOWN),
    )


def bookings_of_day(zone: str, day: date) -> list[Booking]:
    """The bookings that start on a local date, in order; cancelled ones too, for they explain a gap."""
    start, end = hours.day_start(zone, day), hours.day_start(zone, day + timedelta(days=1))
    found = Booking.objects.filter(starts_at__gte=clock.from_minute(start), starts_at__lt=clock.from_minute(end))
    return list(with_resources(found.exclude(state__in=ONLY_HELD)).order_by("starts_at", "id"))


def counts_by_state(filters: Filters, zone: str) -> dict[str, int]:
    """How many bookings each state's chip would show, all other filters applied; "" is the sum without held times."""
    matching = filters.apply(Booking.objects.all(), zone, but_for_state=True)
    counts = dict(matching.order_by().values_list("state").annotate(Count("id")))
    return {**counts, "": sum(count for state, count in counts.items() if state not in ONLY_HELD)}


def counts_by_payment(filters: Filters, zone: str) -> dict[str, int]:
    """How many bookings each payment status's chip would show, all other filters applied."""
    matching = filters.apply(Booking.objects.all(), zone, but_for_payment=True)
    return dict(matching.order_by().values_list(StatusOf()).annotate(Count("id")))


def _undelivered(now: datetime) -> list[tuple[Message, Booking]]:
    failed = (
        Message.objects.filter(state=MessageState.FAILED, booking_id__isnull=False)
        .filter(created_at__gt=now - FAILURES_SHOWN)
        .defer("text", "html", "calendar")
        .order_by("-created_at")[:MOST_SHOWN]
    )
    messages = list(failed)
    bookings = Booking.objects.filter(ends_at__gt=now).in_bulk([message.booking_id for message in messages])
    return [(message, bookings[message.booking_id]) for message in messages if message.booking_id in bookings]
