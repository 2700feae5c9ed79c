"""`python -m benchmarks [--quick] [name …]`: some of MEASUREMENTS, or `scale` alone."""

import argparse
import platform
import signal
import sys
from collections.abc import Callable

from benchmarks import availability, bookings, contention, hello, live, notices, series, staleness
from benchmarks.report import Figure, keep, say, table
from benchmarks.world import open_world

MEASUREMENTS: dict[str, Callable[..., list[Figure]]] = {
    "availability": availability.measure,
    "growth": bookings.measure_growth,
    "bookings": bookings.measure,
    "series": series.measure,
    "staleness": staleness.measure,
    "live": live.measure,
    "contention": contention.measure,
    "notices": notices.measure,
    "hello": hello.measure,
}
ALLOCATIONS, QUICK_ALLOCATIONS = 1_000_000, 100_000
# By itself and only when asked for: ten million rows take longer to make than all the rest to measure.
SCALE, SCALE_ALLOCATIONS, QUICK_SCALE_ALLOCATIONS = "scale", 10_000_000, 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Holdfast beside its floors.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of: {', '.join(MEASUREMENTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, few requests; last.json is kept")
    given = parser.parse_args()
    if unknown := set(given.names) - {*MEASUREMENTS, SCALE}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if SCALE in given.names and len(given.names) > 1:
        parser.error(f"{SCALE} has a database of its own size: ask for it alone")
    chosen = {SCALE: bookings.measure_scale} if SCALE in given.names else _chosen(given.names)
    large, quick = (SCALE_ALLOCATIONS, QUICK_SCALE_ALLOCATIONS) if SCALE in chosen else (ALLOCATIONS, QUICK_ALLOCATIONS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # end as by Ctrl-C: servers stopped, files removed
    figures: list[Figure] = []
    with open_world(allocations=quick if given.quick else large) as world:
        for name, measure in chosen.items():
            say(f"measuring {name}")
            figures += measure(world, quick=given.quick)
    print(f"\n{table(figures)}\n\nPython {platform.python_version()}, {platform.system()} {platform.machine()}")
    if not given.quick:
        keep(figures)


def _chosen(names: list[str]) -> dict[str, Callable[..., list[Figure]]]:
    return {name: measure for name, measure in MEASUREMENTS.items() if name in (names or MEASUREMENTS)}


if __name__ == "__main__":
    main()
