"""Whole answers, given again as long as nothing that they depend on has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.core import clock
from holdfast.live.calendars import Calendars
from holdfast.live.kept import Kept

MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer without its moment (`free_times.dated`), and what it was made from."""

    plan: ServicePlan
    minute: int
    until: datetime
    revisions: tuple[tuple[UUID, int], ...]
    etag: str
    lasting: bytes

    def holds(self, calendars: Calendars, now: datetime) -> bool:
        """Whether asking anew would give the same."""
        return (
            self.plan.version == calendars.version
            and self.minute == clock.to_minute(now)
            and now < self.until
            and all(calendars.revision(resource) == revision for resource, revision in self.revisions)
        )


class Answers:
    """The answers given last, by organization and question as it was asked."""

    def __init__(self) -> None:
        self._kept: Kept[tuple[UUID, str], Answer] = Kept(MOST_BYTES)

    def find(self, organization_id: UUID, question: str, calendars: Calendars, now: datetime) -> Answer | None:
        answer = self._kept.get((organization_id, question))
        return answer if answer is not None and answer.holds(calendars, now) else None

    def put(self, organization_id: UUID, question: str, answer: Answer) -> None:
        size = len(answer.lasting) + 100 * len(answer.revisions) + len(question)
        self._kept.put((organization_id, question), answer, size)


def revisions(resources: Sequence[PlannedResource], calendars: Calendars) -> tuple[tuple[UUID, int], ...]:
    return tuple((resource.id, calendars.revision(resource.id)) for resource in resources)
