"""What a question needs of each resource, made from the calendars once and again only when one of them changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.bookings.availability import engine
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question
from holdfast.domain.calendar_bits import Window
from holdfast.domain.serving import ability
from holdfast.domain.slots import Candidate, Rules
from holdfast.live.calendars import NEVER, Calendars


@dataclass(frozen=True, slots=True)
class Remembered:
    """A resource as the engine sees it; as long as it keeps its revision, and until a hold ends."""

    revision: int
    until: datetime
    candidate: Candidate
    lanes: tuple[int, ...]


class Prepared:
    """The resources of one service's questions in one window."""

    def __init__(self, plan: ServicePlan, window: Window, rules: Rules) -> None:
        self._plan, self._window = plan, window
        self._able = ability(window, rules)
        self._open: dict[int, int] = {}
        self._found: dict[UUID, Remembered] = {}

    def candidates(self, question: Question, calendars: Calendars, now: datetime) -> list[Candidate]:
        """One for each of the question's resources, as the calendars are now."""
        return [
            self._remembered(resource, calendars, now, question.own.get(resource.id)).candidate
            for resource in question.occupied
        ]

    def able(self, candidate: Candidate) -> tuple[int, ...]:
        """For `slots.offered`: where a candidate that was given out could serve."""
        key = candidate.key
        assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
        return self._found[key].lanes

    def until(self, resources: Sequence[PlannedResource]) -> datetime:
        """When the first of the holds ends that these were made with."""
        return min((self._found[resource.id].until for resource in resources), default=NEVER)

    def _remembered(
        self, resource: PlannedResource, calendars: Calendars, now: datetime, own: Rules | None
    ) -> Remembered:
        """With the buffers of its own rules; notice and horizon move with the clock, and the request has them."""
        found, revision = self._found.get(resource.id), calendars.revision(resource.id)
        if found is None or found.revision != revision or found.until <= now:
            busy, until = calendars.busy(resource.id, resource.lanes, self._window, now)
            candidate = engine.candidate(resource, self._hours(resource.schedule), busy, own)
            found = self._found[resource.id] = Remembered(revision, until, candidate, self._able(candidate))
        return found

    def _hours(self, schedule: int) -> int:
        if schedule not in self._open:
            self._open[schedule] = self._plan.open(schedule, self._window)
        return self._open[schedule]
