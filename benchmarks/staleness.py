"""How old answers from memory are: from a booking's answer until other connections show it, asked without `after`."""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import load, serving
from benchmarks.bookings import API, Places, book
from benchmarks.report import Figure, p50, percentile, say
from benchmarks.world import World

SAMPLES, QUICK_SAMPLES = 300, 50
PATH = f"{API}/availability?service=group-0&days=1"
FOLLOWERS, EVERY_SECONDS = 8, 0.2
ROUNDS, QUICK_ROUNDS = 3, 1


def measure(world: World, *, quick: bool) -> list[Figure]:
    """p50 and p99 of the time after a commit; and commits while followers ask, over commits while nobody does."""
    with serving.holdfast(world.environment(), ready=API) as port:
        serving.wait_for_memory(port, PATH)
        places = Places(port, days=60)
        ages = _ages(port, places, QUICK_SAMPLES if quick else SAMPLES)
        say(f"an answer shows a booking {p50(ages):.0f} ms after its commit, {percentile(ages, 99):.0f} ms at p99")
        alone: list[float] = []
        followed: list[float] = []
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            count = 100 if quick else 800
            alone.append(book(port, places.requests(count), 8).per_second(201))
            with _followers(port):
                followed.append(book(port, places.requests(count), 8).per_second(201))
    return [
        Figure("live_staleness_p50_ms", p50(ages), "ms"),
        Figure("live_staleness_p99_ms", percentile(ages, 99), "ms"),
        Figure("booking_commits_followed_ratio", p50(followed) / p50(alone), "×", 1.0),
    ]


def _ages(port: int, places: Places, count: int) -> list[float]:
    """Milliseconds; readers are on connections of their own, which belong to one process or another."""
    readers = itertools.cycle([http.client.HTTPConnection(load.HOST, port, timeout=30) for _ in range(6)])
    ages = []
    for request in places.requests(count):
        head, _, body = request.partition("\r\n\r\n")
        key = head.rpartition("idempotency-key: ")[2].split("\r\n")[0]
        writer = http.client.HTTPConnection(load.HOST, port, timeout=30)
        writer.request("POST", f"{API}/bookings", body, {"content-type": "application/json", "idempotency-key": key})
        answer = writer.getresponse()
        assert answer.status == 201, answer.read()
        committed, event = time.perf_counter(), int(answer.headers["Event-Id"])
        json.loads(answer.read())
        writer.close()
        reader = next(readers)
        while _shown(reader) < event:
            time.sleep(0.002)
        ages.append((time.perf_counter() - committed) * 1000)
    return ages


def _shown(reader: http.client.HTTPConnection) -> int:
    """The last event in what the reader is told."""
    reader.request("GET", PATH)
    answer = reader.getresponse()
    answer.read()
    return int(answer.headers["Event-Id"] or 0)


@contextmanager
def _followers(port: int) -> Iterator[None]:
    """Clients that ask again and again what is free, as pages that stay open do."""
    end = threading.Event()

    def follow() -> None:
        reader = http.client.HTTPConnection(load.HOST, port, timeout=30)
        while not end.wait(EVERY_SECONDS):
            _shown(reader)
        reader.close()

    threads = [threading.Thread(target=follow) for _ in range(FOLLOWERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()
