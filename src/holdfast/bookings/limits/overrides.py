"""Going beyond a limit: by staff, with a reason, written down (docs/algorithms/limits.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from holdfast.bookings import steps
from holdfast.bookings.limits.allowances import Exceeded
from holdfast.bookings.models import Booking, LimitOverride
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Language
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.rows import insert


@dataclass(frozen=True, slots=True)
class Override:
    """Staff's decision to break a limit. Raises ValidationError without a reason."""

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValidationError(errors=[{"field": "override.reason", "message": _("may not be empty")}])


def record(booking: Booking, exceeded: Iterable[Exceeded], override: Override | None, actor: Actor) -> None:
    """For each limit that a booking went beyond, a row for the report and an event for the log. In its transaction."""
    for each in exceeded:
        assert override is not None  # noqa: S101 - nothing is placed beyond a limit without one
        row = LimitOverride(
            organization_id=booking.organization_id,
            booking_id=booking.id,
            limit_id=each.limit.id,
            code=each.code,
            words=_in_every_language(each),
            day=each.day,
            most=each.most,
            used=each.used,
            actor_name=actor.name,
            reason=override.reason.strip(),
            at=clock.now(),
        )
        insert(row)
        steps.announce(
            booking,
            "limit.overridden",
            actor=actor,
            reason=row.reason,
            limit=str(row.limit_id),
            code=row.code,
            words=row.words,
            day=row.day.isoformat(),
            most=row.most,
            used=row.used,
        )


def of_booking(booking: Booking) -> list[LimitOverride]:
    """Newest first."""
    return list(LimitOverride.objects.filter(booking_id=booking.id))


def report(*, first: date | None = None, last: date | None = None, code: str = "") -> QuerySet[LimitOverride]:
    """The overrides of bookings that start on these local days (both included), newest first."""
    found = LimitOverride.objects.select_related("booking__service")
    if first is not None:
        found = found.filter(day__gte=first)
    if last is not None:
        found = found.filter(day__lte=last)
    return found.filter(code=code) if code else found


def _in_every_language(exceeded: Exceeded) -> dict[str, str]:
    said = {}
    for language in Language.values:
        with translation.override(language):
            said[language] = exceeded.limit.words
    return said
