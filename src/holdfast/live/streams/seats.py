"""How many listen, in this process and from one address: each connection costs memory and a file."""

from collections import Counter

from holdfast.live.streams.errors import StreamsFull, TooManyStreams, soon


class Seats:
    def __init__(self, most: int, most_of_address: int) -> None:
        self._most, self._most_of_address = most, most_of_address
        self._taken: Counter[str] = Counter()
        self._all = 0

    def take(self, address: str) -> None:
        """Raises StreamsFull, TooManyStreams. Who took one gives it back."""
        if self._all >= self._most:
            raise StreamsFull(retry_after=soon())
        if self._taken[address] >= self._most_of_address:
            raise TooManyStreams(retry_after=soon())
        self._taken[address] += 1
        self._all += 1

    def give_back(self, address: str) -> None:
        self._all -= 1
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]
