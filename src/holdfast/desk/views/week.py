"""A resource's week: several ranges a day, and the dates on which it holds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponseBase, QueryDict

from holdfast.bookings.availability.schedules import schedules_of
from holdfast.bookings.changed_hours import changes as hours_changes
from holdfast.bookings.changed_hours.changes import HoursChanged, fingerprint
from holdfast.catalog.changes import weekly_rows
from holdfast.catalog.models import HoursKind, Resource
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk import resolutions, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.hours_forms import WeekForm
from holdfast.desk.hours_words import clock_changes, day_words, weekday_names
from holdfast.desk.views.hours import at, read_date, read_kind, resource_seen
from holdfast.domain.working_week import Period, periods


@desk_view(transaction=False)
def week(desk: Desk, slug: str) -> HttpResponseBase:
    """`?kind=on_call`, `?on=YYYY-MM-DD`: the week that holds on that date. POST saves, or copies a day (`copy`)."""
    sent = desk.request.POST
    with transaction_for(desk.organization.id):
        resource, kind = resource_seen(desk, slug), read_kind(desk.request)
        if desk.request.method != "POST":
            return _page(desk, resource, kind)
        if not desk.may_configure:
            return desk.page("desk/hours_refused.html", {}, section="hours", status=403)
        if "copy" in sent:
            return _page(desk, resource, kind, sent=_copied(sent), bound=False)
        form = WeekForm(sent, ())
        if not form.is_valid():
            return _page(desk, resource, kind, form=form, status=422)
    change = partial(
        hours_changes.set_week,
        resource=resource,
        kind=kind,
        week=form.week(),
        first=form.cleaned_data["first"],
        last=form.cleaned_data["last"],
        seen=form.cleaned_data["seen"],
    )
    try:
        goal = at("hours-week", slug, kind=kind, on=form.cleaned_data["first"])
        return resolutions.save(desk, change, goal=goal, title=resource.name)
    except HoursChanged:
        with transaction_for(desk.organization.id):
            latest = {**sent.dict(), "seen": fingerprint(resource, kind)}
            return _page(desk, resource, kind, form=WeekForm(latest, ()), status=409, changed=True)


def _page(
    desk: Desk,
    resource: Resource,
    kind: str,
    *,
    form: WeekForm | None = None,
    sent: Mapping[str, Any] | None = None,
    bound: bool = True,
    status: int = 200,
    changed: bool = False,
) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    present = times.today(desk.organization)
    found = periods(weekly_rows(resource.pk, kind))
    on = read_date(desk.request.GET.get("on")) or present
    shown = next(each for each in found if (not each.first or each.first <= on) and (not each.last or on <= each.last))
    if form is None:
        initial = {"seen": fingerprint(resource, kind), "first": shown.first, "last": shown.last}
        form = WeekForm(sent, shown.week, **initial)
    schedule = schedules_of([resource.pk], clock.now().date())[resource.pk]
    own = schedule.on_call if kind == HoursKind.ON_CALL else schedule
    context = {
        "resource": resource,
        "kind": kind,
        "kinds": [(value, label, at("hours-week", resource.slug, kind=value)) for value, label in HoursKind.choices],
        "form": form,
        "table": form.table(),
        "shown": shown,
        "periods": [(each, at("hours-week", resource.slug, kind=kind, on=each.first or each.last)) for each in found],
        "lines": _lines(shown),
        "notes": list(clock_changes(own, present)) if own else [],
        "weekdays": list(enumerate(weekday_names())),
        "is_copy": not bound,
        "changed": changed,
        "section_tab": "week",
    }
    return desk.page("desk/hours_week.html", context, section="hours", status=status)


def _lines(period: Period) -> list[tuple[str, str]]:
    """The week in words, for those who may only look and for what it was before somebody changed it."""
    days: dict[int, list[tuple[int, int]]] = {}
    for each in period.week:
        days.setdefault(each.weekday, []).append((each.starts, each.ends))
    return [(name, day_words(days.get(number, ()))) for number, name in enumerate(weekday_names())]


def _copied(sent: QueryDict) -> dict[str, Any]:
    """The form as it was sent, one day's ranges in place of others'; nothing is saved."""
    source, targets = sent.get("copy-from", ""), sent.getlist("copy-to")
    kept = {name: value for name, value in sent.dict().items() if name.split("-")[0] not in targets}
    kept |= {
        f"{target}-{name.partition('-')[2]}": value
        for target in targets
        for name, value in sent.dict().items()
        if name.startswith(f"{source}-")
    }
    return kept
