"""Until when a booking may be cancelled for free. All times in minutes (UTC), notice in minutes."""

from typing import Literal

Standing = Literal["free", "late", "started"]


def free_until(start_minute: int, notice: int) -> int:
    """The last minute at which cancelling is free: `notice` minutes before the start, that minute included."""
    if notice < 0:
        raise ValueError("notice is not negative")
    return start_minute - notice


def standing(now: int, start_minute: int, notice: int) -> Standing:
    """`free`: may cancel at no cost; `late`: the notice has begun; `started`: too late for anyone."""
    if now >= start_minute:
        return "started"
    return "free" if now <= free_until(start_minute, notice) else "late"


def may_cancel(now: int, start_minute: int, notice: int) -> bool:
    """Whether a customer may still cancel by themselves, at no cost."""
    return standing(now, start_minute, notice) == "free"
