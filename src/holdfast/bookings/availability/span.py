"""The local dates that an answer is for, and what the engine must see to answer for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question
from holdfast.core.errors import ValidationError
from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import DAY

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Span:
    """The local dates an availability answer is for, in the zone it is shown in."""

    first: date
    days: int
    zone: str

    def minutes(self) -> tuple[int, int]:
        """[start, end) in minutes of UTC."""
        return (
            hours.day_start(self.zone, self.first),
            hours.day_start(self.zone, self.first + timedelta(days=self.days)),
        )


def span_of(plan: ServicePlan, *, first: date | None, days: int, zone: str | None, now: datetime) -> Span:
    """Check and complete the dates asked for. Raises ValidationError."""
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(errors=[{"field": "days", "message": _("1 to %(most)d") % {"most": MOST_DAYS}}])
    zone = zone or plan.time_zone
    try:
        today = now.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        raise ValidationError(
            errors=[{"field": "time_zone", "message": _("not an IANA time zone, such as Europe/Paris")}]
        ) from None
    first = first or today
    if not date(2000, 1, 1) <= first <= date(2100, 1, 1):
        raise ValidationError(errors=[{"field": "from", "message": _("not a date that can be booked")}])
    return Span(first, days, zone)


def window_of(question: Question, span: Span) -> Window:
    """What the engine must see to judge every start in the span; empty when no start there could be allowed."""
    start, end = span.minutes()
    # Cut at whole days, so that the grid of one minute ago can be used again (domain.hours keeps the last ones).
    earliest, latest = question.reach
    start, end = max(start, earliest // DAY * DAY), min(end, (latest // DAY + 1) * DAY)
    return question.window(start, max(start, end))
