"""How far the event log is settled: up to which id nothing can appear any more.

Ids are handed out when a row is inserted and become visible at its commit, in another order. Whoever inserts an event
holds a lock on the table from before its id is drawn until after its commit is visible. So all ids drawn until a
moment belong to transactions that have ended by then or hold the lock then; when the latter have ended, every event up
to the last of these ids is visible that ever will be.

Unlike the follower of calendars (`events/following.py`), who takes events as they become visible, listeners need the
same order from every process, so that an id is a place where any of them can go on. What it costs: a transaction that
stays open *after it has recorded an event* holds back those with later ids. Others hold back nothing.
"""

from collections.abc import Iterable

from holdfast.live.database import Database

# The number first, the holders after it: the other way round somebody could come between. OFFSET keeps that order.
LOOK = """
SELECT drawn.last, (
    SELECT array_agg(DISTINCT virtualtransaction) FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'events_event'::regclass AND mode = 'RowExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND drawn.last IS NOT NULL
) FROM (SELECT pg_sequence_last_value(pg_get_serial_sequence('events_event', 'id')::regclass) AS last OFFSET 0) drawn
"""
# While somebody holds the lock for long, no more moments than these are remembered.
MOST_WAITING = 64


class Tide:
    """`settled`: every event up to this id is visible or will never be. `drawn`: no id above it is known to exist."""

    def __init__(self) -> None:
        self.settled = 0
        self.drawn = 0
        self._waiting: list[tuple[int, frozenset[str]]] = []

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiting)

    def saw(self, drawn: int, holders: Iterable[str]) -> bool:
        """Another look: the last id that was drawn, and who held the lock after that. Whether more is settled now."""
        before, now = self.settled, frozenset(holders)
        if drawn > (self._waiting[-1][0] if self._waiting else self.settled):
            self._waiting.append((drawn, now))
        still = [(number, held) for number, held in self._waiting if held & now]
        over = [number for number, held in self._waiting if not held & now]
        self.drawn, self.settled = max(self.drawn, drawn), max([self.settled, *over])
        self._waiting = [each for each in still if each[0] > self.settled]
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[1::2]
        return self.settled > before

    async def look(self, database: Database) -> bool:
        """Whether more is settled now. Raises psycopg.OperationalError."""
        row = await database.read(None, LOOK, {})
        assert row is not None  # noqa: S101 - a SELECT without a table has a row
        return self.saw(row[0] or 0, row[1] or ())
