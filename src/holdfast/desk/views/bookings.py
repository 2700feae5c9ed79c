"""The list: search, filters in the address, counts, order, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Resource, Service
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.filters import DUE, Filters
from holdfast.desk.queries import counts_by_payment, counts_by_state, with_resources
from holdfast.desk.views.today import row_of
from holdfast.web import formats
from holdfast.web.states import BOOKING_STATES, PAYMENT_STATUSES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE = 50
PERIOD_WORDS: "dict[str, StrOrPromise]" = {
    "upcoming": gettext_lazy("Upcoming"),
    "past": gettext_lazy("Past"),
    "all": gettext_lazy("All times"),
}
PAYMENT_WORDS: "dict[str, StrOrPromise]" = {
    DUE: gettext_lazy("Something still to be paid"),
    **{status: words for status, (_icon, _kind, words) in PAYMENT_STATUSES.items()},
}
COLUMNS: "tuple[tuple[str, StrOrPromise], ...]" = (
    ("when", gettext_lazy("When")),
    ("customer", gettext_lazy("Customer")),
    ("", gettext_lazy("Service")),
    ("", gettext_lazy("State")),
    ("price", gettext_lazy("Price")),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter one can set or take away; `count` is None where it says nothing."""

    label: str
    query: str
    current: bool = False
    count: int | None = None


@desk_view()
def bookings(desk: Desk) -> HttpResponseBase:
    filters = Filters.read(desk.request.GET)
    counts = counts_by_state(filters, desk.zone)
    found = filters.ordered(filters.apply(with_resources(Booking.objects.all()), desk.zone))
    paginator = Paginator(found, PAGE)
    vars(paginator)["count"] = counts.get(filters.state, 0)  # its cached property: the chips have counted already
    page = paginator.get_page(desk.request.GET.get("page"))
    now = clock.now()
    services, resources = list(Service.objects.all()), list(Resource.objects.all())
    context = {
        "filters": filters,
        "now": now,
        "page": page,
        "rows": [row_of(booking, now) for booking in page.object_list],
        "periods": [
            Chip(str(words), filters.query(period=name), current=filters.period_shown == name)
            for name, words in PERIOD_WORDS.items()
        ],
        "states": state_chips(filters, counts),
        "payment_chips": payment_chips(filters, counts_by_payment(filters, desk.zone)),
        "chosen": chosen_chips(filters, services, resources),
        "services": services,
        "resources": resources,
        "payments": PAYMENT_WORDS.items(),
        "columns": list(_columns(filters)),
        "bare": filters == Filters(),
    }
    return desk.page("desk/bookings.html", context)


def state_chips(filters: Filters, counts: Mapping[str, int]) -> list[Chip]:
    """All, then each state that has any or is chosen."""
    everything = Chip(_("All"), filters.query(state=""), current=not filters.state, count=counts[""])
    return [
        everything,
        *(
            Chip(str(words), filters.query(state=state), filters.state == state, counts.get(state, 0))
            for state, (_icon, words) in BOOKING_STATES.items()
            if counts.get(state) or filters.state == state
        ),
    ]


def payment_chips(filters: Filters, counts: Mapping[str, int]) -> list[Chip]:
    """Each way in which the money of any booking stands, or that is chosen, those that need somebody first.

    None where all stand the same: there is nothing to choose.
    """
    chips = [
        Chip(str(words), filters.query(payment=status), filters.payment == status, counts.get(status, 0))
        for status, (_icon, _kind, words) in PAYMENT_STATUSES.items()
        if counts.get(status) or filters.payment == status
    ]
    if len(chips) < 2 and not filters.payment:
        return []
    return [Chip(_("Any payment"), filters.query(payment=""), not filters.payment), *chips]


def chosen_chips(filters: Filters, services: list[Service], resources: list[Resource]) -> list[Chip]:
    """What narrows the list besides period and state; each chip's address is the list without it."""
    names = {each.slug: in_language(each.name) for each in services}
    people = {each.slug: each.name for each in resources}
    chips = []
    if filters.q:
        chips.append(Chip(_("“%(words)s”") % {"words": filters.q}, filters.query(q="")))
    if filters.service:
        chips.append(Chip(names.get(filters.service, filters.service), filters.query(service="")))
    if filters.resource:
        chips.append(Chip(people.get(filters.resource, filters.resource), filters.query(resource="")))
    if filters.since:
        words = _("From %(day)s") % {"day": formats.day(filters.since, "day")}
        chips.append(Chip(words, filters.query(since=None)))
    if filters.until:
        words = _("Until %(day)s") % {"day": formats.day(filters.until, "day")}
        chips.append(Chip(words, filters.query(until=None)))
    if filters.payment == DUE:
        chips.append(Chip(str(PAYMENT_WORDS[DUE]), filters.query(payment="")))
    return chips


def _columns(filters: Filters) -> Any:
    """Each column's head: its words, where a click leads, and how it is sorted now."""
    for name, words in COLUMNS:
        ascending = filters.sort_shown == name
        yield {
            "words": words,
            "query": filters.query(sort=f"-{name}" if ascending else name) if name else "",
            "sorted": "ascending" if ascending else "descending" if filters.sort_shown == f"-{name}" and name else "",
            "number": name == "price",
        }
