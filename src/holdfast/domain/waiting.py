"""Waiting for a time: what becomes of an entry and of what it is offered, and which free starts somebody waits for.

docs/algorithms/waiting-list.md is the specification.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from holdfast.domain import hours
from holdfast.domain.hours import DAY


class Waiting(StrEnum):
    """What an entry of the waiting list is."""

    WAITING = "waiting"
    OFFERED = "offered"
    CLAIMED = "claimed"
    LEFT = "left"
    REMOVED = "removed"
    EXPIRED = "expired"


class Step(StrEnum):
    """What happens to an entry."""

    OFFER = "offer"
    PASS = "pass"  # noqa: S105 - no password: the offer ran out or was declined, and passes on
    CLAIM = "claim"
    LEAVE = "leave"
    REMOVE = "remove"
    EXPIRE = "expire"


class Outcome(StrEnum):
    """How an offer ended."""

    CLAIMED = "claimed"
    EXPIRED = "expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNDELIVERABLE = "undeliverable"


STEPS: dict[Step, dict[Waiting, Waiting]] = {
    Step.OFFER: {Waiting.WAITING: Waiting.OFFERED},
    Step.PASS: {Waiting.OFFERED: Waiting.WAITING},
    Step.CLAIM: {Waiting.OFFERED: Waiting.CLAIMED},
    Step.LEAVE: {Waiting.WAITING: Waiting.LEFT, Waiting.OFFERED: Waiting.LEFT},
    Step.REMOVE: {Waiting.WAITING: Waiting.REMOVED, Waiting.OFFERED: Waiting.REMOVED},
    Step.EXPIRE: {Waiting.WAITING: Waiting.EXPIRED},
}
# In these an entry has its place in the line; from the others no way leads on.
ACTIVE: frozenset[Waiting] = frozenset({Waiting.WAITING, Waiting.OFFERED})


def target(state: Waiting, step: Step) -> Waiting | None:
    """Where the step leads from here; None where it is not possible."""
    return STEPS[step].get(state)


def as_markdown() -> str:
    """States x steps as a table: in each field where the step leads."""
    rows = [["from", *Step], ["---"] * (len(Step) + 1)]
    rows += [
        [state, *(target(state, step) or "·" for step in Step)]
        for state in Waiting
        if any(state in ways for ways in STEPS.values())
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Starts on local dates `first` to `last` of `zone`, at minutes [since, until) of the local day.

    `lead`: how many minutes from now a start must lie ahead, so that whoever is offered it has the whole time to
    answer. `passed` are starts, in minutes since the epoch, that this person let pass: neither they nor what overlaps
    them, with this `duration` in minutes, is offered again.
    """

    zone: str
    first: date
    last: date
    since: int = 0
    until: int = DAY
    lead: int = 0
    duration: int = 1
    passed: frozenset[int] = frozenset()

    def fits(self, start: int, now: int) -> bool:
        """Whether a start is one that is waited for; both in minutes since the epoch."""
        local = hours.from_minute(self.zone, start)
        return (
            self.first <= local.date() <= self.last
            and self.since <= local.hour * 60 + local.minute < self.until
            and start > now + self.lead
            and all(abs(start - before) >= self.duration for before in self.passed)
        )


def fitting(starts: Iterable[int], wanted: Wanted, now: int) -> Iterator[int]:
    """Those of the starts on offer that are waited for, in their order."""
    return (start for start in starts if wanted.fits(start, now))


def dates_touched(zone: str, start: int, end: int, reach: int = DAY) -> tuple[date, date]:
    """The local dates, first and last, on which a time [start, end) that became free may allow a start.

    `reach`: how much earlier a start may lie that needs some of this time.
    """
    return hours.date_of(zone, start - reach), hours.date_of(zone, end)
