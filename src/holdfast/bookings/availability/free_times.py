"""The answer to "when is it free?", and its text: a year of quarter hours must not cost a Python object each."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from holdfast.core.answers import etag_of
from holdfast.domain import hours
from holdfast.domain.hours import DAY
from holdfast.domain.money import Money

CLOCK = tuple(f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY))
# Texts kept for a zone and duration; 92 days of quarter hours are 8,832. About 100 bytes each.
MOST_REMEMBERED = 30_000


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Starts on offer on `days` local dates of `zone` from `first` on, and at each how many such bookings still fit.

    `minutes` count from the Unix epoch, in UTC; `duration` and `step` are minutes; `price` is the same for all,
    unless `amounts` says what each costs, in the same currency.
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
    amounts: Sequence[int] | None = None

    def encode(self, *, as_of: datetime) -> tuple[str, bytes]:
        """The ETag and the JSON body of `GET availability`. The ETag speaks for the content, not for `as_of`."""
        etag, lasting = self.lasting()
        return etag, dated(lasting, as_of)

    def lasting(self) -> tuple[str, bytes]:
        """The ETag, and all of the body but its end, which `dated` adds: good for as long as nothing changes."""
        return self.joined(self.parts())

    def joined(self, parts: Sequence["Part"]) -> tuple[str, bytes]:
        """The same with the slots of these days instead of one's own: one part for each."""
        head = {
            "service": self.service,
            "time_zone": self.zone,
            "from": self.first.isoformat(),
            "days": self.days,
            "duration_minutes": self.duration,
            "step_minutes": self.step,
        }
        opening = json.dumps(head, separators=(",", ":"))[:-1]
        slots = b",".join([part.text for part in parts if part.text])
        digests = b"".join([part.digest for part in parts])
        return etag_of(f"{opening}{self._price()}".encode() + digests), f'{opening},"slots":['.encode() + slots + b"]"

    def parts(self) -> list["Part"]:
        """The slots of each local day."""
        texts, amounts = self._slots(), self.amounts or ()
        ends = [hours.day_start(self.zone, self.first + timedelta(days=day)) for day in range(1, self.days + 1)]
        found, begin = [], 0
        for end in ends:
            until = bisect_left(self.minutes, end, begin)
            # The same numbers make the same text, and are twenty times shorter.
            numbers = (*self.minutes[begin:until], *self.remaining[begin:until], *amounts[begin:until])
            digest = blake2b(array("q", numbers).tobytes(), digest_size=16).digest()
            found.append(Part(",".join(texts[begin:until]).encode(), digest))
            begin = until
        return found

    def _price(self, amount: int | None = None) -> str:
        if self.price is None:
            return ""
        own = self.price.amount if amount is None else amount
        return f',"price":{{"amount":{own},"currency":"{self.price.currency}"}}'

    def _slots(self) -> list[str]:
        beginnings = _beginnings(self.zone, self.duration).of(self.minutes)
        if self.amounts is not None:
            priced = {amount: f"{self._price(amount)}}}" for amount in set(self.amounts)}
            slots = zip(self.minutes, self.remaining, self.amounts, strict=True)
            return [f"{beginnings[at]}{left}{priced[amount]}" for at, left, amount in slots]
        price = self._price()
        endings = {remaining: f"{remaining}{price}}}" for remaining in set(self.remaining)}
        return [beginnings[at] + endings[left] for at, left in zip(self.minutes, self.remaining, strict=True)]


@dataclass(frozen=True, slots=True)
class Part:
    """A day's slots as text, without brackets; days with the same digest have the same text."""

    text: bytes
    digest: bytes


NOTHING = Part(b"", blake2b(digest_size=16).digest())


def dated(lasting: bytes, as_of: datetime) -> bytes:
    """The whole body."""
    return lasting + f',"as_of":"{as_of.isoformat(timespec="seconds")}"}}'.encode()


class _Beginnings:
    """By its start, a slot's text up to how many remain, for one zone and duration: the same in answer after answer."""

    def __init__(self, zone: str, duration: int) -> None:
        self._zone, self._duration = zone, duration
        self._texts: dict[int, str] = {}

    def of(self, minutes: Sequence[int]) -> dict[int, str]:
        """With a text for each of these ascending minutes. Threads may ask, and learn the same, at the same time."""
        texts = self._texts
        new = [minute for minute in minutes if minute not in texts]
        if len(texts) + len(new) > MOST_REMEMBERED:
            texts = self._texts = {}  # others go on reading the former one
            new = list(minutes)
        starts, ends = _Texts(self._zone), _Texts(self._zone)
        for minute in new:
            end = ends.at(minute + self._duration)
            texts[minute] = f'{{"starts_at":"{starts.at(minute)}","ends_at":"{end}","remaining":'
        return texts


@lru_cache(maxsize=16)
def _beginnings(zone: str, duration: int) -> _Beginnings:
    return _Beginnings(zone, duration)


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
