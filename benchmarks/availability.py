"""Free times over HTTP, beside the index scan they need and a bare ASGI application that does that scan."""

import json
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from benchmarks import bare, load, serving
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
    with (
        serving.holdfast(world.environment(), ready=ready) as port,
        serving.asgi("benchmarks.bare:busy", asked) as floor_port,
    ):
        for name, question in questions.items():
            path = f"{ready}/availability?service={question['service']}&days={question['days']}"
            product, floor = load.get(path), load.get(f"/busy?question={name}")
            slots = len(json.loads(serving.fetch(port, path))["slots"])
            say(f"availability {name}: {slots:,} free times")
            ours: list[float] = []
            bares: list[float] = []
            for _ in range(rounds):
                ours += _milliseconds(port, product, requests)
                bares += _milliseconds(floor_port, floor, requests)
            scans = _scans(world, question, rounds * requests)
            figures += _figures(name, ours, bares, scans)
    return figures


def _figures(name: str, ours: list[float], bares: list[float], scans: list[float]) -> list[Figure]:
    found = [
        Figure(f"availability_{name}_p50_ms", p50(ours), "ms", p50(bares)),
        Figure(f"availability_{name}_p95_ms", percentile(ours, 95), "ms", percentile(bares, 95)),
        Figure(f"availability_{name}_scan_ms", p50(scans), "ms"),
    ]
    if name == "10x30":
        found.append(Figure("availability_10x30_floor_ratio", p50(ours) / p50(bares), "×", 1.0))
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


def _milliseconds(port: int, request: str, count: int) -> list[float]:
    sent = load.run(port, [request] * (WARM + count), clients=1)
    assert sent.all_were(200), sent.statuses
    return sent.milliseconds[WARM:]


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
