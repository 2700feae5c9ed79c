"""A month of free times in words and figures, for the page and for its scripts."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_time
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from holdfast.bookings.availability.extras import Chosen, text_of
from holdfast.bookings.availability.question import Question
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.web import formats

# How many places are left is said only where places are sold (a class, not a barber), and only of the last few.
FEW, MANY = 3, 4
NOON, EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that can be booked, and for how much. `minute` counts from the Unix epoch; `left` if worth saying."""

    minute: int
    starts_at: datetime
    left: int | None = None
    amount: int = 0

    @property
    def value(self) -> str:
        """RFC 3339 in UTC, for the form."""
        return utc_text(self.minute)

    @property
    def words(self) -> str:
        """ "14:00" on the business's clock, in the page's language."""
        return format_time(self.starts_at, "short", tzinfo=self.starts_at.tzinfo, locale=formats.current_locale())

    @property
    def left_words(self) -> str:
        return ngettext("%(count)s left", "%(count)s left", self.left or 0) % {"count": self.left}


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the month's grid."""

    date: date
    free: int
    is_today: bool
    is_chosen: bool

    @property
    def label(self) -> str:
        """ "Tuesday, March 3, 4 free times"."""
        count = ngettext("%(count)s free time", "%(count)s free times", self.free) % {"count": self.free}
        return f"{formats.day(self.date)}, {count if self.free else _('no free times')}"


@dataclass(frozen=True)
class Month:
    """A month of free times in the business's zone. `found`: (minute, how many such bookings still fit) in order."""

    question: Question
    first: date
    today: date
    last: date
    chosen: date | None
    found: tuple[tuple[int, int], ...]
    next_free: date | None
    # Who moves a booking pays what was agreed, and some prices wait for where to: then none are beside the times.
    priced: bool = True

    @property
    def zone(self) -> str:
        return self.question.plan.time_zone

    @cached_property
    def amounts(self) -> list[int]:
        """What each of the free times costs, in minor units."""
        minutes = [minute for minute, _left in self.found]
        if not self.priced:
            return [0] * len(minutes)
        return self.question.amounts(minutes) or [self.question.price(0).total.amount] * len(minutes)

    @property
    def price(self) -> dict[str, Any]:
        """What the cheapest free time costs, and whether others cost more."""
        amounts = self.amounts
        if not amounts:
            amounts = [self.question.price(self.question.reach[0]).total.amount] if self.priced else [0]
        currency = self.question.plan.organization["currency"]
        return {"amount": min(amounts), "currency": currency, "varies": len(set(amounts)) > 1}

    @property
    def title(self) -> str:
        return formats.day(self.first, "month")

    @property
    def chosen_words(self) -> str:
        return formats.day(self.chosen) if self.chosen else ""

    @property
    def empty_words(self) -> str:
        if self.chosen is None:
            return _("No free times in %(month)s") % {"month": self.title}
        return _("No free times on %(day)s") % {"day": self.chosen_words}

    @property
    def next_free_words(self) -> str:
        return _("Next free day: %(day)s") % {"day": formats.day(self.next_free)} if self.next_free else ""

    @property
    def zone_words(self) -> str:
        return _("Times in %(zone)s") % {"zone": formats.zone_name(self.zone)}

    @property
    def previous(self) -> date | None:
        return months_on(self.first, -1) if self.first > self.today.replace(day=1) else None

    @property
    def following(self) -> date | None:
        following = months_on(self.first, 1)
        return following if following <= self.last else None

    @property
    def first_weekday(self) -> int:
        """0 is Monday: what people in the organization's country begin a week with."""
        return first_weekday(str(self.question.plan.organization["country"]))

    def weekdays(self) -> list[tuple[str, str]]:
        """(short, long) names in the grid's order."""
        names = formats.current_locale().days["stand-alone"]
        order = [(self.first_weekday + number) % 7 for number in range(7)]
        return [(names["abbreviated"][day], names["wide"][day]) for day in order]

    def weeks(self) -> list[list[DayCell | None]]:
        counts = dict.fromkeys((each.starts_at.date() for each in self.times()), 0)
        for each in self.times():
            counts[each.starts_at.date()] += 1
        weeks = Calendar(self.first_weekday).monthdatescalendar(self.first.year, self.first.month)
        weeks = [week for week in weeks if week[-1] >= self.today]  # what is past cannot be chosen
        return [
            [
                DayCell(day, counts.get(day, 0), day == self.today, day == self.chosen)
                if day.month == self.first.month
                else None
                for day in week
            ]
            for week in weeks
        ]

    def times(self) -> list[FreeTime]:
        """Every free time of the month."""
        few = self.few
        return [
            FreeTime(minute, hours.from_minute(self.zone, minute), left if left <= few else None, amount)
            for (minute, left), amount in zip(self.found, self.amounts, strict=True)
        ]

    def groups(self) -> list[tuple[str, str, list[FreeTime]]]:
        """(key, words, times) of the chosen day: morning, afternoon, evening, those that have any."""
        grouped: dict[str, list[FreeTime]] = {"morning": [], "afternoon": [], "evening": []}
        for each in self.times():
            if each.starts_at.date() == self.chosen:
                grouped[part_of_day(each.starts_at.hour)].append(each)
        return [(key, part_words()[key], times) for key, times in grouped.items() if times]

    @property
    def few(self) -> int:
        """So many places or fewer are worth saying; 0 where none are."""
        most = max((left for _minute, left in self.found), default=0)
        sells_places = any(need.per_person for need in self.question.needs)
        return FEW if sells_places and most >= MANY and self.question.wish.party_size == 1 else 0

    def _offered_extras(self) -> Chosen:
        """Those that may still be asked for: what a booking keeps besides is judged when it is moved."""
        return tuple(
            (each.extra.slug, each.count)
            for each in self.question.extras
            if each.extra.is_offered and each.count <= each.extra.largest
        )

    def _slots(self) -> list[tuple[int, ...]]:
        """(minute, left), and what it costs where that is not the least."""
        least = self.price["amount"]
        return [
            (*each, amount) if amount != least else each for each, amount in zip(self.found, self.amounts, strict=True)
        ]

    def for_script(self) -> dict[str, Any]:
        """What the page's modules need to go on from here: no text but what is said of a day or a time."""
        wish = self.question.wish
        query = {
            "service": wish.service,
            "resource": wish.resource or "",
            "duration": self.question.duration,
            "party_size": wish.party_size,
            "type": wish.type,
            **({"extras": text_of(self._offered_extras())} if self.question.extras else {}),
            **({} if self.priced else {"pricing": False}),
            **{name: stop.place for name, stop in wish.stops.items() if stop and self.question.plan.terms.is_of_way},
        }
        return {
            "api": f"/api/v1/{self.question.plan.organization['slug']}/availability",
            "query": query,
            "zone": self.zone,
            "zone_name": formats.zone_name(self.zone),
            "locale": get_language(),
            "first_weekday": self.first_weekday,
            "today": self.today.isoformat(),
            "last": self.last.isoformat(),
            "month": f"{self.first:%Y-%m}",
            "chosen": self.chosen.isoformat() if self.chosen else None,
            "next_free": self.next_free.isoformat() if self.next_free else None,
            "price": self.price if self.priced else None,
            "slots": self._slots(),
            "few": self.few,
            "texts": _texts(),
        }


