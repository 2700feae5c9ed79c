"""Rules and their problems in words: "Every Tuesday at 14:30, 12 times"."""

from collections.abc import Sequence
from datetime import date, datetime, time

from babel.dates import format_time, get_day_names
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from holdfast.domain.recurrence import Rule, RuleError, Weekday
from holdfast.web import formats


def rule_in_words(rule: Rule, start: time, first: date) -> str:
    """The whole rule in one sentence without a full stop, in the active language. `first` is its first date."""
    at = format_time(start, "short", locale=formats.current_locale())
    said = _("%(dates)s at %(time)s") % {"dates": dates_in_words(rule, first), "time": at}
    return _("%(rule)s, %(end)s") % {"rule": said, "end": end_in_words(rule)}


def dates_in_words(rule: Rule, first: date) -> str:
    """ "Every Tuesday", "Every 2 months on the last Friday"."""
    if rule.frequency == "MONTHLY":
        return _monthly(rule, first)
    if rule.frequency == "DAILY" and (rule.interval > 1 or not rule.by_day):
        every = ngettext("Every day", "Every %(count)d days", rule.interval) % {"count": rule.interval}
        only = [*map(_month_day, rule.by_month_day), *map(weekday_name, rule.by_day)]
        return _("%(every)s, only %(days)s") % {"every": every, "days": _listed(only)} if only else every
    days = _listed([weekday_name(each) for each in rule.by_day or (Weekday(first.weekday()),)])
    if rule.interval == 1:
        return _("Every %(days)s") % {"days": days}
    return ngettext("Every week on %(days)s", "Every %(count)d weeks on %(days)s", rule.interval) % {
        "count": rule.interval,
        "days": days,
    }


def end_in_words(rule: Rule) -> str:
    """ "12 times", "until Tuesday, March 31, 2026"."""
    if rule.count is not None:
        return ngettext("%(count)d time", "%(count)d times", rule.count) % {"count": rule.count}
    last = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    return _("until %(date)s") % {"date": formats.day(last, "day_long") if last else ""}


def problem_in_words(error: RuleError) -> str:
    """What is wrong with a rule, beginning with the part that is to blame."""
    texts = {
        "malformed": _("is not written as NAME=value"),
        "twice": _("is there twice"),
        "not_supported": _("is not offered here"),
        "missing": _("is missing"),
        "not_a_number": _("takes whole numbers, %(value)s"),
        "not_a_day": _("takes the days MO, TU, WE, TH, FR, SA and SU"),
        "not_a_moment": _("takes a date, such as 20261231"),
        "not_with": _("does not go together with the rest of the rule"),
        "no_end": _("or UNTIL must say where the series ends"),
        "two_ends": _("and COUNT cannot both be given"),
        "too_many": _("gives too many dates: at most %(value)s are booked at once"),
        "too_long": _("reaches too far: the dates must lie within %(value)s years"),
        "not_the_first": _("does not name the first date, %(value)s"),
        "empty": _("is before the first date"),
    }
    return f"{error.part} {texts[error.problem] % {'value': error.value}}"


def problem_of_choices(error: RuleError) -> str:
    """The same for who chose on a page and never saw a rule: what to choose instead."""
    texts = {
        ("COUNT", "not_a_number"): _("Say how many times in whole numbers, %(value)s."),
        ("COUNT", "too_many"): _("At most %(value)s dates are booked at once: choose fewer."),
        ("COUNT", "too_long"): _("The dates must lie within %(value)s years: choose fewer."),
        ("UNTIL", "malformed"): _("Choose the date on which the series ends."),
        ("UNTIL", "not_a_moment"): _("Choose the date on which the series ends."),
        ("UNTIL", "too_many"): _("At most %(value)s dates are booked at once: choose an earlier end."),
        ("UNTIL", "empty"): _("The series would end before its first date: choose a later end."),
    }
    said = texts.get((error.part, error.problem))
    return said % {"value": error.value} if said else problem_in_words(error)


def _monthly(rule: Rule, first: date) -> str:
    days = [_month_day(each) for each in rule.by_month_day]
    if rule.by_set_position:
        among = _listed([*days, *map(weekday_name, rule.by_day)])
        days = [
            _("the %(position)s of %(days)s") % {"position": _position(n), "days": among} for n in rule.by_set_position
        ]
    elif rule.by_day:
        placed = [_placed_day(each) for each in rule.by_day]
        days = (
            [_("%(days)s if it is %(weekdays)s") % {"days": _listed(days), "weekdays": _listed(placed)}]
            if days
            else placed
        )
    said = _listed(days or [_month_day(first.day)])
    return ngettext("Every month on %(days)s", "Every %(count)d months on %(days)s", rule.interval) % {
        "count": rule.interval,
        "days": said,
    }


def _month_day(number: int) -> str:
    if number > 0:
        return _("day %(number)d") % {"number": number}
    if number == -1:
        return _("the last day")
    return _("day %(number)d from the end") % {"number": -number}


def _placed_day(day: Weekday) -> str:
    if not day.position:
        return _("every %(day)s") % {"day": weekday_name(day)}
    return _("the %(position)s %(day)s") % {"position": _position(day.position), "day": weekday_name(day)}


def _position(number: int) -> str:
    names = {
        1: pgettext("position", "first"),
        2: pgettext("position", "second"),
        3: pgettext("position", "third"),
        4: pgettext("position", "fourth"),
        5: pgettext("position", "fifth"),
        -1: pgettext("position", "last"),
        -2: pgettext("position", "second to last"),
    }
    return names.get(number, f"{number}.")


def other_in_words(starts_at: datetime, zone: str, resource: str | None) -> str:
    """What a date could have instead: another time, or its own with somebody or something else (by name)."""
    if resource is not None:
        return _("Same time with %(name)s") % {"name": resource}
    return formats.moment(starts_at, zone, "when")


def weekday_name(day: Weekday) -> str:
    return str(get_day_names("wide", locale=formats.current_locale())[day.day])


def _listed(words: Sequence[str]) -> str:
    return str(format_list(words, style="standard", locale=formats.current_locale()))
