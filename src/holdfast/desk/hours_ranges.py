"""Ranges of wall-clock time for some days, each with two fields: what every form of hours is made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.desk.hours_words import range_words
from holdfast.domain.hours import DAY

MOST_RANGES = 8
_ROW = re.compile(r"^(d[0-6])-(\d)-from$")


def time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Enter a time, such as 09:00.")},
        widget=forms.TimeInput({"type": "time", "class": "input"}, format="%H:%M"),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One range's two fields; `words` says where it ends when that is the next day."""

    starts: forms.BoundField
    ends: forms.BoundField
    words: str


@dataclass(frozen=True, slots=True)
class DayRows:
    key: str
    name: str
    rows: list[Row]


class RangesForm(forms.Form):
    """Several ranges for each of some days (`days`: key → name); two fields for a range, empty for none."""

    def __init__(
        self, days: Mapping[str, str], sent: Mapping[str, Any] | None, known: Mapping[str, Iterable[tuple[int, int]]]
    ) -> None:
        super().__init__(sent)
        self.days = days
        self.counts: dict[str, int] = {}
        for key, name in days.items():
            ranges = list(known.get(key, ()))
            self.counts[key] = min(MOST_RANGES, max(len(ranges) + 1, _rows_sent(sent, key)))
            for number in range(self.counts[key]):
                place = {"day": name, "number": number + 1}
                self.fields[f"{key}-{number}-from"] = time_field(_("%(day)s, range %(number)s, from") % place)
                self.fields[f"{key}-{number}-until"] = time_field(_("%(day)s, range %(number)s, until") % place)
                if number < len(ranges):
                    starts, ends = ranges[number]
                    self.initial[f"{key}-{number}-from"] = _time(starts)
                    self.initial[f"{key}-{number}-until"] = _time(ends)

    def table(self) -> list[DayRows]:
        return [
            DayRows(key, name, [self._row(key, number) for number in range(self.counts[key])])
            for key, name in self.days.items()
        ]

    def ranges(self, key: str) -> list[tuple[int, int]]:
        """The filled ranges of a day, as minutes; after `is_valid`."""
        found = []
        for number in range(self.counts[key]):
            starts = self.cleaned_data.get(f"{key}-{number}-from")
            ends = self.cleaned_data.get(f"{key}-{number}-until")
            if starts is not None and ends is not None:
                found.append((minute_of(starts), minute_of(ends)))
        return found

    def clean(self) -> dict[str, Any]:
        for key in self.days:
            for number in range(self.counts[key]):
                names = f"{key}-{number}-from", f"{key}-{number}-until"
                empty = [name for name in names if self.cleaned_data.get(name) is None and name not in self.errors]
                if len(empty) == 1:
                    self.add_error(empty[0], _("Fill in both times, or none."))
        return self.cleaned_data

    def _row(self, key: str, number: int) -> Row:
        starts, ends = self[f"{key}-{number}-from"], self[f"{key}-{number}-until"]
        values = [_read_time(each.value()) for each in (starts, ends)]
        first, last = values
        crosses = first is not None and last is not None and last <= first and (last or not first)
        words = (
            range_words(first, last) if first is not None and last is not None and (crosses or last == first) else ""
        )
        return Row(starts, ends, words)


def _rows_sent(sent: Mapping[str, Any] | None, key: str) -> int:
    numbers = [int(match[2]) for name in sent or () if (match := _ROW.match(name)) and match[1] == key]
    return max(numbers, default=-1) + 1


def _read_time(value: Any) -> int | None:
    if isinstance(value, time):
        return minute_of(value)
    try:
        return minute_of(time.fromisoformat(str(value))) if value else None
    except ValueError:
        return None


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(*divmod(minute % DAY, 60))
