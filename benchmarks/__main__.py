"""`python -m benchmarks [--quick] [availability] [bookings] [growth] [hello]`"""

import argparse
import platform
import signal
import sys
from collections.abc import Callable

from benchmarks import availability, bookings, hello
from benchmarks.report import Figure, keep, say, table
from benchmarks.world import open_world

MEASUREMENTS: dict[str, Callable[..., list[Figure]]] = {
    "availability": availability.measure,
    "growth": bookings.measure_growth,
    "bookings": bookings.measure,
    "hello": hello.measure,
}
ALLOCATIONS, QUICK_ALLOCATIONS = 1_000_000, 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Holdfast beside its floors.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of: {', '.join(MEASUREMENTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, few requests; last.json is kept")
    given = parser.parse_args()
    if unknown := set(given.names) - set(MEASUREMENTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    chosen = given.names or list(MEASUREMENTS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # end as by Ctrl-C: servers stopped, files removed
    figures: list[Figure] = []
    with open_world(allocations=QUICK_ALLOCATIONS if given.quick else ALLOCATIONS) as world:
        for name, measure in MEASUREMENTS.items():
            if name in chosen:
                say(f"measuring {name}")
                figures += measure(world, quick=given.quick)
    print(f"\n{table(figures)}\n\nPython {platform.python_version()}, {platform.system()} {platform.machine()}")
    if not given.quick:
        keep(figures)


if __name__ == "__main__":
    main()
