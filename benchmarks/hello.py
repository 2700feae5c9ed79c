"""CPU per request of the ways to serve Django from an ASGI port, beside the least uvicorn can do (ADR 3)."""

from benchmarks import load, serving
from benchmarks.report import Figure, p50, say
from benchmarks.world import World

SERVERS = {
    "hello_bare_asgi_us": "benchmarks.bare:hello",
    "hello_django_a2wsgi_us": "benchmarks.django_hello:through_a2wsgi",
    "hello_django_asgi_us": "benchmarks.django_hello:through_asgi",
}
DJANGO = {"DJANGO_SETTINGS_MODULE": "benchmarks.hello_settings"}
TURNS, QUICK_TURNS = (5, 1000), (2, 200)
CLIENTS = 4


def measure(_world: World, *, quick: bool) -> list[Figure]:
    """Microseconds of the server process's CPU for a request to a view that answers a word, no middleware."""
    rounds, count = QUICK_TURNS if quick else TURNS
    found: dict[str, float] = {}
    for name, application in SERVERS.items():
        with serving.asgi(application, DJANGO) as port:
            _spent(port, count)
            found[name] = p50([_spent(port, count) for _ in range(rounds)])
        say(f"{application}: {found[name]:.0f} µs of CPU a request")
    floor = found["hello_bare_asgi_us"]
    return [Figure(name, value, "µs", floor) for name, value in found.items()]


def _spent(port: int, count: int) -> float:
    before = float(serving.fetch(port, "/cpu"))
    sent = load.run(port, [load.get("/")] * count, clients=CLIENTS)
    assert sent.all_were(200), sent.statuses
    return (float(serving.fetch(port, "/cpu")) - before) / count * 1e6
