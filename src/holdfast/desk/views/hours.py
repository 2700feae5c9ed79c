"""The team's hours: a week of everybody, and one change for several at once."""

from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.accounts.models import Role
from holdfast.bookings.changed_hours import changes as hours_changes
from holdfast.catalog.changes import Change, resources_named
from holdfast.catalog.models import HoursKind, Resource
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk import resolutions, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.hours_forms import AddHoursForm, CopyHoursForm, DayForm, TimeOffForm
from holdfast.desk.hours_words import weekday_names
from holdfast.desk.rota import rota
from holdfast.desk.views.today import read_day

MOST_RESOURCES = 200


@desk_view()
def hours(desk: Desk) -> HttpResponseBase:
    """`?week=YYYY-MM-DD`: the week with that date; this one without it."""
    present = times.today(desk.organization)
    day = read_day(desk.request.GET.get("week"), present)
    monday = day - timedelta(days=day.weekday())
    rows = rota(seen_by(desk), monday)
    context = {
        "rows": rows,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "dates": list(zip(weekday_names(), (monday + timedelta(days=number) for number in range(7)), strict=True)),
        "present": present,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_member": desk.membership.role == Role.MEMBER,
    }
    return desk.page("desk/hours.html", context, section="hours")


@desk_view(may="configure", transaction=False)
def together(desk: Desk) -> HttpResponseBase:
    """`?r=<slug>&r=…`: what is to change for all of them; POST `do` says which of the forms is sent."""
    slugs = desk.request.POST.getlist("r") or desk.request.GET.getlist("r")
    sent = desk.request.POST if desk.request.method == "POST" else None
    with transaction_for(desk.organization.id):
        if not slugs:
            return desk.page("desk/hours_none.html", {}, section="hours")
        resources = resources_named(slugs)
        forms_by_name = _forms(desk, sent)
        form = forms_by_name.get(sent.get("do", "")) if sent is not None else None
        if form is None or not form.is_valid():
            return _together_page(desk, resources, forms_by_name, status=422 if sent is not None else 200)
        change = _change(desk, resources, form)
    names = ", ".join(each.name for each in resources)
    return resolutions.save(desk, change, goal=reverse("desk:hours"), title=names)


def seen_by(desk: Desk) -> list[Resource]:
    """Resources in use whose hours this person may look at: members see their own."""
    found = Resource.objects.filter(is_active=True).order_by("kind", "rank", "name")
    if desk.membership.role == Role.MEMBER:
        found = found.filter(user=desk.user)
    return list(found[:MOST_RESOURCES])


def resource_seen(desk: Desk, slug: str) -> Resource:
    """Raises NotFound."""
    found = next((each for each in seen_by(desk) if each.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def read_kind(request: HttpRequest) -> str:
    """Regular hours, or the on-call ones."""
    wanted = request.POST.get("kind") or request.GET.get("kind")
    return HoursKind.ON_CALL if wanted == HoursKind.ON_CALL else HoursKind.REGULAR


def read_date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 < found.year < 2200 else None


def at(name: str, slug: str, **query: object) -> str:
    """An address of one resource's hours."""
    asked = {key: value for key, value in query.items() if value not in (None, "", HoursKind.REGULAR)}
    return reverse(f"desk:{name}", args=[slug]) + (f"?{urlencode(asked)}" if asked else "")


def _forms(desk: Desk, sent: object) -> dict[str, forms.Form]:
    """All forms of the page; only the one that was sent is bound."""
    do = desk.request.POST.get("do", "")

    def of(name: str) -> object:
        return sent if do == name else None

    return {
        "time-off": TimeOffForm(of("time-off")),  # type: ignore[arg-type]
        "day": DayForm(of("day"), (), works="off"),  # type: ignore[arg-type]
        "add": AddHoursForm(of("add")),  # type: ignore[arg-type]
        "copy": CopyHoursForm(of("copy"), seen_by(desk)),  # type: ignore[arg-type]
    }


def _change(desk: Desk, resources: list[Resource], form: forms.Form) -> Change:
    kind, given = read_kind(desk.request), form.cleaned_data
    if isinstance(form, TimeOffForm):
        starts, ends = form.span()
        return partial(
            hours_changes.take_time_off, resources=resources, starts=starts, ends=ends, reason=given["reason"]
        )
    if isinstance(form, DayForm):
        return partial(
            hours_changes.set_day,
            resources=resources, kind=kind, day=given["date"], ranges=form.day(), reason=given["reason"],
        )  # fmt: skip
    if isinstance(form, AddHoursForm):
        return partial(
            hours_changes.add_to_week,
            resources=resources, kind=kind, more=form.week(), first=given["first"], last=given["last"],
        )  # fmt: skip
    source = resource_seen(desk, given["source"])
    others = [each for each in resources if each != source]
    return partial(hours_changes.copy_hours, source=source, resources=others or resources, kind=kind)


def _together_page(
    desk: Desk, resources: list[Resource], forms_by_name: dict[str, forms.Form], *, status: int
) -> HttpResponseBase:
    context = {
        "resources": resources,
        "time_off": forms_by_name["time-off"],
        "day": forms_by_name["day"],
        "add": forms_by_name["add"],
        "copy": forms_by_name["copy"],
        "opened": desk.request.POST.get("do", ""),
        "title": _("Change hours together"),
    }
    return desk.page("desk/hours_together.html", context, section="hours", status=status)
