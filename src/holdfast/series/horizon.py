"""How far ahead the dates of a series may lie."""

from holdfast.bookings.availability.question import Question
from holdfast.core import clock
from holdfast.domain.hours import DAY

NO_LIMIT = 2**31 - 1


def furthest(question: Question) -> int:
    """The last minute at which a date may start: for staff any, for customers as far as the service says."""
    if question.wish.by_staff:
        return NO_LIMIT
    return clock.to_minute(clock.now()) + 1 + int(question.plan.service["series_horizon_days"]) * DAY
