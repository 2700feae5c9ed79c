"""What was used last, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A cache that forgets what was not used for longest once it is fuller than `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._found: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._found.get(key)
        if found is None:
            return None
        self._found.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """What alone is larger than all may be is not kept."""
        self.drop(key)
        if size > self._most:
            return
        self._found[key] = value, size
        self._bytes += size
        while self._bytes > self._most:
            _, (_, freed) = self._found.popitem(last=False)
            self._bytes -= freed

    def drop(self, key: K) -> None:
        _, freed = self._found.pop(key, (None, 0))
        self._bytes -= freed
