"""Following the event log without losing a row and without waiting: what became visible between two snapshots.

An id says when a row was inserted, not when it became true, so "everything after id 7" loses whatever was slower
(docs/algorithms/events.md). A follower remembers instead what it has seen: PostgreSQL's snapshot. The next read takes
the rows that this snapshot did not show. `low` only keeps that from reading the whole log: no row up to it is to come.
"""

from dataclasses import dataclass

# Beside a follower's query, in the same statement: where the log stands for it. The last is the next transaction's id.
STANDING = """
pg_current_snapshot()::text,
pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
pg_snapshot_xmin(pg_current_snapshot())::text::bigint + age(pg_snapshot_xmin(pg_current_snapshot())::xid),
coalesce((SELECT max(id) FROM events_event WHERE organization_id = %(organization)s), 0)
"""
STANDING_COLUMNS = 4
# Rows of events_event that a place has not seen.
UNSEEN = "id > %(low)s AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)"
# A long transaction keeps `low` where it is; more steps than these are not remembered meanwhile.
MOST_STEPS = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """The log at one moment. Transactions below `oldest` have ended; those from `next` on had not begun."""

    snapshot: str
    oldest: int
    next: int
    last_id: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far a follower has read: all that `seen` shows."""

    seen: str
    low: int
    last_id: int
    # (next, last_id) of earlier standings: transactions from `next` on write ids above `last_id`.
    steps: tuple[tuple[int, int], ...] = ()

    def moved(self, now: Standing) -> "Place":
        """The place after reading at `now` what was unseen."""
        steps = [*self.steps, (now.next, now.last_id)]
        ended = [last_id for began, last_id in steps if began <= now.oldest]
        steps = [step for step in steps if step[0] > now.oldest]
        if len(steps) > MOST_STEPS:
            del steps[1::2]
        return Place(now.snapshot, max([self.low, *ended]), now.last_id, tuple(steps))


# A snapshot that shows nothing: before all that was ever recorded.
BEGINNING = Place("1:1:", 0, 0)


def place_at(now: Standing, earlier: Standing) -> Place | None:
    """Where to begin: with all that `now` shows. None while something is open that was so at the earlier standing."""
    return Place(now.snapshot, earlier.last_id, now.last_id) if earlier.next <= now.oldest else None
