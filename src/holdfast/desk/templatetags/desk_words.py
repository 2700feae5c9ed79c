"""Words that only the desk's templates need."""

from datetime import date

from django import template

from holdfast.web import formats

register = template.Library()


@register.simple_tag
def day_words(value: date, form: str = "day_full") -> str:
    """`{% day_words day "day_full" %}`: a calendar date, which has no zone; forms in web/formats.py."""
    return formats.day(value, form)
