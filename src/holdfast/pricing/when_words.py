"""When a rule or a promotion applies, in the reader's words: from the params of domain/pricing/conditions.py."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from babel.dates import format_time
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.catalog.models import ResourceKind
from holdfast.catalog.models.services import asked_words
from holdfast.core.fields import in_language
from holdfast.web import formats


def with_zones(when: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """With the names of zones in place of their ids."""
    ends = {
        end: [in_language(names.get(each)) for each in when[end]] for end in ("origin", "destination") if end in when
    }
    return {**when, **ends}


def when_words(when: Mapping[str, Any], first: Sequence[str] = ()) -> str:
    parts = [*first, *(words(when[name]) for name, words in _CONDITIONS.items() if name in when)]
    text = format_list(parts, "unit", locale=formats.current_locale()) if parts else ""
    return text[:1].upper() + text[1:]


def _weekdays(numbers: list[int]) -> str:
    names = formats.current_locale().days["stand-alone"]["wide"]
    return _("on %(days)s") % {"days": format_list([names[n] for n in numbers], locale=formats.current_locale())}


def _times(ranges: list[list[int]]) -> str:
    said = [_("from %(start)s to %(end)s") % {"start": _clock(starts), "end": _clock(ends)} for starts, ends in ranges]
    return format_list(said, locale=formats.current_locale())


def _dates(ranges: list[list[str | None]]) -> str:
    said = []
    for first, last in ranges:
        words = {"first": first and _date(first), "last": last and _date(last)}
        form = _("from %(first)s to %(last)s") if first and last else _("from %(first)s") if first else _("to %(last)s")
        said.append(form % words)
    return format_list(said, locale=formats.current_locale())


def _date(text: str) -> str:
    return formats.day(date.fromisoformat(text), "day_long")


def _clock(minute: int) -> str:
    hour, minutes = divmod(minute % 1440, 60)
    return str(format_time(time(hour, minutes), "short", locale=formats.current_locale()))


def _holiday(only: bool) -> str:
    return _("on public holidays") if only else _("not on public holidays")


def _attributes(asked: Mapping[str, Any]) -> str:
    said = [asked_words(name, value) for name, value in asked.items()]
    return _("with %(what)s") % {"what": format_list(said, locale=formats.current_locale())}


def _kind(kind: str) -> str:
    return _("by a resource of the kind “%(kind)s”") % {"kind": ResourceKind(kind).label}


def _skills(skills: list[str]) -> str:
    return _("with the skill %(what)s") % {"what": format_list(skills, locale=formats.current_locale())}


def _from(names: list[str]) -> str:
    return _("from the zone %(zone)s") % {"zone": format_list(names, "or", locale=formats.current_locale())}


def _to(names: list[str]) -> str:
    return _("to the zone %(zone)s") % {"zone": format_list(names, "or", locale=formats.current_locale())}


_CONDITIONS: dict[str, Any] = {
    "weekdays": _weekdays,
    "times": _times,
    "dates": _dates,
    "holiday": _holiday,
    "types": lambda types: _("for emergencies") if "emergency" in types else _("for ordinary bookings"),
    "shortest_notice": lambda m: _("booked at least %(time)s before") % {"time": formats.minutes(m)},
    "longest_notice": lambda m: _("booked less than %(time)s before") % {"time": formats.minutes(m)},
    "shortest": lambda m: _("lasting at least %(time)s") % {"time": formats.minutes(m)},
    "longest": lambda m: _("lasting at most %(time)s") % {"time": formats.minutes(m)},
    "smallest_party": lambda n: ngettext("for %(n)d person or more", "for %(n)d people or more", n) % {"n": n},
    "resource_kind": _kind,
    "skills": _skills,
    "attributes": _attributes,
    "origin": _from,
    "destination": _to,
    "largest_party": lambda n: ngettext("for %(n)d person at most", "for %(n)d people at most", n) % {"n": n},
}
