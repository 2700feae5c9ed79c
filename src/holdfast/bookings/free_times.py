"""The answer to "when is it free?", and its text: a year of quarter hours must not cost a Python object each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from holdfast.core.answers import etag_of
from holdfast.domain import hours
from holdfast.domain.hours import DAY
from holdfast.domain.money import Money

CLOCK = tuple(f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY))


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Starts on offer on `days` local dates of `zone` from `first` on, and at each how many such bookings still fit.

    `minutes` count from the Unix epoch, in UTC; `duration` and `step` are minutes; `price` is the same for all.
    """

    service: str
    zone: str
    first: date
    days: int
    duration: int
    step: int
    minutes: list[int]
    remaining: list[int]
    price: Money | None

    def encode(self, *, as_of: datetime) -> tuple[str, bytes]:
        """The ETag and the JSON body of `GET availability`. The ETag speaks for the content, not for `as_of`."""
        head = {
            "service": self.service,
            "time_zone": self.zone,
            "from": self.first.isoformat(),
            "days": self.days,
            "duration_minutes": self.duration,
            "step_minutes": self.step,
        }
        lasting = f'{json.dumps(head, separators=(",", ":"))[:-1]},"slots":[{",".join(self._slots())}]'.encode()
        return etag_of(lasting), lasting + f',"as_of":"{as_of.isoformat(timespec="seconds")}"}}'.encode()

    def _slots(self) -> Iterator[str]:
        price = (
            ""
            if self.price is None
            else f',"price":{{"amount":{self.price.amount},"currency":"{self.price.currency}"}}'
        )
        starts, ends = _Texts(self.zone), _Texts(self.zone)
        for minute, remaining in zip(self.minutes, self.remaining, strict=True):
            end = ends.at(minute + self.duration)
            yield f'{{"starts_at":"{starts.at(minute)}","ends_at":"{end}","remaining":{remaining}{price}}}'


class _Texts:
    """Ascending minutes as RFC 3339 text in a zone; a day whose clock is not changed is formatted once."""

    __slots__ = ("_begin", "_date", "_end", "_offset", "_zone")

    def __init__(self, zone: str) -> None:
        self._zone, self._begin, self._end = zone, 0, 0
        self._date = self._offset = ""

    def at(self, minute: int) -> str:
        if self._begin <= minute < self._end:
            return f"{self._date}{CLOCK[minute - self._begin]}{self._offset}"
        local = hours.from_minute(self._zone, minute)
        text = local.isoformat(timespec="seconds")
        begin = hours.day_start(self._zone, local.date())
        end = hours.day_start(self._zone, local.date() + timedelta(days=1))
        if end - begin == DAY:
            self._begin, self._end, self._date, self._offset = begin, end, text[:11], text[19:]
        return text
