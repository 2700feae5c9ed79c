"""Bookings over HTTP: each a `POST /bookings` for a place of its own, with an Idempotency-Key, answered with 201."""

import json
import random
import uuid
from collections.abc import Iterator

from benchmarks import commit_floor, load, serving
from benchmarks.report import Figure, p50, percentile, say
from benchmarks.world import GROUPS, ORGANIZATION, SMALL, SMALL_DAYS, World
from holdfast.core.embedded_postgres import DATABASE

API = f"/api/v1/{ORGANIZATION}"
CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "+33199001234", "locale": "en"}
# (rounds, bookings in each round for each number of clients)
TURNS, QUICK_TURNS = (3, 1500), (1, 300)
GROWTH_TURNS, QUICK_GROWTH_TURNS = (8, 300), (2, 100)
WARM = 200
CLIENTS = (8, 32)
GROWTH_CLIENTS = 8
FLOOR_SECONDS, QUICK_FLOOR_SECONDS = 5, 2


class Places:
    """Free hours of the services that take one of ten, each given out once, in no order."""

    def __init__(self, port: int, *, days: int) -> None:
        found = []
        for group in range(GROUPS):
            answer = json.loads(serving.fetch(port, f"{API}/availability?service=group-{group}&days={days}"))
            found += [
                (f"group-{group}", slot["starts_at"])
                for slot in answer["slots"]
                if slot["starts_at"][14:16] == "00"
                for _ in range(slot["remaining"])
            ]
        random.Random(1).shuffle(found)
        self._found: Iterator[tuple[str, str]] = iter(found)
        self.count = len(found)

    def requests(self, count: int) -> list[str]:
        return [self._request(*next(self._found)) for _ in range(count)]

    def _request(self, service: str, starts_at: str) -> str:
        body = {"service": service, "starts_at": starts_at, "customer": CUSTOMER}
        return load.post(f"{API}/bookings", body, {"idempotency-key": str(uuid.uuid4())})


def measure(world: World, *, quick: bool) -> list[Figure]:
    """Throughput at 8 and 32 clients, latency at 32, beside pgbench with as many clients."""
    rounds, count = QUICK_TURNS if quick else TURNS
    seconds = QUICK_FLOOR_SECONDS if quick else FLOOR_SECONDS
    rates: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
    floors: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
    milliseconds: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
    with serving.holdfast(world.environment(), ready=API) as port:
        places = Places(port, days=90)
        say(f"booking over HTTP: {places.count:,} places to give")
        book(port, places.requests(WARM), max(CLIENTS))
        for _ in range(rounds):
            for clients in CLIENTS:
                sent = book(port, places.requests(count), clients)
                rates[clients].append(sent.per_second(201))
                milliseconds[clients] += sent.milliseconds
                floor = commit_floor.transactions_per_second(world, clients=clients, seconds=seconds)
                floors[clients].append(floor)
                say(f"{clients} clients: {rates[clients][-1]:,.0f} bookings/s; pgbench {floor:,.0f}/s")
    few, many = CLIENTS
    return [
        Figure("booking_commits_per_s", p50(rates[many]), "1/s", p50(floors[many])),
        Figure("booking_commits_8_per_s", p50(rates[few]), "1/s", p50(floors[few])),
        Figure("booking_commit_p50_ms", p50(milliseconds[many]), "ms", 1000 * many / p50(floors[many])),
        Figure("booking_commit_p99_ms", percentile(milliseconds[many], 99), "ms"),
        Figure("booking_commit_8_p50_ms", p50(milliseconds[few]), "ms", 1000 * few / p50(floors[few])),
        Figure("booking_commit_8_p99_ms", percentile(milliseconds[few], 99), "ms"),
    ]


def measure_growth(world: World, *, quick: bool) -> list[Figure]:
    """Commit p50 with all allocations over p50 with 10 thousand, in turns, on the same days, equally full."""
    rounds, count = QUICK_GROWTH_TURNS if quick else GROWTH_TURNS
    large: list[float] = []
    small: list[float] = []
    with (
        serving.holdfast(world.environment(DATABASE), ready=API) as large_port,
        serving.holdfast(world.environment(SMALL), ready=API) as small_port,
    ):
        turns = [
            (port, Places(port, days=SMALL_DAYS), into) for port, into in ((large_port, large), (small_port, small))
        ]
        for port, places, _into in turns:
            book(port, places.requests(WARM), GROWTH_CLIENTS)
        for number in range(rounds):
            for port, places, into in turns if number % 2 else turns[::-1]:
                into += book(port, places.requests(count), GROWTH_CLIENTS).milliseconds
    say(f"a booking takes {p50(large):.1f} ms among {world.allocations:,} and {p50(small):.1f} ms among 10,000")
    return [Figure("growth_ratio", p50(large) / p50(small), "×", 1.0)]


def measure_scale(world: World, *, quick: bool) -> list[Figure]:
    """Commits per second and free times of ten people, with all allocations over with 10 thousand, in turns."""
    rounds, count = QUICK_GROWTH_TURNS if quick else GROWTH_TURNS
    path = f"{API}/availability?service=group-1&days={SMALL_DAYS}"
    commits: tuple[list[float], list[float]] = ([], [])
    reads: tuple[list[float], list[float]] = ([], [])
    with (
        serving.holdfast(world.environment(DATABASE), ready=API) as large_port,
        serving.holdfast(world.environment(SMALL), ready=API) as small_port,
    ):
        turns = [(port, Places(port, days=SMALL_DAYS)) for port in (large_port, small_port)]
        for port, places in turns:
            serving.wait_for_memory(port, path)
            book(port, places.requests(WARM), GROWTH_CLIENTS)
        for number in range(rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                port, places = turns[which]
                commits[which].append(book(port, places.requests(count), GROWTH_CLIENTS).per_second(201))
                asked = [load.get(f"{path}&n={number}.{each}") for each in range(count)]
                reads[which].extend(load.run(port, asked, clients=1).milliseconds)
    say(f"{p50(commits[0]):.0f} bookings/s among {world.allocations:,}, {p50(commits[1]):.0f} among 10,000")
    return [
        Figure("scale_commits_ratio", p50(commits[0]) / p50(commits[1]), "×", 1.0),
        Figure("scale_reads_ratio", p50(reads[0]) / p50(reads[1]), "×", 1.0),
    ]


def book(port: int, requests: list[str], clients: int) -> load.Sent:
    """Send them all; each must be answered with 201."""
    sent = load.run(port, requests, clients=clients)
    assert sent.all_were(201), sent.statuses
    return sent
