"""VTIMEZONE (RFC 5545, 3.6.5) from the IANA database, in the forms that all readers understand.

icalendar's own builder lists every change of a zone as one RDATE with many values, of which ical.js (Thunderbird,
Nextcloud) reads only the first: an hour wrong in summer. So: a yearly RRULE where the zone keeps one, else one
observance for each change, which needs no recurrence at all.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_YEARS_BEFORE, _YEARS_LISTED, _YEARS_PROVED = 1, 3, 10
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """A zone's clocks change at `onset`, read on the clock as it was before (naive, as RFC 5545 wants it)."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str


def vtimezone(zone: str, year: int, last_year: int = 0) -> Timezone:
    """The rules of an IANA zone, right from the start of `year` to the end of the one after `last_year` (or `year`)."""
    component = Timezone()
    component.add("tzid", zone)
    for observance in _yearly(zone, year) or _listed(zone, year, max(year, last_year)):
        component.add_component(observance)
    return component


@lru_cache(maxsize=512)
def changes(zone: str, first_year: int, last_year: int) -> tuple[Change, ...]:
    """Every change of the zone's offset in these years (both included, by UTC), in order."""
    return tuple(_find_changes(ZoneInfo(zone), datetime(first_year, 1, 1, tzinfo=UTC), last_year))


def _find_changes(zone: ZoneInfo, start: datetime, last_year: int) -> Iterator[Change]:
    step = timedelta(days=7)  # no zone changes its clocks and back within a week
    at, offset = start, _offset(start, zone)
    while at.year <= last_year:
        if (new := _offset(at + step, zone)) != offset:
            onset = _first_moment_of(new, at, at + step, zone)
            yield Change((onset + offset).replace(tzinfo=None), offset, new, onset.astimezone(zone).tzname() or "")
        at, offset = at + step, new


def _first_moment_of(offset: timedelta, low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second in (low, high] at which the zone has this offset."""
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (low, middle) if _offset(middle, zone) == offset else (middle, high)
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _yearly(zone: str, year: int) -> list[Timezone]:
    """One observance with an RRULE for each yearly change; empty where the zone follows no such rule for ten years."""
    first = year - _YEARS_BEFORE
    years = range(first, first + _YEARS_PROVED)
    found = changes(zone, years[0], years[-1])
    kinds: dict[tuple[timedelta, timedelta, str], list[Change]] = {}
    for change in found:
        kinds.setdefault((change.before, change.after, change.name), []).append(change)
    observances = []
    for same in kinds.values():
        rule = _rule(same) if [change.onset.year for change in same] == list(years) else None
        if rule is None:
            return []
        observances.append(_observance(same[0], rule))
    return observances


def _rule(same: list[Change]) -> dict[str, object] | None:
    """ "The last Sunday of March": the RRULE that gives exactly these onsets, one a year."""
    onsets = [change.onset for change in same]
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    from_start = {(onset.day - 1) // 7 + 1 for onset in onsets}
    is_last = all(onset.day + 7 > monthrange(onset.year, onset.month)[1] for onset in onsets)
    if not is_last and len(from_start) > 1:
        return None
    position = -1 if is_last else from_start.pop()
    return {"freq": "yearly", "bymonth": onsets[0].month, "byday": f"{position}{_WEEKDAYS[onsets[0].weekday()]}"}


def _listed(zone: str, year: int, last_year: int) -> list[Timezone]:
    """What the zone has at the start, then one observance for each change of the years around."""
    first = year - _YEARS_BEFORE
    begin = datetime(first, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone))
    offset = begin.utcoffset() or timedelta(0)
    found = changes(zone, first, last_year - _YEARS_BEFORE + _YEARS_LISTED)
    start = Change(begin.replace(tzinfo=None) if found else datetime(1970, 1, 1), offset, offset, begin.tzname() or "")  # noqa: DTZ001 - a wall clock
    return [_observance(change) for change in (start, *found)]


def _observance(change: Change, rule: dict[str, object] | None = None) -> Timezone:
    component = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    component.add("dtstart", change.onset)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    component.add("tzname", change.name)
    if rule:
        component.add("rrule", rule)
    return component
