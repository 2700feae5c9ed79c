"""A series of 52 weeks over HTTP: its preview and its booking, beside PostgreSQL inserting the same rows bare."""

import http.client
import json
import time
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from benchmarks import serving
from benchmarks.report import Figure, p50, percentile, say
from benchmarks.world import GROUPS, ORGANIZATION, ZONE, World
from holdfast.core import clock
from holdfast.core.embedded_postgres import SUPERUSER

API = f"/api/v1/{ORGANIZATION}"
WEEKS = 52
CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "+33199001234", "locale": "en"}
# How many series are previewed and booked; the first of them warm up and do not count.
SERIES, QUICK_SERIES, WARM = 40, 8, 2
# The rows of one committed series are copied back in, table by table, with new keys, far from all others.
TABLES = {
    "bookings_series": "id = %(series)s",
    "bookings_allocation": "booking_id IN (SELECT id FROM bookings_booking WHERE series_id = %(series)s)",
    "bookings_booking": "series_id = %(series)s",
    "bookings_transition": "booking_id IN (SELECT id FROM bookings_booking WHERE series_id = %(series)s)",
    "events_event": "subject = %(series)s OR subject IN (SELECT id FROM bookings_booking WHERE series_id = %(series)s)",
}


def measure(world: World, *, quick: bool) -> list[Figure]:
    """One client, one series after the other: ten people for each, half booked for the next 90 days."""
    count = QUICK_SERIES if quick else SERIES
    previews, commits, floors = [], [], []
    with serving.holdfast(world.environment(), ready=API) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number in range(count + WARM):
            asked = _asked(number)
            took, preview = _sent(connection, f"{API}/bookings/preview-series", asked, {}, 200)
            asked["recurrence"]["resolutions"] = [
                {"date": each["date"], "action": "skip"} for each in preview["dates"] if each["status"] == "conflict"
            ]
            key = {"idempotency-key": str(uuid.uuid4())}
            spent, booked = _sent(connection, f"{API}/bookings", {**asked, "customer": CUSTOMER}, key, 201)
            if number >= WARM:
                previews.append(took)
                commits.append(spent)
                floors.append(_bare(world, booked["series"]["id"]))
    say(f"a series of {WEEKS}: preview {p50(previews):.0f} ms, commit {p50(commits):.0f} ms, bare {p50(floors):.1f} ms")
    return [
        Figure("series_52_preview_ms", p50(previews), "ms"),
        Figure("series_52_preview_p95_ms", percentile(previews, 95), "ms"),
        Figure("series_52_commit_ms", p50(commits), "ms", p50(floors)),
        Figure("series_52_commit_p95_ms", percentile(commits, 95), "ms"),
    ]


def _asked(number: int) -> dict[str, Any]:
    day = clock.now().date() + timedelta(days=2 + number % 7)
    start = datetime(day.year, day.month, day.day, 9 + number % 8, tzinfo=ZoneInfo(ZONE))
    return {
        "service": f"group-{number % GROUPS}",
        "starts_at": start.isoformat(),
        "recurrence": {"rrule": f"FREQ=WEEKLY;COUNT={WEEKS}"},
    }


def _sent(
    connection: http.client.HTTPConnection, path: str, body: Any, headers: dict[str, str], expected: int
) -> tuple[float, dict[str, Any]]:
    """Milliseconds until the whole answer is there, and the answer."""
    text = json.dumps(body)
    began = time.perf_counter()
    connection.request("POST", path, text, {"content-type": "application/json", **headers})
    answer = connection.getresponse()
    content = answer.read()
    took = (time.perf_counter() - began) * 1000
    assert answer.status == expected, content[:400]
    return took, json.loads(content)


def _bare(world: World, series: str) -> float:
    """Milliseconds that PostgreSQL takes for the same rows, one statement a table, in one committed transaction."""
    with psycopg.connect(world.url(SUPERUSER)) as connection:
        rows: dict[str, list[tuple[Any, ...]]] = {}
        names: dict[str, list[str]] = {}
        for table, where in TABLES.items():
            cursor = connection.execute(f"SELECT * FROM {table} WHERE {where}", {"series": series})
            names[table] = [column.name for column in cursor.description or ()]
            rows[table] = cursor.fetchall()
            connection.execute(f"CREATE TABLE IF NOT EXISTS bare_{table} (LIKE {table} INCLUDING ALL)")
            connection.execute(f"TRUNCATE bare_{table}")
        connection.commit()
        began = time.perf_counter()
        for table, found in rows.items():
            kept = [n for n, name in enumerate(names[table]) if name != "period"]
            columns = ", ".join(names[table][n] for n in kept)
            values = ", ".join(["(" + ", ".join(["%s"] * len(kept)) + ")"] * len(found))
            plain = [_plain(row[n]) for row in found for n in kept]
            connection.execute(f"INSERT INTO bare_{table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {values}", plain)
        connection.commit()
        return (time.perf_counter() - began) * 1000


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
