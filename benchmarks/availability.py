"""Free times over HTTP, beside bare ASGI applications: one gives the same bytes, one reads busy time anew.

No question is asked twice in the same words, so that none is answered with what was answered before; but for `again`.
"""

import json
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from benchmarks import bare, load, serving
from benchmarks.bookings import Places
from benchmarks.report import Figure, p50, percentile, say
from benchmarks.world import ORGANIZATION, RESOURCES, ZONE, World

POOLS = {1: "solo", 10: "group-0", RESOURCES: "any"}
DAYS = (7, 30)
LONGEST_OCCUPATION_MINUTES = 3 * 24 * 60  # as in catalog/models.py
# Requests in turns, so that a disturbance of the machine meets all alike: (rounds, requests in each).
TURNS, QUICK_TURNS = (6, 50), (2, 10)
WARM = 10

SCAN = """
SELECT count(*), sum(start_minute + end_minute + lane) FROM bookings_allocation
WHERE resource_id = ANY(%(resources)s) AND active AND start_minute >= %(lowest)s AND start_minute < %(until)s
    AND end_minute > %(since)s AND (expires_at IS NULL OR expires_at > now())
"""


def measure(world: World, *, quick: bool) -> list[Figure]:
    """p50 and p95 for each pool and number of days, one client at a time."""
    rounds, requests = QUICK_TURNS if quick else TURNS
    questions = {_name(pool, days): _question(world, pool, days) for pool in POOLS for days in DAYS}
    asked = {**world.environment(), bare.QUESTIONS: json.dumps(questions)}
    ready = f"/api/v1/{ORGANIZATION}"
    figures: list[Figure] = []
    paths = {
        name: f"{ready}/availability?service={each['service']}&days={each['days']}" for name, each in questions.items()
    }
    with (
        serving.holdfast(world.environment(), ready=ready) as port,
        serving.asgi("benchmarks.bare:busy", asked) as read_port,
        tempfile.TemporaryDirectory() as bodies,
    ):
        serving.wait_for_memory(port, paths["1x7"])
        for name, path in paths.items():
            Path(bodies, name).write_bytes(serving.fetch(port, path))
        places = Places(port, days=max(DAYS))
        with serving.asgi("benchmarks.bare:same", {bare.BODIES: bodies}) as same_port:
            for name, path in paths.items():
                turns = _Turns()
                for number in range(rounds):
                    turns.ours += _milliseconds(port, [f"{path}&n={number}.{each}" for each in range(WARM + requests)])
                    turns.changed += _after_bookings(port, path, places.requests(requests))
                    turns.again += _milliseconds(port, [path] * (WARM + requests))
                    turns.same += _milliseconds(same_port, [f"/?question={name}"] * (WARM + requests))
                    turns.read += _milliseconds(read_port, [f"/busy?question={name}"] * (WARM + requests))
                scans = _scans(world, questions[name], rounds * requests)
                figures += _figures(name, turns, scans)
                say(f"availability {name}: {p50(turns.ours):.2f} ms; the same bytes {p50(turns.same):.2f} ms")
    return figures


@dataclass
class _Turns:
    """Milliseconds of each request: the product, right after a booking, asked again, the same bytes, reading anew."""

    ours: list[float] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    same: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)


def _figures(name: str, turns: _Turns, scans: list[float]) -> list[Figure]:
    found = [
        Figure(f"availability_{name}_p50_ms", p50(turns.ours), "ms", p50(turns.same)),
        Figure(f"availability_{name}_p95_ms", percentile(turns.ours, 95), "ms", percentile(turns.same, 95)),
        Figure(f"availability_{name}_changed_p50_ms", p50(turns.changed), "ms", p50(turns.same)),
        Figure(f"availability_{name}_again_p50_ms", p50(turns.again), "ms", p50(turns.same)),
        Figure(f"availability_{name}_read_p50_ms", p50(turns.read), "ms"),
        Figure(f"availability_{name}_scan_ms", p50(scans), "ms"),
    ]
    if name == "10x30":
        found.append(Figure("availability_10x30_floor_ratio", p50(turns.same) / p50(turns.ours), "×", 1.0))
    return found


def _name(pool: int, days: int) -> str:
    return f"{pool}x{days}"


def _question(world: World, pool: int, days: int) -> dict[str, Any]:
    """What the product reads for a request, as the parameters of busy.BUSY."""
    today = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    since = int(datetime.now(ZoneInfo(ZONE)).timestamp()) // 60
    return {
        "service": POOLS[pool],
        "days": days,
        "organization": str(world.organization_id),
        "resources": [str(each) for each in world.resource_ids(POOLS[pool])],
        "lowest": since - LONGEST_OCCUPATION_MINUTES,
        "since": since,
        "until": int((today + timedelta(days=days)).timestamp()) // 60 + 60,
        "now": datetime.now(ZoneInfo("UTC")).isoformat(),
    }


def _milliseconds(port: int, paths: list[str]) -> list[float]:
    sent = load.run(port, [load.get(path) for path in paths], clients=1)
    assert sent.all_were(200), sent.statuses
    return sent.milliseconds[WARM:]


def _after_bookings(port: int, path: str, bookings: list[str]) -> list[float]:
    """The same question after each booking, on the booking's connection: so the answer knows of it."""
    asked = [each for booking in bookings for each in (booking, load.get(path))]
    sent = load.run(port, asked, clients=1)
    assert set(sent.statuses) == {"200", "201"}, sent.statuses
    return sent.milliseconds[1::2]


def _scans(world: World, question: dict[str, Any], count: int) -> list[float]:
    """Reading the same rows through the covering index, without HTTP, and adding them up in PostgreSQL."""
    found = []
    with psycopg.connect(world.url(), autocommit=True) as connection:
        connection.execute("SELECT set_config('holdfast.organization', %s, false)", [question["organization"]])
        for _ in range(WARM + count):
            began = time.perf_counter()
            connection.execute(SCAN.replace("%(resources)s", "%(resources)s::uuid[]"), question).fetchone()
            found.append((time.perf_counter() - began) * 1000)
    return found[WARM:]
