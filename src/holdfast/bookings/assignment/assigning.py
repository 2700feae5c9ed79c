"""Who serves: the facts that a service's policy goes by, and what a booking remembers of the choice.

The policies are `domain/assignment.py`. Facts are read only for a policy that needs them, and, where bookings made at
the same moment would choose by the same facts, by one after the other (`locking.lock_turns`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from holdfast.bookings import queries
from holdfast.bookings.assignment import turns
from holdfast.bookings.availability.question import Question
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.models import Booking
from holdfast.core import clock, locking
from holdfast.domain import assignment, hours, slots
from holdfast.domain.assignment import Facts, Ordering, Policy


@dataclass(frozen=True, slots=True)
class Chooser:
    """For whom places are sought. `moving`: the booking or hold being moved; `email` and `phone` "" when unknown."""

    booking_id: UUID
    email: str = ""
    phone: str = ""
    moving: Booking | None = None
    # Whether a moved booking stays with the resources it has, where they are free.
    stays: bool = True

    def known(self) -> Known | None:
        """Whose limits are asked; None while nobody is known."""
        return Known.of(self.email, self.phone) if self.email else None


def ordering(question: Question, start: int, chooser: Chooser) -> Ordering:
    """The policy and its facts for a start, inside the tenant's transaction and before it reads what is busy.

    A plain booking of a service that goes by rank reads nothing.
    """
    policy = Policy(question.plan.service["assign_by"])
    _lock(policy, question, start, chooser)
    resources = [each.id for each in question.resources]
    weights = {each.id: each.weight for each in question.resources} if policy is Policy.ROUND_ROBIN else {}
    return Ordering(
        policy,
        chooser.booking_id,
        Facts(
            weights=weights,
            owed=turns.standing(question.plan.service_id).owed if weights else {},
            minutes=_load(question, start, chooser) if policy is Policy.LEAST_BUSY else {},
            served=queries.last_served(resources, chooser.email, chooser.booking_id)
            if policy is Policy.LAST_SEEN and chooser.email
            else {},
            kept=_kept(question, chooser),
        ),
    )


def entries(
    question: Question, request: slots.Request, by: Ordering, decided: slots.Placed, chooser: Chooser | None
) -> list[dict[str, Any]]:
    """What the booking remembers: which resource fills which requirement and why, as plain JSON."""
    before = {entry["resource"]: entry for entry in (chooser.moving.assigned if chooser and chooser.moving else ())}
    needs = {need.key: need for need in request.needs}
    named = {each.id: each for each in question.resources}
    found: list[dict[str, Any]] = []
    for number, made in enumerate(decided.assignments):
        if question.extra_held_as(made.resource_key):
            continue  # what is taken besides serves nobody
        key = str(made.resource_key)
        entry: dict[str, Any] = {"requirement": str(made.need_key), "resource": key}
        reason = assignment.because(by, needs[made.need_key], made, decided.assignments[:number])
        if reason.code == "kept" and key in before:
            entry |= {**before[key], "requirement": str(made.need_key), "kept": True}
        elif reason.code != "kept" and named[_uuid(made.resource_key)].slug == question.wish.resource:
            entry |= {"code": "chosen", "by": "staff" if question.wish.by_staff else "customer"}
        else:
            entry |= {"code": reason.code, **_plain(reason.facts)}
        found.append(entry)
    return found


def lock_all(question: Question, starts: Iterable[int], moving: Iterable[Booking] = ()) -> None:
    """For several bookings in one transaction: everything their choices would lock one by one, at once, in order."""
    policy, plan = Policy(question.plan.service["assign_by"]), question.plan
    names: set[tuple[Any, ...]] = set()
    if policy is Policy.ROUND_ROBIN:
        names = {("rotation", plan.service_id)}
    if policy is Policy.LEAST_BUSY:
        names = {("load", plan.organization_id, hours.date_of(plan.time_zone, start)) for start in starts}
    names |= {("rotation", each.service_id) for each in moving if turns.turns_of(each.assigned)}
    if names:
        locking.keep_catalog()
        locking.lock_turns(names)


def _lock(policy: Policy, question: Question, start: int, chooser: Chooser) -> None:
    names: set[tuple[Any, ...]] = set()
    if policy is Policy.ROUND_ROBIN:
        names.add(("rotation", question.plan.service_id))
    if policy is Policy.LEAST_BUSY:
        day = hours.date_of(question.plan.time_zone, start)
        names.add(("load", question.plan.organization_id, day))
    if chooser.moving and turns.turns_of(chooser.moving.assigned):
        names.add(("rotation", chooser.moving.service_id))
    if names:
        locking.keep_catalog()
        locking.lock_turns(names)


def _kept(question: Question, chooser: Chooser) -> frozenset[UUID]:
    moving = chooser.moving
    if moving is None or not chooser.stays or moving.service_id != question.plan.service_id:
        return frozenset()
    return frozenset(UUID(each["id"]) for each in queries.serving(moving.id))


def day_and_week(question: Question, start: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The local day of a start and its week from Monday, as [first, end) minutes of UTC."""
    zone = question.plan.time_zone
    day = hours.date_of(zone, start)
    monday = day - timedelta(days=day.weekday())

    def midnight(date: date) -> int:
        return hours.day_start(zone, date)

    return (
        (midnight(day), midnight(day + timedelta(days=1))),
        (midnight(monday), midnight(monday + timedelta(days=7))),
    )


def _load(question: Question, start: int, chooser: Chooser) -> Mapping[UUID, tuple[int, int]]:
    day, week = day_and_week(question, start)
    return queries.occupied_minutes(
        [each.id for each in question.resources],
        day=day,
        week=week,
        now=clock.now(),
        but_for=chooser.booking_id,
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON has them: keys of resources as text."""
    return {
        name: {str(key): each for key, each in value.items()} if isinstance(value, Mapping) else value
        for name, value in facts.items()
    }


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key
