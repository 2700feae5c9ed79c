"""The limits that staff went beyond: which, for whom, by how much, who and why; and the same as a file."""

from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from holdfast.bookings.limits import overrides as bookings
from holdfast.bookings.limits.allowances import CODES
from holdfast.bookings.models import LimitOverride
from holdfast.catalog.models.limits import LimitKind
from holdfast.core.fields import in_language
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.spreadsheets import spreadsheet

ON_A_PAGE = 50


@desk_view()
def overrides(desk: Desk) -> HttpResponseBase:
    """`?from=` and `?to=` are local days on which the bookings start, `?kind=` one of the kinds of limits."""
    first, last, kind = _asked(desk)
    sent = {"from": first, "to": last, "kind": kind}
    page = Paginator(_found(desk), ON_A_PAGE).get_page(desk.request.GET.get("page"))
    context = {
        "page": page,
        "first": first,
        "last": last,
        "kind": kind,
        "kinds": LimitKind.choices,
        "kept_query": "?" + urlencode({name: value for name, value in sent.items() if value}),
        "filtered": any(sent.values()),
    }
    return desk.page("desk/overrides.html", context, section="overrides")


@desk_view()
def export_overrides(desk: Desk) -> HttpResponseBase:
    """What the page lists, all of it, for spreadsheets."""
    return spreadsheet(desk, "overrides", [_head(), *map(_cells, _found(desk))])


def _head() -> list[str]:
    return [
        _("Day"), _("Limit"), _("Used before"), _("At most"), _("Reference"), _("Name"), _("Service"), _("Reason"),
        _("By"), _("Decided"),
    ]  # fmt: skip


def _cells(each: LimitOverride) -> list[object]:
    booking = each.booking
    return [
        each.day.isoformat(), in_language(each.words), each.used, each.most, booking.reference,
        booking.customer_name, in_language(booking.service.name), each.reason, each.actor_name,
        each.at.isoformat(timespec="minutes"),
    ]  # fmt: skip


def _found(desk: Desk) -> QuerySet[LimitOverride]:
    first, last, kind = _asked(desk)
    return bookings.report(first=first, last=last, code=CODES[kind] if kind else "")


def _asked(desk: Desk) -> tuple[date | None, date | None, str]:
    sent = desk.request.GET
    kind = sent.get("kind", "")
    return _day(sent.get("from", "")), _day(sent.get("to", "")), kind if kind in CODES else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
