"""A tariff tried on a month that is over: what each booking would have cost, and the difference by day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase

from holdfast.bookings.replaying import Replay, replay
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.pricing.models import Tariff
from holdfast.web import formats

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


@desk_view()
def tariffs(desk: Desk) -> HttpResponseBase:
    """`?tariff=` is the id of one, `?month=` a month such as 2026-10; without them, what can be tried."""
    found = list(Tariff.objects.all())
    chosen = next((each for each in found if str(each.pk) == desk.request.GET.get("tariff")), None)
    first = _month(desk.request.GET.get("month", ""), times.today(desk.organization))
    context: dict[str, object] = {"tariffs": found, "chosen": chosen, "month": first, "tab": "try"}
    if chosen is not None:
        after = first + timedelta(days=monthrange(first.year, first.month)[1])
        played = replay(desk.organization, chosen, first, after)
        bars = _bars(played, desk, first)
        context |= {"replay": played, "bars": bars, "width": COLUMN * monthrange(first.year, first.month)[1]}
    return desk.page("desk/tariffs.html", context, section="prices")


def _bars(played: Replay, desk: Desk, first: date) -> list[Bar]:
    by_day = played.by_day(desk.zone)
    most = max((abs(amount) for amount in by_day.values()), default=0) or 1
    bars = []
    for day, amount in sorted(by_day.items()):
        height = abs(amount) * HALF // most
        words = formats.labelled(formats.day(day), formats.money(amount, desk.organization.currency))
        y = HALF - height if amount > 0 else HALF
        bars.append(Bar(words, "more" if amount > 0 else "less", (day.day - 1) * COLUMN + 2, y, height))
    return bars


def _month(text: str, today: date) -> date:
    """The first of a month; the last one that is over where none is meant."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