def first_weekday(country: str) -> int:
    """0 Monday to 6 Sunday (CLDR)."""
    try:
        return int(Locale.parse(f"und_{country}").first_week_day)
    except (UnknownLocaleError, ValueError):
        return 0


def part_words() -> dict[str, str]:
    return {"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}


def utc_text(minute: int) -> str:
    return clock.from_minute(minute).strftime("%Y-%m-%dT%H:%MZ")


def months_on(first: date, count: int) -> date:
    """The first of the month so many months on."""
    number = first.year * 12 + first.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def part_of_day(hour: int) -> str:
    """A key of `part_words`."""
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"


def _texts() -> dict[str, Any]:
    """Words with `{count}`, `{day}`, `{zone}` where the page puts in what it finds."""
    many = {
        form: ngettext("%(count)s free time", "%(count)s free times", number) % {"count": "{count}"}
        for form, number in (("one", 1), ("other", 5))
    }
    left = {
        form: ngettext("%(count)s left", "%(count)s left", number) % {"count": "{count}"}
        for form, number in (("one", 1), ("other", 5))
    }
    return {
        **part_words(),
        "free": many,
        "left": left,
        "none": _("no free times"),
        "unpriced": _("Say where to see the price"),
        "from": _("from %(price)s") % {"price": "{price}"},
        "changed": _("Free times have changed. %(day)s: %(times)s") % {"day": "{day}", "times": "{times}"},
        "taken": _("%(time)s is not free any more. The nearest free times: %(times)s.")
        % {"time": "{time}", "times": "{times}"},
        "taken_all": _("%(time)s is not free any more, and nothing else is on this day.") % {"time": "{time}"},
        "on_day": _("%(day)s: %(times)s") % {"day": "{day}", "times": "{times}"},
        "none_on": _("No free times on %(day)s") % {"day": "{day}"},
        "none_in": _("No free times in %(month)s") % {"month": "{month}"},
        "none_at_all": _("No free times at the moment"),
        "go_to": _("Next free day: %(day)s") % {"day": "{day}"},
        "loading": _("Looking for free times"),
        "offline": _("There is no connection, so the free times could not be loaded."),
        "slow": _("This takes longer than usual. You can wait, or ask once more."),
        "as_of": _("Free times as of {time}. Whether yours is still free is looked at when you choose it."),
        "failed": _("The free times could not be loaded."),
        "retry": _("Try again"),
        "zone": _("Times in %(zone)s") % {"zone": "{zone}"},
        "zones": _("Times in %(zone)s, and below them in yours, %(own)s") % {"zone": "{zone}", "own": "{own}"},
        "own_zone": _("%(city)s time") % {"city": "{city}"},
        "zones_swapped": _("Times in yours, %(own)s, and below them in %(zone)s; the day is the one there")
        % {"zone": "{zone}", "own": "{own}"},
        "own_first": _("Show your time first"),
        "zone_first": _("Show %(zone)s first") % {"zone": "{zone}"},
        "there": _("there"),
        "own": _("%(time)s your time") % {"time": "{time}"},
    }
