"""Dates, times, money and durations in words, in a named zone and language (Unicode CLDR, by babel). No clock here."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.numbers import format_currency, get_currency_symbol
from babel.units import format_unit
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from holdfast.domain.hours import clocks_differ
from holdfast.domain.money import exponent

SKELETONS = {
    "day": "MMMEd",  # Thu, Mar 12
    "month": "yMMMM",  # March 2026
}
_YEAR = re.compile(r"[,\s]*(?:'de'\s*)?y+")  # in CLDR's full date patterns of our languages


@cache
def locale(language: str | None = None) -> Locale:
    """Babel's locale for a language tag, English where it knows none."""
    try:
        return Locale.parse((language or "en").replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def current_locale() -> Locale:
    """The locale of the language the page is in."""
    return locale(get_language())


def labelled(label: str, value: str) -> str:
    """ "label: value", with the colon as the language sets it (French has a space before)."""
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def money(amount: int, currency: str) -> str:
    """`9500, "EUR"` (minor units) → "€95.00", "95,00 €"; whole amounts keep their cents so that columns line up."""
    return _money(amount, currency, exponent(currency))


def money_short(amount: int, currency: str) -> str:
    """As `money`, without cents where they are zero: "€95" on a button or a time of day."""
    digits = exponent(currency)
    return _money(amount, currency, digits if amount % 10**digits else 0)


def moment(at: datetime, zone: str, form: str = "when") -> str:
    """An aware datetime as people in `zone` read it. Forms: time, day, day_full, day_long, month, when, when_long."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime cannot be shown in a zone")
    local = at.astimezone(ZoneInfo(zone))  # UTC inside, the reader's wall clock here
    words = current_locale()
    clock = format_time(local, "short", tzinfo=local.tzinfo, locale=words)
    if form == "time":
        return clock
    if form == "when":
        return f"{_day(local, 'day', words)}, {clock}"
    if form == "when_long":
        return f"{_day(local, 'day_long', words)}, {clock}"
    return _day(local, form, words)


def moment_for(at: datetime, zone: str, reader_zone: str, form: str = "when") -> str:
    """As `moment`; where the reader's clock differs then, with the zone's name and their own time behind it."""
    words = moment(at, zone, form)
    if not clocks_differ(at, reader_zone, zone):
        return words
    theirs = moment(at, reader_zone, "when")
    return _("%(when)s, %(zone)s; for you %(own)s") % {"when": words, "zone": zone_name(zone, at), "own": theirs}


def day(value: date, form: str = "day_full") -> str:
    """A calendar date in words; no zone, for it has none."""
    return _day(value, form, current_locale())


def zone_name(zone: str, at: datetime | None = None) -> str:
    """ "Paris time", and with a moment how far it is then from GMT: "Paris time (GMT+1)"."""
    city = get_timezone_location(zone, locale=current_locale(), return_city=True)
    named = zone if zone in {"UTC", "Etc/UTC"} else _("%(city)s time") % {"city": city}
    if at is None:
        return named
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    east = round(offset.total_seconds() / 60) if offset else 0
    hours, rest = divmod(abs(east), 60)
    sign = "+" if east > 0 else "−"
    shift = f"{sign}{hours}" + (f":{rest:02}" if rest else "") if east else ""
    return f"{named} (GMT{shift})"


def kilometres(value: Decimal) -> str:
    """ "29.4 km": to a tenth."""
    tenth = value.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    words = str(format_unit(tenth, "length-kilometer", "short", locale=current_locale()))
    return words.replace(" ", "\u00a0")


def minutes(count: int) -> str:
    """A duration on one line: 45 → "45 min", 60 → "1 hour", 150 → "2 h 30 min", 2880 → "2 days"."""
    return _duration(count).replace(" ", "\u00a0")


def _duration(count: int) -> str:
    hours, rest = divmod(count, 60)
    if count and count % 1440 == 0:
        days = count // 1440
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if not hours:
        return _("%(count)s min") % {"count": rest}
    if not rest:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return _("%(hours)s h %(rest)s min") % {"hours": hours, "rest": rest}


def _day(value: date, form: str, words: Locale) -> str:
    value = date(value.year, value.month, value.day)  # as read in its zone; babel would move a datetime to UTC
    if form == "day_long":
        return format_date(value, "full", locale=words)
    if form == "day_full":
        return format_date(value, _YEAR.sub("", words.date_formats["full"].pattern), locale=words)
    return format_skeleton(SKELETONS[form], value, locale=words)


def _money(amount: int, currency: str, shown_digits: int) -> str:
    words = current_locale()
    pattern = str(words.currency_formats["standard"].pattern)
    pattern = pattern.replace(".00", f".{'0' * shown_digits}" if shown_digits else "")
    if get_currency_symbol(currency, words)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")  # CLDR's spacing after letters, which babel leaves out: CHF 95
    value = Decimal(amount).scaleb(-exponent(currency))
    return format_currency(value, currency, format=pattern, locale=words, currency_digits=False)
