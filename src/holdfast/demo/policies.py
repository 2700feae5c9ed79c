"""Who serves, in history that is made up: the services' own policies, with facts from memory, not the database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from holdfast.bookings.assignment import assigning
from holdfast.bookings.availability.question import Question
from holdfast.domain import assignment, hours, slots
from holdfast.domain.assignment import Facts, Ordering, Policy
from holdfast.domain.calendar_bits import Window, reslice
from holdfast.domain.hours import DAY

Busy = Mapping[tuple[UUID, int], int]


class Rotations:
    """What each service's rotation owes, while history is being made."""

    def __init__(self) -> None:
        self._owed: dict[UUID, Mapping[Any, int]] = {}

    def ordering(self, question: Question, start: int, lot: int, busy: Busy, whole: Window) -> Ordering:
        policy = Policy(question.plan.service["assign_by"])
        if policy is Policy.ROUND_ROBIN:
            weights = {each.id: each.weight for each in question.resources}
            return Ordering(policy, lot, Facts(weights=weights, owed=self._owed.get(question.plan.service_id, {})))
        if policy is Policy.LEAST_BUSY:
            return Ordering(policy, lot, Facts(minutes=_minutes(question, start, busy, whole)))
        return Ordering(policy, lot)

    def after(
        self, question: Question, request: slots.Request, by: Ordering, decided: slots.Placed
    ) -> list[dict[str, Any]]:
        """What the booking remembers; a turn of made-up history is none to be given back."""
        if by.policy is Policy.ROUND_ROBIN:
            self._owed[question.plan.service_id] = assignment.owed_after(by, decided.assignments)
        entries = assigning.entries(question, request, by, decided, None)
        return [{name: value for name, value in entry.items() if name != "shares"} for entry in entries]


def _minutes(question: Question, start: int, busy: Busy, whole: Window) -> dict[UUID, tuple[int, int]]:
    """Of the local day alone: a week of history tells nobody more."""
    zone = question.plan.time_zone
    day = Window(hours.day_start(zone, hours.date_of(zone, start)), DAY)
    return {
        each.id: (
            sum(reslice(busy.get((each.id, lane), 0), whole, day).bit_count() for lane in range(each.lanes)),
            0,
        )
        for each in question.resources
    }
