"""Many who want the same at the same moment, at the database itself: bundles of two places, half of them given back.

32 connections work through 100 slots until each is taken, in orders of their own, by the product's own INSERT.
Whoever has both places of a slot rolls back or commits, as a coin falls.
"""

import threading
import time
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

import psycopg

from benchmarks.report import Figure, say
from benchmarks.world import World
from holdfast.bookings.places.allocations import INSERT
from holdfast.core.embedded_postgres import SUPERUSER

CLIENTS, SLOTS = 32, 100
FIRST_MINUTE = 50_000_000  # far beyond everything booked
BOOKING = """
INSERT INTO bookings_booking SELECT (jsonb_populate_record(booking, jsonb_build_object(
    'id', %s::uuid, 'reference', %s::text, 'state', 'confirmed', 'version', 1))).*
FROM bookings_booking booking LIMIT 1
"""
TAKEN = """
SELECT count(*), count(DISTINCT (resource_id, lane, start_minute)), count(DISTINCT booking_id) FROM bookings_allocation
WHERE active AND start_minute >= %s AND start_minute < %s
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class _Result:
    waits: list[float] = field(default_factory=list)
    won: list[int] = field(default_factory=list)
    given_back: int = 0


def measure(world: World, *, quick: bool) -> list[Figure]:
    """Winners (exactly as many as slots), deadlocks that PostgreSQL counted, the longest wait for a place."""
    resources = world.resource_ids("group-0")
    results = [_Result() for _ in range(CLIENTS)]
    gate = threading.Barrier(CLIENTS)
    with psycopg.connect(world.url(SUPERUSER), autocommit=True) as admin:
        before = admin.execute(DEADLOCKS).fetchone()
        threads = [
            threading.Thread(target=_compete, args=(world, resources, number, gate, results[number]))
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(1.5)  # statistics of ended sessions arrive
        after = admin.execute(DEADLOCKS).fetchone()
        found = admin.execute(TAKEN, [FIRST_MINUTE, FIRST_MINUTE + SLOTS * 60]).fetchone()
    assert before is not None
    assert after is not None
    winners = sum(len(each.won) for each in results)
    assert found == (2 * SLOTS, 2 * SLOTS, SLOTS), found
    waits = [wait for each in results for wait in each.waits]
    say(f"contention: {winners} winners of {SLOTS} slots, {sum(each.given_back for each in results)} given back")
    return [
        Figure("contention_winners", winners, "slots", SLOTS),
        Figure("contention_deadlocks", after[0] - before[0], ""),
        Figure("contention_worst_wait_ms", max(waits), "ms"),
    ]


def _compete(world: World, resources: list[UUID], number: int, gate: threading.Barrier, result: _Result) -> None:
    chance = Random(number)
    open_slots = list(range(SLOTS))
    chance.shuffle(open_slots)
    with psycopg.connect(world.url()) as connection:
        connection.execute("SELECT set_config('holdfast.organization', %s, false)", [str(world.organization_id)])
        connection.commit()
        gate.wait()
        while open_slots:
            slot = open_slots.pop()
            booking = uuid4()
            places = sorted(resources[:2])
            began = time.perf_counter()
            inserted = connection.execute(INSERT, _places(world, booking, places, slot)).rowcount
            result.waits.append((time.perf_counter() - began) * 1000)
            if inserted < len(places):
                connection.rollback()  # somebody has it
            elif chance.random() < 0.5:
                connection.rollback()
                result.given_back += 1
                open_slots.insert(0, slot)
            else:
                connection.execute(BOOKING, [booking, f"C{slot}"])
                connection.commit()
                result.won.append(slot)


def _places(world: World, booking: UUID, places: list[UUID], slot: int) -> dict[str, object]:
    start = FIRST_MINUTE + slot * 60
    return {
        "organization": world.organization_id,
        "expires_at": None,
        "ids": [uuid4() for _ in places],
        "bookings": [booking for _ in places],
        "requirements": [None for _ in places],
        "resources": places,
        "lanes": [0 for _ in places],
        "starts": [start for _ in places],
        "ends": [start + 60 for _ in places],
    }
