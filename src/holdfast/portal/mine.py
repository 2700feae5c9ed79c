"""What somebody booked here, and their places on the waiting list: found by the address they have shown to read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.models import Booking, Series
from holdfast.bookings.stops.telling import way_of
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.customers import queries
from holdfast.customers.models import CustomerSession
from holdfast.domain.hours import clocks_differ
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.waiting import ACTIVE
from holdfast.payments import asking
from holdfast.payments.asking import Wanted
from holdfast.payments.statuses import StatusOf, with_status
from holdfast.portal.access import for_customer, page
from holdfast.series.results import words_of
from holdfast.waiting import facts
from holdfast.waiting.links import entry_token, offer_token
from holdfast.waiting.models import WaitingEntry, WaitingOffer

PAST_A_PAGE, MOST_TO_PAY, MOST_ENTRIES = 10, 20, 50
# Money came, whatever became of it since.
HAS_RECEIPT = frozenset(
    {
        *(PaymentStatus.PAID, PaymentStatus.PARTLY_PAID, PaymentStatus.REFUNDED, PaymentStatus.PARTLY_REFUNDED),
        PaymentStatus.DISPUTED,
    }
)
SETTLED = frozenset({PaymentStatus.PAID, PaymentStatus.REFUNDED, PaymentStatus.NOTHING_DUE})


@dataclass(frozen=True, slots=True)
class Row:
    """A booking as its line shows it."""

    booking: Booking
    token: str

    @property
    def way(self) -> str:
        """ "Louvre → Orly (ORY)"; "" where the service goes nowhere."""
        return way_of(self.booking)

    @property
    def own_zone(self) -> str:
        """The customer's, where its clock differs from the business's; else ""."""
        booking = self.booking
        differ = clocks_differ(booking.starts_at, booking.customer_time_zone, booking.time_zone)
        return booking.customer_time_zone if differ else ""

    @property
    def has_receipt(self) -> bool:
        return getattr(self.booking, "payment_status", "") in HAS_RECEIPT


@dataclass(frozen=True, slots=True)
class ToPay:
    row: Row
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Repeated:
    """A series with dates to come: its rule in words, how many, and the next of them."""

    words: str
    count: int
    row: Row


@dataclass(frozen=True, slots=True)
class Waiting:
    entry: WaitingEntry
    dates: str
    times: str
    url: str
    offer: WaitingOffer | None
    offer_url: str


@require_safe
@for_customer
def home(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    """What is to come, what is to be paid, and what was."""
    email, now = session.account.email, clock.now()
    with transaction_for(organization.id):
        upcoming = list(map(row_of, with_status(queries.upcoming(email, now))))
        before = Paginator(with_status(queries.past(email, now)), PAST_A_PAGE).get_page(request.GET.get("page"))
        context = {
            "to_pay": _to_pay(email),
            "upcoming": upcoming,
            "series": _series(upcoming),
            "past": list(map(row_of, before)),
            "page": before,
            "offers": [each for each in _waiting(organization, email) if each.offer],
        }
        return page(request, organization, session, "portal/home.html", context, section="bookings")


@require_safe
@for_customer
def waiting_list(request: HttpRequest, organization: Organization, session: CustomerSession) -> HttpResponse:
    with transaction_for(organization.id):
        entries = _waiting(organization, session.account.email)
        context = {
            "standing": [each for each in entries if each.entry.state in ACTIVE],
            "over": [each for each in entries if each.entry.state not in ACTIVE],
        }
        return page(request, organization, session, "portal/waiting_list.html", context, section="waiting")


def row_of(booking: Booking) -> Row:
    """Its line, with the link that opens its page."""
    return Row(booking, manage_token(booking.id))


def _to_pay(email: str) -> list[ToPay]:
    """What a card is wanted for now, the oldest first. What is paid on site is not asked for here."""
    by_card = queries.bookings_of(email).filter(payment_method__in=BY_CARD)
    listed = by_card.select_related("service", "organization").alias(money=StatusOf()).exclude(money__in=SETTLED)
    found = ((each, asking.wanted_of(each)) for each in listed.order_by("starts_at", "id")[:MOST_TO_PAY])
    return [ToPay(row_of(booking), wanted) for booking, wanted in found if wanted]


def _series(rows: Iterable[Row]) -> list[Repeated]:
    of_series: dict[Series, list[Row]] = {}
    for row in rows:
        if row.booking.series:
            of_series.setdefault(row.booking.series, []).append(row)
    return [Repeated(words_of(series), len(dates), dates[0]) for series, dates in of_series.items()]


def _waiting(organization: Organization, email: str) -> list[Waiting]:
    entries = list(queries.entries_of(email)[:MOST_ENTRIES])
    standing = WaitingOffer.objects.filter(entry__in=entries, outcome="", expires_at__gt=clock.now())
    offers = {offer.entry_id: offer for offer in standing}
    return [_entry(organization, entry, offers.get(entry.id)) for entry in entries]


def _entry(organization: Organization, entry: WaitingEntry, offer: WaitingOffer | None) -> Waiting:
    url = reverse("portal:waiting", args=[organization.slug, entry_token(entry.id)])
    claim = reverse("wizard:offer", args=[organization.slug, offer_token(offer.id)]) if offer else ""
    return Waiting(entry, facts.dates(entry), facts.times_of_day(entry), url, offer, claim)
