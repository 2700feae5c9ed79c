"""What a stay costs, minute by minute, in the slow and obvious way: for rules that cost each minute the same."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from holdfast.domain.pricing.conditions import Asked, Condition
from holdfast.domain.pricing.effects import Base, Percent, PerHour, PerUnit
from holdfast.domain.pricing.tariff import Rule, ordered

EPOCH = datetime.combine(date(1970, 1, 1), time())


@cache
def edge(zone: str, day: date, minute: int) -> int:
    """The first minute (UTC) whose wall clock has come to `minute` of `day`, found by walking from the day before."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = int((wanted - EPOCH) / timedelta(minutes=1)) - 27 * 60
    while _wall(zone, at) < wanted:
        at += 1
    return at


def _wall(zone: str, minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).replace(tzinfo=None)


def holds(condition: Condition, asked: Asked, minute: int) -> bool:
    """Whether what the condition says of the clock is true of a minute, whichever evening its range began on."""
    today = _wall(asked.zone, minute).date()
    for day in (today, today - timedelta(days=1)):
        if condition.weekdays and day.weekday() not in condition.weekdays:
            continue
        if condition.holiday is not None and (day in asked.holidays) != condition.holiday:
            continue
        dates = condition.dates or ((None, None),)
        if not any((first or date.min) <= day <= (last or date.max) for first, last in dates):
            continue
        for starts, ends in condition.times or ((0, 1440),):
            until = ends if ends > starts else ends + 1440
            if edge(asked.zone, day, starts) <= minute < edge(asked.zone, day, until):
                return True
    return False


def total(rules: Iterable[Rule], asked: Asked) -> Fraction:
    """The exact price: the sum of what each minute costs."""
    whole = Fraction(0)
    for minute in range(asked.start, asked.end):
        applying = [rule for rule in ordered(rules) if holds(rule.condition, asked, minute)]
        last = {rule.group: rule for rule in applying if rule.group}
        cost = Fraction(0)
        for rule in applying:
            if not rule.group or last[rule.group] is rule:
                cost += _of_a_minute(rule, asked, cost)
        whole += cost
    return whole


def _of_a_minute(rule: Rule, asked: Asked, before: Fraction) -> Fraction:
    stay, effect = asked.end - asked.start, rule.effect
    if isinstance(effect, PerHour):
        return Fraction(effect.amount, 60)
    if isinstance(effect, Base):
        return Fraction(effect.amount, stay)
    if isinstance(effect, PerUnit):
        return effect.amount * asked.quantity(effect.unit) / stay
    assert isinstance(effect, Percent)
    return before * effect.percent / 100
