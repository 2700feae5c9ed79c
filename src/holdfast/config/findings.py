"""What the doctor says of one thing."""

from dataclasses import dataclass
from typing import Literal

NO_TABLES, MIGRATE = "there are no tables yet", "Run: holdfast migrate"


@dataclass(frozen=True, slots=True)
class Finding:
    """`well`: nothing to do; `weak`: works, could be better; `ill`: bookings are not safe or not possible."""

    name: str
    state: Literal["well", "weak", "ill"]
    found: str
    remedy: str = ""
