"""Closures of the whole business, and public holidays with a switch for each day."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.catalog import changes, public_holidays
from holdfast.catalog.changes import Change
from holdfast.catalog.models import Closure, Organization, WorkedHoliday
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk import resolutions, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.hours_forms import ClosureForm, HolidaysForm
from holdfast.desk.views.hours import read_date
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Holiday:
    date: date
    name: str
    is_worked: bool


@desk_view(transaction=False)
def closures(desk: Desk) -> HttpResponseBase:
    """POST `do`: add or remove a closure, work or rest on a holiday, observe holidays or not."""
    if desk.request.method != "POST":
        with transaction_for(desk.organization.id):
            return _page(desk)
    with transaction_for(desk.organization.id):
        if not desk.may_configure:
            return desk.page("desk/hours_refused.html", {}, section="closures", status=403)
        found = _change(desk)
        if isinstance(found, ClosureForm):
            return _page(desk, form=found, status=422)
    change, title = found
    return resolutions.save(desk, change, goal=reverse("desk:closures"), title=title)


def _change(desk: Desk) -> "tuple[Change, str] | ClosureForm":
    """What is asked for, with its title; the form when it has errors. Raises NotFound for what is not a change."""
    sent, organization = desk.request.POST, desk.organization
    match sent.get("do"):
        case "add":
            form = ClosureForm(sent)
            if not form.is_valid():
                return form
            return partial(changes.add_closure, organization=organization, **form.cleaned_data), _("Close the business")
        case "remove":
            return partial(changes.remove_closure, closure_id=_key(sent.get("closure", ""))), _("Remove the closure")
        case "work" | "rest":
            day = read_date(sent.get("date"))
            if day is None:
                raise NotFound
            works = sent["do"] == "work"
            return partial(changes.work_on_holiday, organization=organization, day=day, works=works), formats.day(day)
        case "holidays":
            holidays = HolidaysForm(sent, organization)
            if not holidays.is_valid():
                raise NotFound
            given = holidays.cleaned_data
            change = partial(
                changes.observe_holidays,
                organization=organization, observes=given["observes"], region=given.get("region", ""),
            )  # fmt: skip
            return change, _("Public holidays")
    raise NotFound


def _page(desk: Desk, *, form: ClosureForm | None = None, status: int = 200) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    present, organization = times.today(desk.organization), desk.organization
    holidays = _holidays(organization, present)
    context: dict[str, Any] = {
        "form": form or ClosureForm(),
        "to_come": list(Closure.objects.filter(ends_on__gte=present)),
        "past": list(Closure.objects.filter(ends_on__lt=present).order_by("-starts_on")[:10]),
        "years": [(year, [each for each in holidays if each.date.year == year]) for year in _years(present)],
        "holidays_form": HolidaysForm(None, organization),
        "present": present,
    }
    return desk.page("desk/closures.html", context, section="closures", status=status)


def _holidays(organization: Organization, present: date) -> list[Holiday]:
    worked = set(WorkedHoliday.objects.values_list("date", flat=True))
    named = public_holidays.public_holidays(
        organization.country, organization.holiday_region, _years(present), (get_language() or "en").split("-")[0]
    )
    return [Holiday(day, name, day in worked) for day, name in named.items() if day >= present]


def _years(present: date) -> range:
    return range(present.year, present.year + 2)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
