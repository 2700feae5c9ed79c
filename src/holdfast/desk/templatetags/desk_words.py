"""Words that only the desk's templates need."""

from datetime import date, datetime, timedelta

from django import template

from holdfast.core import clock
from holdfast.domain import hours
from holdfast.web import formats

register = template.Library()


@register.simple_tag
def day_words(value: date, form: str = "day_full") -> str:
    """`{% day_words day "day_full" %}`: a calendar date, which has no zone; forms in web/formats.py."""
    return formats.day(value, form)


@register.simple_tag
def wall_clock(at: datetime, zone: str) -> str:
    """`2026-03-29T14:30`: a moment on the clocks of a zone, as a `datetime-local` field and an address have it."""
    return hours.from_minute(zone, clock.to_minute(at)).strftime("%Y-%m-%dT%H:%M")


@register.simple_tag
def wall_date(at: datetime, zone: str) -> str:
    """`2026-03-29`: the date of a moment in a zone."""
    return hours.from_minute(zone, clock.to_minute(at)).strftime("%Y-%m-%d")


@register.simple_tag
def instant(at: datetime) -> str:
    """`2026-03-29T12:30:00Z`: a moment as an address has it, without a plus sign."""
    return clock.from_minute(clock.to_minute(at)).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def plus_an_hour(at: datetime) -> datetime:
    """The end of the hour that begins at a moment."""
    return at + timedelta(hours=1)


@register.filter
def unlocalized(number: float) -> str:
    """A number as drawings have it, with a point in every language."""
    return f"{number:g}"
