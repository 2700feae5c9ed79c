"""A server that is to stop says so here, so that streams end at once instead of holding it up."""

from collections.abc import Callable

_asked: list[Callable[[], None]] = []


def when_asked(end: Callable[[], None]) -> None:
    """Call `end` when this process is about to stop serving."""
    _asked.append(end)


def announce() -> None:
    for end in _asked:
        end()
