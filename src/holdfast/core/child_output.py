"""What children print, line by line, each line with the name of its child before it."""

import codecs
import contextlib
import os
import selectors
import time
from dataclasses import dataclass, field
from typing import IO, TextIO

_COLOURS = ("36", "33", "35", "32", "34", "31")  # ANSI foregrounds
_LONGEST_LINE = 64 * 1024  # characters; a child that never ends its line must not fill our memory


@dataclass
class _Stream:
    name: str
    decode: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"))
    unfinished: str = ""


class ChildOutput:
    """Reads many pipes and writes whole lines to one place; coloured only on a terminal (and never with NO_COLOR)."""

    def __init__(self, names: list[str], to: TextIO) -> None:
        self._to = to
        self._width = max((len(name) for name in names), default=0)
        coloured = to.isatty() and "NO_COLOR" not in os.environ
        self._colours = dict(zip(names, _COLOURS * len(names), strict=False)) if coloured else {}
        self._selector = selectors.DefaultSelector()
        self._wakeup: int | None = None

    def wake_on(self, descriptor: int) -> None:
        """Return from `pump` early when this one (a signal's wake-up pipe) becomes readable."""
        self._wakeup = descriptor
        self._selector.register(descriptor, selectors.EVENT_READ)

    def add(self, name: str, pipe: IO[bytes]) -> None:
        os.set_blocking(pipe.fileno(), False)
        self._selector.register(pipe, selectors.EVENT_READ, _Stream(name))

    def say(self, name: str, line: str) -> None:
        prefix = f"{name:<{self._width}} │"
        if colour := self._colours.get(name):
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        with contextlib.suppress(BrokenPipeError):  # our reader left: the children's work goes on
            self._to.write(f"{prefix} {line}\n")
            self._to.flush()

    def pump(self, timeout: float) -> None:
        """Forward what there is, waiting for it at most `timeout` seconds."""
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                _drain(key.fd)
            else:
                self._forward(key)

    def drain(self, timeout: float = 0.2) -> None:
        """Forward the last words of children that ended; give up on pipes somebody else still holds open."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0 and any(key.data for key in self._keys()):
            self.pump(left)

    def close(self) -> None:
        for key in self._keys():
            if isinstance(key.data, _Stream):
                self._end(key)
        self._selector.close()

    def _keys(self) -> list[selectors.SelectorKey]:
        return list(self._selector.get_map().values())

    def _forward(self, key: selectors.SelectorKey) -> None:
        stream: _Stream = key.data
        try:
            data = os.read(key.fd, 65536)
        except BlockingIOError:
            return
        if not data:
            self._end(key)
            return
        *lines, stream.unfinished = (stream.unfinished + stream.decode.decode(data)).split("\n")
        for line in lines:
            self.say(stream.name, line)
        if len(stream.unfinished) > _LONGEST_LINE:
            self.say(stream.name, stream.unfinished)
            stream.unfinished = ""

    def _end(self, key: selectors.SelectorKey) -> None:
        if key.data.unfinished:
            self.say(key.data.name, key.data.unfinished)
        self._selector.unregister(key.fileobj)
        if not isinstance(key.fileobj, int):
            key.fileobj.close()  # type: ignore[attr-defined]  # typeshed knows only that it has fileno()


def _drain(descriptor: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(descriptor, 4096):
            pass
