"""A resource's dates that differ from its week: a month to choose from, time off, and a week copied to others."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponseBase, QueryDict

from holdfast.bookings.availability.schedules import schedules_of
from holdfast.bookings.changed_hours import changes as hours_changes
from holdfast.bookings.changed_hours.changes import HoursChanged, fingerprint
from holdfast.catalog.changes import Change
from holdfast.catalog.models import HoursException, HoursKind, Resource
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk import resolutions, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.hours_forms import CopyWeekForm, DayForm, TimeOffForm
from holdfast.desk.hours_words import day_words, days_apart, weekday_names
from holdfast.desk.views.hours import at, read_date, read_kind, resource_seen
from holdfast.domain.hours import Schedule
from holdfast.domain.working_week import worked_on

# How many dates that differ are listed below the month.
MOST_LISTED = 400


@dataclass(frozen=True, slots=True)
class MonthDay:
    date: date
    words: str
    inside: bool
    differs: bool
    is_closed: bool
    works: bool


@desk_view(transaction=False)
def dates(desk: Desk, slug: str) -> HttpResponseBase:
    """`?month=YYYY-MM-DD` (any date of it), `?date=` the one to change; POST `do` says which form is sent."""
    sent = desk.request.POST
    with transaction_for(desk.organization.id):
        resource, kind = resource_seen(desk, slug), read_kind(desk.request)
        if desk.request.method != "POST":
            return _page(desk, resource, kind)
        if not desk.may_configure:
            return desk.page("desk/hours_refused.html", {}, section="hours", status=403)
        form = _sent_form(sent)
        if not form.is_valid():
            return _page(desk, resource, kind, status=422, **{_NAMES[type(form)]: form})
    try:
        goal = at("hours-dates", slug, kind=kind, month=_month_of(form))
        return resolutions.save(desk, _change(resource, kind, form), goal=goal, title=resource.name)
    except HoursChanged:
        with transaction_for(desk.organization.id):
            latest = {**sent.dict(), "seen": fingerprint(resource, kind)}
            return _page(desk, resource, kind, status=409, changed=True, day_form=DayForm(latest, ()))


_NAMES: dict[type[Any], str] = {DayForm: "day_form", TimeOffForm: "time_off", CopyWeekForm: "copy_form"}


def _sent_form(sent: QueryDict) -> Any:
    match sent.get("do"):
        case "time-off":
            return TimeOffForm(sent)
        case "copy":
            return CopyWeekForm(sent)
    return DayForm(sent, ())


def _month_of(form: Any) -> date | None:
    given = form.cleaned_data
    found: date | None = given.get("date") or given.get("first") or given.get("monday")
    return found


def _change(resource: Resource, kind: str, form: Any) -> Change:
    given = form.cleaned_data
    if isinstance(form, TimeOffForm):
        starts, ends = form.span()
        return partial(
            hours_changes.take_time_off, resources=[resource], starts=starts, ends=ends, reason=given["reason"]
        )
    if isinstance(form, CopyWeekForm):
        return partial(hours_changes.copy_week, resource=resource, monday=given["monday"], weeks=given["weeks"])
    return partial(
        hours_changes.set_day,
        resources=[resource],
        kind=kind,
        day=given["date"],
        ranges=form.day(),
        reason=given["reason"],
        seen=given["seen"] or None,
    )


def _page(desk: Desk, resource: Resource, kind: str, *, status: int = 200, **more: Any) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    present, asked = times.today(desk.organization), desk.request.GET
    chosen = read_date(asked.get("date"))
    month = (read_date(asked.get("month")) or chosen or present).replace(day=1)
    whole = schedules_of([resource.pk], clock.now().date())[resource.pk]
    schedule = (whole.on_call or Schedule(whole.zone)) if kind == HoursKind.ON_CALL else whole
    rows = HoursException.objects.filter(resource=resource, kind=kind, date__gte=min(month, present))
    context: dict[str, Any] = {
        "resource": resource,
        "kind": kind,
        "kinds": [
            (value, label, at("hours-dates", resource.slug, kind=value, month=asked.get("month")))
            for value, label in HoursKind.choices
        ],
        "month": month,
        "month_before": (month - timedelta(days=1)).replace(day=1),
        "month_after": (month + timedelta(days=31)).replace(day=1),
        "weeks": _weeks(schedule, month),
        "names": weekday_names(),
        "chosen": chosen,
        "present": present,
        "apart": days_apart(list(rows.order_by("date", "starts")[:MOST_LISTED])),
        "time_off": TimeOffForm(),
        "copy_form": CopyWeekForm(),
        "section_tab": "dates",
        **more,
    }
    if chosen and "day_form" not in context:
        context["day_form"] = _day_form(resource, kind, schedule, chosen)
    return desk.page("desk/hours_dates.html", context, section="hours", status=status)


def _day_form(resource: Resource, kind: str, schedule: Schedule, day: date) -> DayForm:
    """The form of one date as it is now."""
    ranges = worked_on(schedule, day)
    works = "week" if day not in schedule.exceptions else ("times" if ranges else "off")
    row = HoursException.objects.filter(resource=resource, kind=kind, date=day).first()
    seen = fingerprint(resource, kind)
    return DayForm(None, ranges, date=day, works=works, reason=row.reason if row else "", seen=seen)


def _weeks(schedule: Schedule, month: date) -> list[list[MonthDay]]:
    """The weeks of a month, Monday first, whole."""
    first = month - timedelta(days=month.weekday())
    following = (month + timedelta(days=31)).replace(day=1)
    found = []
    while first < following:
        week = [first + timedelta(days=number) for number in range(7)]
        found.append([_month_day(schedule, day, inside=day.month == month.month) for day in week])
        first += timedelta(days=7)
    return found


def _month_day(schedule: Schedule, day: date, *, inside: bool) -> MonthDay:
    ranges = worked_on(schedule, day)
    return MonthDay(
        date=day,
        words=day_words(ranges),
        inside=inside,
        differs=day in schedule.exceptions,
        is_closed=day in schedule.closed_dates,
        works=bool(ranges),
    )
