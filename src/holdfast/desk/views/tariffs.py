"""A tariff tried on a month that is over: what each booking would have cost, and the difference by day."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.replaying import Replay, Replayed, replay
from holdfast.core.errors import NotFound
from holdfast.core.fields import in_language
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.spreadsheets import amount, spreadsheet
from holdfast.desk.views.bookings import Chip
from holdfast.pricing.models import Tariff
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ON_A_PAGE = 50
# The chart's own units: a day's column and half its height.
COLUMN, HALF = 20, 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart: where its column stands, up for more and down for less."""

    words: str
    kind: str
    x: int
    y: int
    height: int


# What is listed: the words, and whether a difference belongs to it. What stays as it is says nothing, so it is not
# among the first.
SHOWN: dict[str, "tuple[StrOrPromise, Callable[[int], bool]]"] = {
    "changed": (gettext_lazy("Price changes"), bool),
    "dearer": (gettext_lazy("Dearer"), lambda difference: difference > 0),
    "cheaper": (gettext_lazy("Cheaper"), lambda difference: difference < 0),
    "all": (gettext_lazy("All"), lambda _difference: True),
}


@desk_view()
def tariffs(desk: Desk) -> HttpResponseBase:
    """`?tariff=` is the id of one, `?month=` a month such as 2026-10; without them, what can be tried.

    `?show=` is one of SHOWN: only those are listed, in pages.
    """
    found, chosen, first = _asked(desk)
    context: dict[str, object] = {"tariffs": found, "chosen": chosen, "month": first, "tab": "try"}
    if chosen is not None:
        played, last = _played(desk, chosen, first), monthrange(first.year, first.month)[1]
        show = desk.request.GET.get("show", "")
        show = show if show in SHOWN else "changed"
        context |= {
            "replay": played,
            "bars": _bars(played, desk, first),
            "scale": _scale(played, desk),
            "days": [formats.day(first.replace(day=number), "day") for number in (1, (last + 1) // 2, last)],
            "width": COLUMN * last,
            "chips": _chips(played, show, {"tariff": str(chosen.pk), "month": f"{first:%Y-%m}"}),
            "page": Paginator(_among(played, show), ON_A_PAGE).get_page(desk.request.GET.get("page")),
            "file_query": "?" + urlencode({"tariff": chosen.pk, "month": f"{first:%Y-%m}"}),
        }
    return desk.page("desk/tariffs.html", context, section="prices")


@desk_view()
def export_tariff(desk: Desk) -> HttpResponseBase:
    """Every booking of the month, for spreadsheets."""
    _found, chosen, first = _asked(desk)
    if chosen is None:
        raise NotFound
    head = [_("Starts"), _("Service"), _("Reference"), _("Name"), _("Price"), _("Would be"), _("Difference"),
            _("Currency")]  # fmt: skip
    lines = [_cells(each, desk) for each in _played(desk, chosen, first).bookings]
    return spreadsheet(desk, f"tariff-{first:%Y-%m}", [head, *lines])


def _cells(each: Replayed, desk: Desk) -> list[object]:
    booking, currency = each.booking, each.booking.price_currency
    return [
        f"{booking.starts_at.astimezone(ZoneInfo(desk.zone)):%Y-%m-%d %H:%M}",
        in_language(booking.service.name),
        booking.reference,
        booking.customer_name,
        *(amount(each, currency) for each in (booking.price_amount, each.would_be, each.difference)),
        currency,
    ]


def _asked(desk: Desk) -> tuple[list[Tariff], Tariff | None, date]:
    found = list(Tariff.objects.all())
    chosen = next((each for each in found if str(each.pk) == desk.request.GET.get("tariff")), None)
    return found, chosen, _month(desk.request.GET.get("month", ""), times.today(desk.organization))


def _played(desk: Desk, tariff: Tariff, first: date) -> Replay:
    after = first + timedelta(days=monthrange(first.year, first.month)[1])
    return replay(desk.organization, tariff, first, after)


def _among(played: Replay, show: str) -> list[Replayed]:
    return [each for each in played.bookings if SHOWN[show][1](each.difference)]


def _chips(played: Replay, show: str, kept: dict[str, str]) -> list[Chip]:
    return [
        Chip(str(words), "?" + urlencode({**kept, "show": name}), name == show, len(_among(played, name)))
        for name, (words, _belongs) in SHOWN.items()
    ]


def _bars(played: Replay, desk: Desk, first: date) -> list[Bar]:
    by_day, bars = played.by_day(desk.zone), []
    most = _most(played, desk) or 1
    for day, change in sorted(by_day.items()):
        height = abs(change) * HALF // most
        words = formats.labelled(formats.day(day), formats.money(change, desk.organization.currency))
        y = HALF - height if change > 0 else HALF
        bars.append(Bar(words, "more" if change > 0 else "less", (day.day - 1) * COLUMN + 2, y, height))
    return bars


def _most(played: Replay, desk: Desk) -> int:
    """The greatest difference of a day, up or down."""
    return max((abs(amount) for amount in played.by_day(desk.zone).values()), default=0)


def _scale(played: Replay, desk: Desk) -> list[str]:
    """What the chart's upper edge, its middle and its lower edge stand for."""
    most, currency = _most(played, desk), desk.organization.currency
    return ["+" + formats.money(most, currency), formats.money(0, currency), formats.money(-most, currency)]


def _month(text: str, today: date) -> date:
    """The first of a month; the last one that is over where none is meant."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
