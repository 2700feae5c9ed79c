"""What limits leave: bookings counted by local day, under locks that make the count the last word.

Nothing is stored. A day's use is counted from the bookings themselves, in the statement that reads what is busy;
whoever decides takes the locks of the limits first, in one order (docs/algorithms/limits.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from holdfast.catalog.models.limits import in_words
from holdfast.core import locking
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window
from holdfast.domain.limits import Allowance, Code, Rule, allowance
from holdfast.domain.question import Key

if TYPE_CHECKING:
    from holdfast.bookings.availability.question import Question

Taken = Mapping[UUID, Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class PlannedLimit:
    """A limit in force, as a plan knows it. `subject`: a team's or service's name, for words."""

    id: UUID
    kind: str
    rule: Rule
    counts_people: bool
    team: UUID | None
    service: UUID | None
    subject: Any
    period: str

    @property
    def words(self) -> str:
        """In the active language."""
        counts = "people" if self.counts_people else "bookings"
        return in_words(self.kind, self.subject, self.rule.most, counts, self.period, self.rule.days)


@dataclass(frozen=True, slots=True)
class Known:
    """Who books, as far as limits are concerned: address and number as they are compared."""

    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, email: str, phone: str = "") -> "Known":
        """Upper case and spaces around do not make another customer."""
        return cls(email.strip().lower(), phone.strip())


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that is reached on a local day: `used` of its `most` before this booking."""

    limit: PlannedLimit
    day: date
    used: int

    @property
    def most(self) -> int:
        return self.limit.rule.most

    @property
    def code(self) -> Code:
        return CODES[self.limit.kind]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in one look: busy time, packed (busy.BUSY), and what limits count, by limit and date."""

    packed: bytes | None = None
    counted: Taken = field(default_factory=dict)


def planned(rows: Iterable[Mapping[str, Any]]) -> tuple[PlannedLimit, ...]:
    """The limits of the document that `availability.document.document_of` gives."""
    return tuple(
        PlannedLimit(
            id=UUID(row["id"]),
            kind=row["kind"],
            rule=Rule(row["most"], row["period"], row["days"] if row["period"] == "rolling" else 1),
            counts_people=row["counts"] == "people",
            team=UUID(row["team"]) if row["team"] else None,
            service=UUID(row["service"]) if row["service"] else None,
            subject=row["subject"],
            period=row["period"],
        )
        for row in rows
    )


def by_day(question: "Question") -> tuple[PlannedLimit, ...]:
    """The limits that every booking of the service meets, whoever makes it."""
    return tuple(limit for limit in question.plan.limits if limit.kind != "customer")


def allowances(
    question: "Question", window: Window, taken: Taken
) -> tuple[tuple[Allowance, ...], dict[Key, tuple[Allowance, ...]]]:
    """What is left to the booking itself and, by team, to resources. A customer's only if theirs were counted."""
    own: list[Allowance] = []
    teams: dict[Key, tuple[Allowance, ...]] = {}
    for limit in question.plan.limits:
        if limit.kind == "customer" and limit.id not in taken:
            continue
        found = allowance(
            CODES[limit.kind],
            limit.id,
            limit.rule,
            zone=question.plan.time_zone,
            window=window,
            taken=taken.get(limit.id, {}),
            weight=question.wish.party_size if limit.counts_people else 1,
        )
        if limit.team is None:
            own.append(found)
        else:
            teams[limit.team] = (*teams.get(limit.team, ()), found)
    return tuple(own), teams


def locks(question: "Question", starts: Iterable[int], customer: Known | None = None) -> list[int]:
    """The keys that a decision about these starts needs, sorted: each limit with its local day, or with its customer.

    For several bookings in one transaction, lock all of theirs at once before the first (`lock`).
    """
    zone = question.plan.time_zone
    days = {hours.date_of(zone, start) for start in starts}
    keys = [locking.number_of("limit", limit.id, day) for limit in by_day(question) for day in days]
    if customer is not None:
        known = [text for text in (customer.email, customer.phone) if text]
        keys += [
            locking.number_of("limit", limit.id, text)
            for limit in question.plan.limits
            if limit.kind == "customer"
            for text in known
        ]
    return sorted(keys)


def exceeded(
    question: "Question", request: slots.Request, decision: slots.Decision, start: int
) -> tuple[Exceeded, ...]:
    """The limits that a decision made without them goes beyond."""
    if isinstance(decision, slots.Refused):
        return ()
    team_of = {candidate.key: candidate.team for need in request.needs for candidate in need.pool}
    teams = {team_of[each.resource_key] for each in decision.assignments}
    met = [*request.allowances, *(each for team in teams if team is not None for each in request.teams.get(team, ()))]
    return tuple(exceeded_by(question, each, start) for each in met if not each.allows(start))


def said(question: "Question", full: Allowance, start: int) -> dict[str, Any]:
    """What a refusal says of the limit that is reached; its words only name what the organization calls it."""
    found = exceeded_by(question, full, start)
    return {"limit": found.limit.words, "day": found.day.isoformat(), "most": found.most}


def reached(question: "Question", request: slots.Request, start: int) -> list[Exceeded]:
    """The limits that let nothing more start on the day of a minute: of the service, the customer, any of the teams."""
    met = [*request.allowances, *(each for limits in request.teams.values() for each in limits)]
    return [exceeded_by(question, each, start) for each in met if not each.allows(start)]


def exceeded_by(question: "Question", full: Allowance, start: int) -> Exceeded:
    """A limit that is reached on the day of a start."""
    limit = next(limit for limit in question.plan.limits if limit.id == full.key)
    day = full.at(start)
    return Exceeded(limit, hours.date_of(question.plan.time_zone, start), day.used if day else 0)


def lock(keys: Iterable[int]) -> None:
    """Until the transaction ends, nobody else decides about these limits. No keys, no statement."""
    locking.lock_limits(sorted(set(keys)))


CODES: Mapping[str, Code] = {"customer": "customer_limit", "service": "service_day_limit", "team": "team_day_limit"}
