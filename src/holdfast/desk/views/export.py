"""The filtered list as a file for spreadsheets."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings.details import extras
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.filters import Filters
from holdfast.desk.queries import resource_names, with_resources
from holdfast.desk.spreadsheets import BYTE_ORDER_MARK, amount, line, named
from holdfast.domain.ledger import Standing
from holdfast.payments.ledger import standings_of
from holdfast.web.templatetags.holdfast import payment_word, state_word

BATCH = 500


@desk_view()
def export(desk: Desk) -> HttpResponseBase:
    """Which bookings, and in which order, is settled here; they are read while the file is sent."""
    filters = Filters.read(desk.request.GET)
    found = filters.ordered(filters.apply(Booking.objects.all(), desk.zone))
    keys = list(found.values_list("id", flat=True))
    lines = _lines(desk.organization, keys, desk.user.locale)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named(desk, "bookings"))


def _lines(organization: Organization, keys: list[UUID], language: str) -> Iterator[str]:
    """A short transaction for each batch: a slow reader keeps no transaction open."""
    yield BYTE_ORDER_MARK
    with translation.override(language):
        head = line(_head())
    yield head
    for first in range(0, len(keys), BATCH):
        batch = keys[first : first + BATCH]
        with translation.override(language), transaction_for(organization.id):
            found = {booking.id: booking for booking in with_resources(Booking.objects.filter(id__in=batch))}
            money = standings_of(found.values())
            text = "".join(line(_cells(found[key], money[key])) for key in batch if key in found)
        yield text


def _head() -> list[str]:
    return [
        _("Reference"), _("State"), _("Starts"), _("Ends"), _("Time zone"), _("Service"), _("Resources"), _("People"),
        _("Extras"), _("Name"), _("Email"), _("Phone"), _("Price"), _("Currency"), _("Payment"), _("Payment status"),
        _("Outstanding"), _("Booked"),
    ]  # fmt: skip


def _cells(booking: Booking, money: Standing) -> list[object]:
    zone = ZoneInfo(booking.time_zone)

    def local(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    return [
        booking.reference,
        state_word(booking.state),
        local(booking.starts_at),
        local(booking.ends_at),
        booking.time_zone,
        in_language(booking.service.name),
        ", ".join(resource_names(booking)),
        booking.party_size,
        ", ".join(extras.in_words(booking.extras)),
        booking.customer_name,
        booking.customer_email,
        booking.customer_phone,
        amount(booking.price_amount, booking.price_currency),
        booking.price_currency,
        str(booking.get_payment_method_display()),
        payment_word(money.status),
        amount(money.outstanding.amount, booking.price_currency),
        local(booking.created_at),
    ]
