"""Lanes: a resource that can serve N at once has N lanes, each with a calendar of its own."""

from collections.abc import Sequence


def choose_lanes(free: Sequence[int], count: int, lot: int = 0) -> tuple[int, ...]:
    """`count` of the free lanes, ascending.

    They are taken from where the lot falls, so that two bookings racing for the same slot do not both try lane 0
    first. Raises ValueError if too few are free.
    """
    if not 1 <= count <= len(free):
        raise ValueError(f"{count} lanes wanted, {len(free)} free")
    first = lot % len(free) if count < len(free) else 0
    return tuple(sorted([*free[first:], *free[:first]][:count]))
