"""The last events of an organization, shared by all who listen to it: each of them only remembers how far it is."""

import asyncio
from collections import deque
from itertools import islice

from holdfast.live.streams.happening import Happening
from holdfast.live.streams.log import Log, Page

# As many are kept; whoever is further behind reads the log, or is sent away to come again.
MOST_KEPT = 1_000


class Behind(Exception):
    """What comes next is not kept any more."""


class Feed:
    """All events after `begin` and up to `settled`, numbered since this process follows them.

    Whoever waits for news stands in `waiting`; there are thousands, so each is one future and nothing more.
    """

    def __init__(self, log: Log, page: Page, settled: int) -> None:
        self.log = log
        self.settled = settled
        self.version = page.catalog_version
        self.listeners = 0
        self.idle_since = 0.0
        self.rings = 0
        self.waiting: set[asyncio.Future[None]] = set()
        self._kept = deque(page.happenings)
        self._first = 0
        self.begin = 0 if page.is_all else self._kept[0].id - 1

    @property
    def end(self) -> int:
        return self._first + len(self._kept)

    def number_after(self, event_id: int) -> int | None:
        """The number of the first event after this id; None when such are not kept any more."""
        if event_id < self.begin:
            return None
        return self._first + sum(each.id <= event_id for each in self._kept)

    def since(self, number: int) -> list[Happening]:
        """From this number on; what costs time is how many. Raises Behind."""
        if number < self._first:
            raise Behind
        found = list(islice(reversed(self._kept), self.end - number))
        found.reverse()
        return found

    def take(self, page: Page, settled: int) -> None:
        """What was settled since."""
        for each in page.happenings:
            if len(self._kept) == MOST_KEPT:
                self.begin = self._kept.popleft().id
                self._first += 1
            self._kept.append(each)
        self.settled = settled if page.is_all else page.happenings[-1].id
        if page.happenings or page.catalog_version != self.version:
            self.version = page.catalog_version
            self.ring()

    def ring(self) -> None:
        """Wake all who wait for news."""
        self.rings += 1
        woken, self.waiting = self.waiting, set()
        for each in woken:
            if not each.done():
                each.set_result(None)
