"""What limits leave: bookings counted by local day, under locks that make the count the last word.

Nothing is stored. A day's use is counted from the bookings themselves, in the statement that reads what is busy;
whoever decides takes the locks of the limits first, in one order (docs/algorithms/limits.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from holdfast.catalog.limits import in_words
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.core import locking
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window
from holdfast.domain.limits import Allowance, Code, Rule, allowance
from holdfast.domain.question import Key

if TYPE_CHECKING:
    from holdfast.bookings.availability import Question

Taken = Mapping[UUID, Mapping[date, int]]

# [limit's number (negative: of a team), number of the local day, how many]. Where days begin is said by domain/hours.
# Expired holds and what was cancelled do not count. The lower bound on an allocation's start lets PostgreSQL read a
# slice of its index, as in busy.BUSY.
COUNTED = """
SELECT json_agg(json_build_array(found.number, found.day, found.used)) FROM (
    SELECT l.number, width_bucket(b.starts_at, %(days)s::timestamptz[]) AS day,
        sum(CASE WHEN l.people THEN b.party_size ELSE 1 END) AS used
    FROM unnest(%(limited_services)s::uuid[], %(people)s::bool[]) WITH ORDINALITY AS l(service_id, people, number)
    JOIN bookings_booking b ON b.service_id = l.service_id AND b.starts_at >= %(counted_from)s
        AND b.starts_at < %(counted_until)s AND b.state NOT IN ('cancelled', 'expired')
        AND (b.hold_expires_at IS NULL OR b.hold_expires_at > %(now)s) AND b.id IS DISTINCT FROM %(but_for)s
    GROUP BY 1, 2
    UNION ALL
    SELECT -t.number, width_bucket(b.starts_at, %(days)s::timestamptz[]), count(DISTINCT b.id)
    FROM unnest(%(limited_teams)s::uuid[]) WITH ORDINALITY AS t(team_id, number)
    JOIN catalog_resource r ON r.team_id = t.team_id
    JOIN bookings_allocation a ON a.resource_id = r.id AND a.active AND a.start_minute >= %(counted_lowest)s
        AND a.start_minute < %(last_minute)s AND (a.expires_at IS NULL OR a.expires_at > %(now)s)
    JOIN bookings_booking b ON b.id = a.booking_id AND b.starts_at >= %(counted_from)s
        AND b.starts_at < %(counted_until)s AND b.id IS DISTINCT FROM %(but_for)s
    GROUP BY 1, 2
) AS found
"""

OF_CUSTOMER = """
SELECT b.service_id, width_bucket(b.starts_at, %(days)s::timestamptz[]), count(*) FROM bookings_booking b
WHERE b.organization_id = %(organization)s AND b.starts_at >= %(counted_from)s AND b.starts_at < %(counted_until)s
    AND b.id IN (
        SELECT id FROM bookings_booking WHERE organization_id = %(organization)s AND lower(customer_email) = %(email)s
        UNION ALL
        SELECT id FROM bookings_booking
        WHERE organization_id = %(organization)s AND customer_phone = %(phone)s AND customer_phone <> ''
    )
    AND b.state NOT IN ('cancelled', 'expired') AND (b.hold_expires_at IS NULL OR b.hold_expires_at > %(now)s)
    AND b.id IS DISTINCT FROM %(but_for)s
GROUP BY 1, 2
"""


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
        return _CODES[self.limit.kind]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in one look: busy time, packed (busy.BUSY), and what limits count, by limit and date."""

    packed: bytes | None = None
    counted: Taken = field(default_factory=dict)


def planned(rows: Iterable[Mapping[str, Any]]) -> tuple[PlannedLimit, ...]:
    """The limits of the document that `catalog.queries.SERVICE_DOCUMENT` gives."""
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


def counting(question: "Question", window: Window) -> dict[str, Any]:
    """What COUNTED asks for, beside busy.BUSY's parameters: whole local days."""
    zone, limits = question.plan.time_zone, by_day(question)
    services = [limit for limit in limits if limit.kind == "service"]
    first, last = _days_of(zone, window)
    return {
        "limited_services": [limit.service for limit in services],
        "people": [limit.counts_people for limit in services],
        "limited_teams": [limit.team for limit in limits if limit.kind == "team"],
        **_moments(zone, first, last),
    }


def counted(question: "Question", window: Window, rows: Sequence[Sequence[Any]] | None) -> Taken:
    """What COUNTED found in the window's days, by limit."""
    first, _last = _days_of(question.plan.time_zone, window)
    services = [limit.id for limit in by_day(question) if limit.kind == "service"]
    teams = [limit.id for limit in by_day(question) if limit.kind == "team"]
    found: dict[UUID, dict[date, int]] = {}
    for number, day, used in rows or ():
        key = services[number - 1] if number > 0 else teams[-number - 1]
        found.setdefault(key, {})[first + timedelta(days=day - 1)] = int(used)
    return found


def counted_of_customer(
    question: "Question", window: Window, customer: Known, now: datetime, but_for: UUID | None
) -> Taken:
    """How often the customer is booked on each date that has a say in the window, by limit. One statement."""
    limits = [limit for limit in question.plan.limits if limit.kind == "customer"]
    if not limits:
        return {}
    zone = question.plan.time_zone
    days = _days_of(zone, window)
    reaches = [limit.rule.reach(day) for limit in limits for day in days]
    first, last = min(first for first, _last in reaches), max(last for _first, last in reaches)
    parameters = {
        "organization": question.plan.organization_id,
        "email": customer.email,
        "phone": customer.phone,
        "now": now,
        "but_for": but_for,
        **_moments(zone, first, last),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_CUSTOMER, parameters)
        rows = cursor.fetchall()
    found: dict[UUID, dict[date, int]] = {limit.id: {} for limit in limits}
    for limit in limits:
        for service, number, used in rows:
            if limit.service in (None, service):
                day = first + timedelta(days=number - 1)
                found[limit.id][day] = found[limit.id].get(day, 0) + used
    return found


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
            _CODES[limit.kind],
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


def exceeded_by(question: "Question", full: Allowance, start: int) -> Exceeded:
    """A limit that is reached on the day of a start."""
    limit = next(limit for limit in question.plan.limits if limit.id == full.key)
    day = full.at(start)
    return Exceeded(limit, hours.date_of(question.plan.time_zone, start), day.used if day else 0)


def lock(keys: Iterable[int]) -> None:
    """Until the transaction ends, nobody else decides about these limits. No keys, no statement."""
    locking.lock_limits(sorted(set(keys)))


_CODES: Mapping[str, Code] = {"customer": "customer_limit", "service": "service_day_limit", "team": "team_day_limit"}


def _days_of(zone: str, window: Window) -> tuple[date, date]:
    return hours.date_of(zone, window.origin), hours.date_of(zone, max(window.origin, window.end - 1))


def _moments(zone: str, first: date, last: date) -> dict[str, Any]:
    """Where the local days begin, and the end of the last."""
    starts = [hours.day_start(zone, first + timedelta(days=n)) for n in range((last - first).days + 2)]
    moments = [hours.from_minute("UTC", start) for start in starts]
    return {
        "days": moments[:-1],
        "counted_from": moments[0],
        "counted_until": moments[-1],
        "counted_lowest": starts[0] - LONGEST_OCCUPATION_MINUTES,
        "last_minute": starts[-1],
    }
