"""The limits that staff went beyond: which, for whom, by how much, who and why; and the same as a file."""

import csv
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from holdfast.bookings.limits import overrides as bookings
from holdfast.bookings.limits.allowances import CODES
from holdfast.bookings.models import LimitOverride
from holdfast.catalog.models.limits import LimitKind
from holdfast.core.fields import in_language
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.views.export import BYTE_ORDER_MARK, harmless

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
    out = StringIO(BYTE_ORDER_MARK)
    out.seek(0, 2)
    lines = csv.writer(out)
    lines.writerow(
        [_("Day"), _("Limit"), _("Used before"), _("At most"), _("Reference"), _("Name"), _("Service"), _("Reason"),
         _("By"), _("Decided")]
    )  # fmt: skip
    for each in _found(desk):
        booking = each.booking
        cells = [
            each.day.isoformat(), in_language(each.words), each.used, each.most, booking.reference,
            booking.customer_name, in_language(booking.service.name), each.reason, each.actor_name,
            each.at.isoformat(timespec="minutes"),
        ]  # fmt: skip
        lines.writerow([harmless(cell) for cell in cells])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{desk.organization.slug}-overrides-{times.today(desk.organization)}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
