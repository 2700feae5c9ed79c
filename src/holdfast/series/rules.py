"""What becomes of a series' rule when its dates are changed: it is ended, or split in two (RFC 5545, 3.8.4.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from holdfast.bookings import steps
from holdfast.bookings.models import Series
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.rows import insert
from holdfast.domain.recurrence import RuleError, ended, occurrences, parse, shifted, wall_time
from holdfast.series.affected import Affected
from holdfast.series.errors import SeriesCannotMoveSo
from holdfast.series.moving import Shift


@dataclass(frozen=True, slots=True)
class Split:
    """Where the series is cut: dates from `since` on are those of the new rule, `first` its first date."""

    since: date
    first: date
    rule: str


def walls_of(series: Series) -> tuple[datetime, ...]:
    """The wall times that the series' rule gives."""
    return occurrences(parse(series.rule), wall_time(series.first_date, series.start_minute), series.time_zone)


def end_before(series: Series, day: date) -> None:
    """The rule ends before a date; one that would have no date left stays as it was, for the record."""
    earlier = [wall for wall in walls_of(series) if wall.date() < day]
    if earlier:
        series.rule = str(ended(parse(series.rule), earlier[-1]))
        Series.objects.filter(id=series.id).update(rule=series.rule)


def check_shift(series: Series, days: int) -> None:
    """Raises SeriesCannotMoveSo where no rule names the dates so many days later."""
    try:
        shifted(parse(series.rule), days)
    except RuleError:
        raise SeriesCannotMoveSo from None


def split(found: Affected, shift: Shift) -> Split:
    """The new rule for the dates from the first that moves. Raises SeriesCannotMoveSo."""
    check_shift(found.series, shift.days)
    since = min(booking.series_date for booking in found.bookings if booking.series_date)
    last = walls_of(found.series)[-1].date() + timedelta(days=shift.days)
    rule = ended(shifted(parse(found.series.rule), shift.days), wall_time(last, shift.minute))
    return Split(since, since + timedelta(days=shift.days), str(rule))


def hand_over_the_rest(found: Affected, cut: Split, shift: Shift, series: Series, actor: Actor) -> None:
    """The exceptions from the cut on, cancelled ones too, become the new rule's: their date there, their own time."""
    moved = [booking.id for booking in found.bookings]
    for booking in [*(kept.booking for kept in found.kept), *found.gone]:
        if booking.id not in moved and booking.series_date and booking.series_date >= cut.since:
            date_there = booking.series_date + timedelta(days=shift.days)
            steps.change(booking, series_id=series.id, series_date=date_there)
            steps.announce(booking, "booking.series_changed", actor=actor)


def series_for(old: Series, cut: Split, shift: Shift) -> Series:
    """Write the new rule: in place where every date has it, else as a series of its own that continues the old one."""
    if all(wall.date() >= cut.since for wall in walls_of(old)):
        old.rule, old.first_date, old.start_minute = cut.rule, cut.first, shift.minute
        Series.objects.filter(id=old.id).update(rule=cut.rule, first_date=cut.first, start_minute=shift.minute)
        return old
    end_before(old, cut.since)
    new = Series(
        organization_id=old.organization_id,
        service_id=old.service_id,
        rule=cut.rule,
        time_zone=old.time_zone,
        first_date=cut.first,
        start_minute=shift.minute,
        continues=old,
        created_at=clock.now(),
    )
    insert(new)
    return new
